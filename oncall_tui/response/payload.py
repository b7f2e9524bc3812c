"""What an action needs, as the journal holds it and gives it back. Others may write to a journal that is shared."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, get_args

from oncall_tui.domain.action import Action
from oncall_tui.journal.event import Json, time_from_text, time_to_text

_KINDS: Mapping[str, type[Any]] = {kind.verb.value: kind for kind in get_args(Action)}


def options_of(action: Action) -> dict[str, Json]:
    """Every field that is not as usual; spans of time in seconds, moments as the journal writes them."""
    return {one.name: _written(value) for one in fields(action) if (value := getattr(action, one.name)) != one.default}


def action_of(verb: str, options: Json) -> Action | None:
    """The action that was written so; None for one that this version does not know, or that lacks what it needs."""
    kind = _KINDS.get(verb)
    if kind is None or not isinstance(options, Mapping):
        return None
    try:
        values = {one.name: _READ[one.type](options[one.name]) for one in fields(kind) if one.name in options}
        action: Action = kind(**values)
    except (TypeError, ValueError, OverflowError):
        return None
    return action


def _written(value: object) -> Json:
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, datetime):
        return time_to_text(value)
    if isinstance(value, tuple):
        return [str(one) for one in value]
    assert isinstance(value, bool | int | str), value
    return value


def _of(kind: type[Any]) -> Callable[[Json], Any]:
    def read(value: Json) -> Any:
        if type(value) is not kind:
            raise TypeError(value)
        return value

    return read


def _span(value: Json) -> timedelta:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    return timedelta(seconds=value)


def _moment(value: Json) -> datetime:
    return time_from_text(_of(str)(value))


def _texts(value: Json) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError(value)
    return tuple(_of(str)(one) for one in value)


_READ: Mapping[Any, Callable[[Json], Any]] = {
    str: _of(str),
    bool: _of(bool),
    int: _of(int),
    timedelta: _span,
    timedelta | None: _span,
    datetime: _moment,
    tuple[str, ...]: _texts,
}
"""How each type of a field is read; every field of an action has one of these."""
