"""What earlier steps left to a step, for those who confirm it: each variable with its value and the step it is from."""

from collections.abc import Mapping
from dataclasses import replace

from oncall_tui.domain.text import clean
from oncall_tui.journal.redact import redacted
from oncall_tui.runbook.execution import Kind, Prepared
from oncall_tui.runbook.run.binding import Bound, BoundValue
from oncall_tui.runbook.run.known import Known
from oncall_tui.runbook.run.record import Attempt, Record
from oncall_tui.runbook.run.replay import LOST
from oncall_tui.runbook.shell.variables import variables_in

_LONGEST = 4_000


def with_carried(known: Known, bound: Bound) -> Bound:
    """With the variables that its script names among its values, and the others beside: a program may read those too,
    as ``aws`` does with ``AWS_PROFILE``."""
    prepared = bound.prepared
    if prepared is None or not prepared.carried:
        return bound
    named = {one.name for one in variables_in(prepared.body).all}
    shown = [_shown(known, name, value) for name, value in sorted(prepared.carried.items())]
    values = (*bound.values, *(one for one in shown if one.name in named))
    return replace(bound, values=values, beside=tuple(one for one in shown if one.name not in named))


def lost_to(known: Known, prepared: Prepared) -> tuple[str, ...]:
    """The variables that the script wants of earlier steps and that no journal holds, each with the way to have it
    again: without it the same text would do another thing."""
    gone = [name for name in known.record.carried_from if name not in prepared.carried and name not in prepared.values]
    if not gone or prepared.kind is not Kind.SHELL:
        return ()
    wanted = sorted({one.name for one in variables_in(prepared.body).free} & set(gone))
    if known.is_before:
        return tuple(
            f"{name}: what it was when the change was made is known no more, since it was redacted. Take the change "
            "back by hand"
            for name in wanted
        )
    return tuple(
        f"{name}: the journal does not hold it, since it was redacted. Run {known.record.carried_from[name]} again"
        for name in wanted
    )


def carried_then(live: Mapping[str, str], attempt: Attempt, now: Record) -> dict[str, str]:
    """Of what only this session knows, what an attempt ran with: what was left anew since is something else. Only a
    credential is taken as it is now, like a secret parameter: the one of then may hold no more."""
    return {
        name: value
        for name, value in live.items()
        if name in attempt.carried_from
        and (_is_credential(name) or attempt.carried_at.get(name) == now.carried_at.get(name))
    }


def with_now(then: tuple[BoundValue, ...], now: tuple[BoundValue, ...]) -> tuple[BoundValue, ...]:
    """The values that an undo takes from before, those that are others by now with what they are."""
    by_now = {one.name: one.shown for one in now if one.is_carried}
    return tuple(
        replace(one, was=f"now {by_now[one.name]}")
        if one.is_carried and by_now.get(one.name, one.shown) != one.shown
        else one
        for one in then
    )


def _is_credential(name: str) -> bool:
    """By its name, whatever its value."""
    return redacted({"values": {name: "x"}}) != {"values": {name: "x"}}


def _shown(known: Known, name: str, value: str) -> BoundValue:
    step = known.record.carried_from.get(name, "")
    origin = f"carried from step {step}" if step else "carried from an earlier step"
    if known.is_before and _is_credential(name):
        origin += ", as it is now"
    is_shown = redacted({"values": {name: value}}) == {"values": {name: value}}
    return BoundValue(name, clean(value, _LONGEST) if is_shown else LOST, origin, is_carried=True)
