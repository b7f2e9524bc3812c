"""How dangerous a body is, from its text alone. Fails closed: what is not understood, or not known to read, is no
``read``; the author's word is not needed for it.
"""

from functools import lru_cache

from oncall_tui.runbook.classify.http import judge_http
from oncall_tui.runbook.classify.sql import judge_sql
from oncall_tui.runbook.classify.verdict import READ, change, worst
from oncall_tui.runbook.classify.walk import SimpleCommand, Walk
from oncall_tui.runbook.danger import Danger, Judgement
from oncall_tui.runbook.execution import Kind

__all__ = ["SimpleCommand", "judge", "only_lists_reading", "simple_commands"]


def judge(kind: Kind, body: str, carried: frozenset[str] = frozenset()) -> Judgement:
    """How dangerous a body is, and why. Never raises, and opens nothing.

    Args:
        carried: names of variables that earlier steps of the run left behind: of these nothing is known, while other
            unknown ones are parameters, held to their patterns.
    """
    if not body.strip():
        return change("there is nothing to judge")
    match kind:
        case Kind.PROMQL:
            return READ
        case Kind.SQL:
            return judge_sql(body)
        case Kind.HTTP:
            return judge_http(body)
        case Kind.SHELL:
            return _walked(body, carried)[0]


def simple_commands(body: str, carried: frozenset[str] = frozenset()) -> tuple[SimpleCommand, ...]:
    """Every simple command of a shell body with its judgement, those in substitutions and nested shells too.

    Empty where the body does not parse: nothing of it is on a list then.
    """
    return _walked(body, carried)[1]


def only_lists_reading(body: str, carried: frozenset[str] = frozenset()) -> bool:
    """Whether every simple command of a shell body is on the lists of what reads: the floor of imported runbooks."""
    judged, commands = _walked(body, carried)
    is_listed = all(command.judgement.danger is Danger.READ for command in commands)
    return bool(commands) and is_listed and judged.danger is Danger.READ


@lru_cache(maxsize=1_024)
def _walked(body: str, carried: frozenset[str]) -> tuple[Judgement, tuple[SimpleCommand, ...]]:
    """The same bodies are judged again whenever a file is looked at again."""
    from oncall_tui.runbook.classify.tools import rules

    walk = Walk(rules(), carried)
    try:
        judged = walk.walked(body)
    except RecursionError:
        judged = worst([change("nested too deeply to be judged")])
    return judged, tuple(walk.commands)
