"""A step over ssh: its host, its folder over there, and what of the steps before goes with it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.execution import Prepared
from oncall_tui.runbook.executors.remote import PREFIX, Unsendable, host_of
from oncall_tui.runbook.model import Step
from oncall_tui.runbook.run.binding import Bound, BoundValue
from oncall_tui.runbook.run.known import Known, text_of
from oncall_tui.runbook.run.rendering import Config
from oncall_tui.runbook.shell.variables import variables_in


def remote(known: Known, step: Step, prepared: Prepared, shown: tuple[BoundValue, ...], config: Config) -> Bound:
    """The step on the host that it names; nothing while that is no host."""
    place = step.options.ssh
    key = place.removeprefix("config.")
    if key != place:
        host = config(key)
        if host is None:
            return Bound(None, shown, (f"{place}: the configuration has no such value under [runbooks.values]",))
        shown = (*shown, BoundValue("ssh", clean_line(host), place))
    else:
        # Its parameter is among the values of the step: it is there by now.
        host = text_of(known.names().get(place)) or ""
        if problem := _objection(known, place, host, config):
            return Bound(None, shown, problem=problem)
    try:
        target = PREFIX + host_of(host)
    except Unsendable as error:
        return Bound(None, shown, problem=str(error))
    # Folders of this machine mean nothing over there; without `cwd` it is the home of the user.
    cwd = Path(step.options.cwd)
    return Bound(replace(prepared, target=target, cwd=cwd, carried=_named(prepared)), shown)


def _objection(known: Known, name: str, host: str, config: Config) -> str:
    """Where only the configuration vouches for the host, nothing else that was given takes its place."""
    parameter = known.runbook.params[name]
    if parameter.pattern is not None or parameter.choices:
        return ""
    if host in [config(one.removeprefix("config.")) for one in parameter.origins if one.startswith("config.")]:
        return ""
    return (
        f"{clean_line(host)!r} is not the host that the configuration has for {name}: a step over ssh goes to no other"
    )


def _named(prepared: Prepared) -> Mapping[str, str]:
    """What earlier steps left, as far as the script names it: the rest is of this machine and stays here."""
    named = {one.name for one in variables_in(prepared.body).all}
    return {name: value for name, value in prepared.carried.items() if name in named}
