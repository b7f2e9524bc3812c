"""Values that are others than when a step ran last: who confirms it again has to see that, and what made them so."""

from dataclasses import replace

from oncall_tui.journal.redact import redacted
from oncall_tui.runbook.model import Runbook, Step
from oncall_tui.runbook.run.answers import Unreadable, names_in
from oncall_tui.runbook.run.binding import BoundValue
from oncall_tui.runbook.run.known import Known, last_unit
from oncall_tui.runbook.run.record import Attempt


def with_former(known: Known, step: Step, unit_id: str, values: tuple[BoundValue, ...]) -> tuple[BoundValue, ...]:
    """The values, each with what it was when this unit ran last, where it was another one."""
    attempt = next((one for one in reversed(known.record.unit(unit_id).attempts) if not one.is_dry), None)
    # An undo takes the values of before its change, whatever it took for another one.
    if attempt is None or known.is_before:
        return values
    return tuple(replace(one, was=_was(known, step, attempt, one)) for one in values)


def _was(known: Known, step: Step, attempt: Attempt, value: BoundValue) -> str:
    former = attempt.values.get(value.name)
    # The journal holds it as it redacts it: what looks alike there is told to be alike.
    if former is None or redacted({"values": {value.name: value.shown}}).get("values") == {value.name: former}:
        return ""
    stands_for = step.uses.get(value.name, "")
    again = [one for one in sources_of(known.runbook, stands_for) if _ran_since(known, one, attempt)]
    return f"was {former}" + (f" ({', '.join(again)} ran again)" if again else "")


def sources_of(runbook: Runbook, name: str) -> tuple[str, ...]:
    """The steps whose results a name comes from: its own, or those that a ``let`` computes with."""
    found: dict[str, None] = {}
    waiting, seen = [name], {name}
    while waiting:
        one = waiting.pop()
        source, _, capture = one.partition(".")
        if capture and runbook.step(source) is not None:
            found[source] = None
        elif (expression := runbook.lets.get(one)) is not None:
            inner = sorted(_names_in(expression) - seen)
            seen.update(inner)
            waiting += inner
    return tuple(found)


def _names_in(expression: str) -> frozenset[str]:
    try:
        return names_in(expression)
    except Unreadable:
        return frozenset()


def _ran_since(known: Known, step_id: str, attempt: Attempt) -> bool:
    step = known.runbook.step(step_id)
    unit = known.record.unit(last_unit(step)) if step is not None else None
    if unit is None or unit.result is None:
        return False
    # Not by the clock, which may be set back: by what was known when it began.
    before = attempt.before.get(unit.id)
    return before is None or before.result != unit.result
