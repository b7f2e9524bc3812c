"""The state of a run is a fold of its events. Nothing else holds it, so that a crash loses none."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

from oncall_tui.journal.event import Event, Json
from oncall_tui.journal.redact import is_redacted
from oncall_tui.runbook.run import words
from oncall_tui.runbook.run.captured import Captured, Table
from oncall_tui.runbook.run.record import Attempt, Given, GuardAnswer, Record, Result, Unit
from oncall_tui.runbook.run.states import State

Name = TypeVar("Name")
Thing = TypeVar("Thing")
Holder = TypeVar("Holder", Record, Attempt)

LOST = "‹redacted›"
"""In place of a value that the journal may not hold."""


def replayed(run_id: str, events: Iterable[Event]) -> Record:
    """The record that these events make."""
    record = Record(run_id)
    for event in events:
        record = applied(record, event)
    return record


def applied(record: Record, event: Event) -> Record:
    """The record with one more event. A kind that this version does not know only counts."""
    change = _CHANGES.get(event.kind)
    changed = change(record, event) if change is not None else record
    if event.actor == changed.driven_by:
        changed = replace(changed, heard_at=event.occurred_at)
    return replace(changed, seq=event.seq, is_begun=record.is_begun or event.kind in words.BEGINNINGS)


def _opened(record: Record, event: Event) -> Record:
    return replace(
        record,
        path=event.text("path", 4_096),
        directory=event.text("directory", 4_096),
        sha256=event.text("sha256"),
        title=event.text("title"),
        alert=event.text("alert"),
        opened_at=event.occurred_at,
        opened_by=event.actor,
        **_driver(event),
    )


def _param(record: Record, event: Event) -> Record:
    given = Given(
        _plain(event, "value"), event.text("origin"), event.payload.get("is_secret") is True, _texts(event, "row")
    )
    return replace(record, params=_with(record.params, event.text("name"), given))


def _check(record: Record, event: Event) -> Record:
    if guard := event.text("guard", 2_000):
        holds = event.payload.get("holds") is True
        where, target = event.text("where"), event.text("target")
        answer = GuardAnswer(event.occurred_at, holds, event.text("reason"), where, target)
        return replace(record, guards=_with(record.guards, guard, answer))
    unit = record.unit(event.text("unit"))
    result = _result_of(event)
    return _with_unit(record, replace(unit, state=result.state, result=result))


def _intent(record: Record, event: Event) -> Record:
    unit = record.unit(event.text("unit"))
    attempt = Attempt(
        unit=unit.id,
        step=event.text("step"),
        number=len(unit.attempts) + 1,
        at=event.occurred_at,
        actor=event.actor,
        host=event.text("host"),
        session=event.text("session"),
        danger=_nested(event, "danger").get("effective", ""),
        digest=event.text("digest"),
        values=_texts(event, "values"),
        is_dry=event.payload.get("is_dry") is True,
        undoes=event.text("undoes"),
        before=record.units,
        given=record.params,
        carried=record.carried,
        carried_from=record.carried_from,
        carried_at=record.carried_at,
        cwd=record.cwd,
    )
    changes = record.changes
    if attempt.danger != "read" and not attempt.is_dry:
        changes = (unit.id, *changes)
    # Unknown until its end is written: a crash leaves it so.
    changed = replace(unit, state=State.UNKNOWN, attempts=(*unit.attempts, attempt), undone_by="")
    return replace(_with_unit(record, changed), changes=changes)


def _result(record: Record, event: Event) -> Record:
    unit = record.unit(event.text("unit"))
    if unit.attempt is not None and unit.attempt.is_dry:
        # A rehearsal changes nothing of where the step stood.
        return _with_unit(record, replace(unit, state=unit.attempt.before.get(unit.id, Unit(unit.id)).state))
    result = _result_of(event)
    if result.state in (State.DONE, State.UNVERIFIED):
        # What succeeded has left it, whether or not it shows in a metric yet.
        record = _with_left(record, event)
        attempts = (*unit.attempts[:-1], *(_with_left(one, event) for one in unit.attempts[-1:]))
        unit = replace(unit, attempts=attempts)
    record = _with_unit(record, replace(unit, state=result.state, result=result))
    if event.payload.get("started") is False:
        record = replace(record, changes=_without_first(record.changes, unit.id))
    undoes = unit.attempt.undoes if unit.attempt else ""
    if undoes and result.state is State.DONE:
        record = _with_unit(record, replace(record.unit(undoes), undone_by=unit.id))
    return record


def _with_left(holder: Holder, event: Event) -> Holder:
    """With the variables and the folder that a step left."""
    left = _texts(event, "left")
    return replace(
        holder,
        carried={name: value for name, value in {**holder.carried, **left}.items() if not _is_lost(value)},
        carried_from={**holder.carried_from, **dict.fromkeys(left, event.text("unit"))},
        carried_at={**holder.carried_at, **dict.fromkeys(left, event.seq)},
        cwd=event.text("cwd", 4_096) or holder.cwd,
    )


def _manual(record: Record, event: Event) -> Record:
    unit = record.unit(event.text("unit"))
    is_done = event.payload.get("done") is not False
    result = replace(_result_of(event), state=State.DONE) if "captures" in event.payload else unit.result
    state = State.DONE if is_done else State.PENDING
    return _with_unit(record, replace(unit, state=state, note=event.text("note", 2_000), result=result))


def _skipped(record: Record, event: Event) -> Record:
    unit = record.unit(event.text("unit"))
    return _with_unit(record, replace(unit, state=State.SKIPPED, note=event.text("reason", 2_000)))


def _overridden(record: Record, event: Event) -> Record:
    what, reason = event.text("what"), event.text("reason", 2_000)
    if said := event.text("state"):
        unit = record.unit(event.text("unit"))
        return _with_unit(record, replace(unit, state=_state(said), note=reason))
    return replace(record, overridden=_with(record.overridden, what, reason))


def _approved(record: Record, event: Event) -> Record:
    return replace(record, approved=record.approved | {(event.text("digest"), event.actor, event.text("role"))})


def _verified(record: Record, event: Event) -> Record:
    unit = record.unit(event.text("unit"))
    state = State.DONE if event.payload.get("holds") is True else State.UNVERIFIED
    return _with_unit(record, replace(unit, state=state, note=event.text("reason")))


def _undone(record: Record, event: Event) -> Record:
    unit = record.unit(event.text("unit"))
    return _with_unit(record, replace(unit, undone_by=event.text("by") or event.actor))


def _note(record: Record, event: Event) -> Record:
    return replace(record, notes=(*record.notes, (event.occurred_at, event.actor, event.text("text", 4_000))))


def _claimed(record: Record, event: Event) -> Record:
    return replace(record, **_driver(event))


def _driver(event: Event) -> dict[str, Any]:
    return {
        "driver": event.text("session"),
        "driven_by": event.actor,
        "driven_since": event.occurred_at,
        "driver_host": event.text("host"),
        "driver_pid": _whole(event.payload.get("pid")) or 0,
        "left_at": None,
    }


def _left(record: Record, event: Event) -> Record:
    return replace(record, left_at=event.occurred_at) if event.text("session") == record.driver else record


def _closed(record: Record, event: Event) -> Record:
    return replace(record, closed=event.text("outcome") or "closed")


_CHANGES: dict[str, Callable[[Record, Event], Record]] = {
    words.OPENED: _opened,
    words.PARAM: _param,
    words.CHECK: _check,
    words.INTENT: _intent,
    words.RESULT: _result,
    words.MANUAL: _manual,
    words.SKIPPED: _skipped,
    words.OVERRIDDEN: _overridden,
    words.APPROVED: _approved,
    words.VERIFIED: _verified,
    words.UNDONE: _undone,
    words.NOTE: _note,
    words.CLAIMED: _claimed,
    words.LEFT: _left,
    words.CLOSED: _closed,
}


def _result_of(event: Event) -> Result:
    payload = event.payload
    raw = payload.get("captures")
    captures: dict[str, Captured] = {}
    lost = []
    for name, value in raw.items() if isinstance(raw, Mapping) else ():
        table = Table.from_json(dict(value)) if isinstance(value, Mapping) else None
        if table is not None:
            captures[name] = table
        elif isinstance(value, str) and _is_lost(value):
            lost.append(name)
        elif isinstance(value, str | int | float):
            captures[name] = value
    return Result(
        at=event.occurred_at,
        state=_state(event.text("state")),
        reason=event.text("reason"),
        exit=_whole(payload.get("exit")),
        status=_whole(payload.get("status")),
        value=_number(payload.get("value")),
        count=_whole(payload.get("count")),
        took_s=_number(payload.get("took_s")) or 0.0,
        captures=captures,
        lost=tuple(lost),
    )


def _state(word: str) -> State:
    try:
        return State(word)
    except ValueError:
        return State.UNKNOWN


def _is_lost(text: str) -> bool:
    """Whether the journal does not hold it; under a name such as ``token`` it has put a word of its own there."""
    return text == LOST or is_redacted(text)


def _whole(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _plain(event: Event, name: str) -> str:
    value = event.payload.get(name)
    return value if isinstance(value, str) else ""


def _nested(event: Event, name: str) -> dict[str, str]:
    value = event.payload.get(name)
    return {key: str(one) for key, one in value.items()} if isinstance(value, Mapping) else {}


_texts = _nested


def _with(mapping: Mapping[Name, Thing], name: Name, thing: Thing) -> Mapping[Name, Thing]:
    return MappingProxyType({**mapping, name: thing})


def _with_unit(record: Record, unit: Unit) -> Record:
    return replace(record, units=_with(record.units, unit.id, unit))


def _without_first(changes: tuple[str, ...], unit: str) -> tuple[str, ...]:
    at = changes.index(unit) if unit in changes else len(changes)
    return changes[:at] + changes[at + 1 :]
