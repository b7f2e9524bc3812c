"""What a fence of an imported file holds: its tag is a hint, its content decides."""

import json
import re
from dataclasses import dataclass

from oncall_tui.runbook.importing.placeholders import neutral
from oncall_tui.runbook.importing.prompts import has_prompts, is_foreign_session, pieces_of
from oncall_tui.runbook.importing.queries import parses
from oncall_tui.runbook.model import StepKind
from oncall_tui.runbook.shell.split import cut
from oncall_tui.runbook.shell.syntax import script_of
from oncall_tui.runbook.shell.tools import begins_with_tool

SHELLS = frozenset({"bash", "sh", "shell", "zsh", "console", "terminal"})
"""Languages whose fences are shell steps, in both modes."""
_MORE_SHELLS = frozenset({"shell-session", "shellsession", "sh-session", "bash-session", "session", "cli", "ksh"})
SESSIONS = frozenset({"console", "terminal", "shell-session", "shellsession", "sh-session", "bash-session", "session"})
"""Those that show a terminal: prompts and output."""
_SQL = frozenset({"sql", "postgres", "postgresql", "pgsql", "psql", "mysql"})
_PROMQL = frozenset({"promql", "promQL", "prometheus"})
_YAML = re.compile(r"[\w.\"'-]+:(?:\s|$)")
_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[{\"\]])")
_SQL_BEGIN = re.compile(
    r"\s*(?:SELECT|WITH|INSERT\s+INTO|UPDATE|DELETE\s+FROM|CREATE|ALTER|DROP|EXPLAIN|VACUUM|SHOW|TRUNCATE)\s+\S",
    re.IGNORECASE,
)
_PROMQL_SHAPE = re.compile(r"[\w:)]\s*[({\[]|^\s*\(|\b(?:by|without|on|ignoring)\s*\(")
_METHOD = re.compile(r"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\s+\S")


@dataclass(frozen=True, slots=True)
class Content:
    """What a fence is taken for."""

    kind: StepKind
    contradiction: str = ""
    """How its tag is wrong; empty when it is not."""


def content_of(lang: str, body: str) -> Content:
    """What a fence holds.

    Args:
        body: with line feeds only.
    """
    word = lang.lower()
    if word in SHELLS | _MORE_SHELLS:
        return _in_shell(lang, body)
    if word in _SQL:
        return Content(StepKind.SQL)
    if word in _PROMQL:
        return Content(StepKind.PROMQL)
    if word == "http" and _METHOD.match(body.lstrip()):
        return Content(StepKind.HTTP)
    if not word and _is_all_commands(body):
        return Content(StepKind.SHELL)
    return Content(StepKind.TEXT)


def contradiction(lang: str, body: str) -> str:
    """How the content contradicts a shell tag; empty when it does not."""
    return _in_shell(lang, body).contradiction


def is_promql(text: str) -> bool:
    """Whether a text is PromQL and could not be taken for anything else."""
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    if not lines or begins_with_tool(lines[0]) or not _PROMQL_SHAPE.search(text):
        return False
    return parses(neutral(text))


def _in_shell(lang: str, body: str) -> Content:
    lines = [line for line in body.split("\n") if line.strip() and not line.lstrip().startswith("# ")]
    if not lines or begins_with_tool(lines[0]) or has_prompts(lines, is_session=lang.lower() in SESSIONS):
        return Content(StepKind.SHELL)
    if is_foreign_session(lines):
        return Content(StepKind.TEXT, f"tagged {lang}, and shows the prompt of another program")
    if _JSON.match(body) and _is_data(body):
        return Content(StepKind.TEXT, f"tagged {lang}, and is JSON")
    if is_promql(body):
        return Content(StepKind.PROMQL, f"tagged {lang}, and is PromQL")
    if _YAML.match(lines[0]):
        return Content(StepKind.TEXT, f"tagged {lang}, and is YAML")
    if _SQL_BEGIN.match(lines[0]) and (";" in body or lines[0].lstrip()[:6].isupper()):
        return Content(StepKind.SQL, f"tagged {lang}, and is SQL")
    if not pieces_of(body).pieces:
        return Content(StepKind.TEXT, f"tagged {lang}, and is output")
    return Content(StepKind.SHELL)


def _is_data(body: str) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return bool(re.match(r"\s*\{\s*\"[^\"]*\"\s*:", body))
    return True


def _is_all_commands(body: str) -> bool:
    """Whether an untagged block is a terminal or nothing but commands."""
    lines = [line for line in body.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        return False
    if has_prompts(lines[:1]):
        return True
    script = script_of(neutral(body))
    every = body.split("\n")
    if script.is_whole:
        return all(begins_with_tool(every[first]) for first, _ in cut(script) if every[first].strip())
    return all(begins_with_tool(line) for line in lines)
