"""The fields that a filter can ask for: what each holds, with which operators, and what is wrong with a value."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from operator import ge, gt, le, lt
from typing import Any

from oncall_tui.domain.alert import Alert, Record, Status
from oncall_tui.domain.durations import DurationError, parse_duration
from oncall_tui.domain.environment import canonical_environment
from oncall_tui.domain.muting import is_inhibited, is_silenced
from oncall_tui.domain.severity import Severity

Test = Callable[[Alert, datetime], bool]
"""Whether an alert is found, at a moment."""

_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_ALTERNATIVES = ","


class BadTerm(ValueError):
    """A term that nothing can be looked for with; the message says why and what would do."""


def test_of(name: str, operator: str, value: str) -> Test | None:
    """The test that ``name operator value`` asks for, all in lower case; None when ``name`` is no field.

    Raises ``BadTerm`` when it is one and the rest makes no sense for it.
    """
    if name in ("sev", "severity"):
        return _severity(operator, value)
    if name == "age":
        return _age(operator, value)
    if name in _CHOICES:
        return _one_of(name, operator, value, _CHOICES[name])
    if name == "env":
        return _environment(operator, value)
    if name in _TEXTS:
        return _text(name, operator, value, _TEXTS[name])
    return None


def label_test(name: str, operator: str, value: str) -> Test:
    """The test for a label of any record, its name in any case; the operator is ``:`` or ``=``."""

    def values(alert: Alert) -> Iterable[str]:
        for record in alert.records:
            for label, held in record.labels.items():
                if label.casefold() == name:
                    yield held

    return _text(name, operator, value, values)


def _severity(operator: str, value: str) -> Test:
    levels = {one.name.casefold(): one for one in Severity} | {str(one.value): one for one in Severity}
    wanted = [levels.get(one) for one in value.split(_ALTERNATIVES)]
    chosen = [one for one in wanted if one is not None]
    if len(chosen) < len(wanted):
        raise BadTerm("severities are 1 to 5, or P1 to P5")
    compare = _ORDERS.get(operator)
    if compare is None:
        return lambda alert, now: alert.severity in chosen
    if len(chosen) > 1:
        raise BadTerm(f"{operator} takes one severity")
    return lambda alert, now: compare(alert.severity, chosen[0])


def _age(operator: str, value: str) -> Test:
    compare = _ORDERS.get(operator)
    if compare is None:
        raise BadTerm("an age is compared: age>10m, age<=1h30m")
    try:
        limit = parse_duration(value)
    except DurationError as error:
        raise BadTerm(str(error)) from None
    return lambda alert, now: compare(now - alert.since, limit)


def _has_status(status: Status) -> Callable[[Alert], bool]:
    return lambda alert: alert.status is status


_CHOICES: Mapping[str, Mapping[str, Callable[[Alert], bool]]] = {
    "status": {str(status): _has_status(status) for status in Status},
    "is": {
        "mine": lambda alert: alert.is_mine,
        "suspected": lambda alert: bool(alert.suspects),
        "merged": lambda alert: len(alert.records) > 1,
        "forgotten": lambda alert: alert.is_forgotten,
        "silenced": is_silenced,
        "inhibited": is_inhibited,
    },
    "has": {
        "runbook": lambda alert: alert.runbook is not None,
        "link": lambda alert: alert.url is not None,
    },
}


def _one_of(name: str, operator: str, value: str, choices: Mapping[str, Callable[[Alert], bool]]) -> Test:
    """Each alternative may be the beginning of a choice, as long as it is the beginning of one only."""
    if operator in _ORDERS:
        raise BadTerm(f"{name} takes : and =")
    chosen = []
    for text in value.split(_ALTERNATIVES):
        begun = [choice for choice in choices if choice.startswith(text)]
        if not text or len(begun) != 1:
            raise BadTerm(f"{name} is one of {', '.join(choices)}")
        chosen.append(choices[begun[0]])
    return lambda alert, now: any(choice(alert) for choice in chosen)


def _of_records(part: Callable[[Record], Iterable[str | None]]) -> Callable[[Alert], Iterable[str]]:
    return lambda alert: (text for record in alert.records for text in part(record) if text)


_TEXTS: Mapping[str, Callable[[Alert], Iterable[str]]] = {
    "service": lambda alert: (alert.service, *(record.service for record in alert.records)),
    "title": lambda alert: (alert.title, *(record.title for record in alert.records)),
    "alert": _of_records(lambda record: (record.name,)),
    "source": _of_records(lambda record: (record.source, record.kind.value)),
    "id": _of_records(lambda record: (record.id, record.ref)),
    "by": lambda alert: (alert.acknowledged_by or "", *(record.silenced_by or "" for record in alert.records)),
    "to": _of_records(lambda record: record.assigned_to),
    "note": _of_records(lambda record: (record.note,)),
}
FIELDS = ("sev", "age", "env", *_CHOICES, *_TEXTS)
"""The names of all fields but ``severity``, another name for ``sev``."""


def _text(name: str, operator: str, value: str, texts: Callable[[Alert], Iterable[str]]) -> Test:
    """``:`` finds a part, ``=`` the whole, in any case."""
    wanted = value.split(_ALTERNATIVES)
    if operator in _ORDERS:
        raise BadTerm(f"{name} takes : for a part of it and = for all of it")
    if not all(wanted):
        raise BadTerm(f"{name} wants a text behind {operator}")
    if operator == "=":
        return lambda alert, now: any(text.casefold() in wanted for text in texts(alert))
    return lambda alert, now: any(one in text.casefold() for text in texts(alert) for one in wanted)


def _environment(operator: str, value: str) -> Test:
    """As a text, and in whatever spelling: ``env:prod`` and ``env=prod`` find what a deploy calls ``production``."""
    spelled = _ALTERNATIVES.join(canonical_environment(one) or one for one in value.split(_ALTERNATIVES))
    as_written = _text("env", operator, value, _of_records(lambda record: (record.environment,)))
    in_one_spelling = _text(
        "env", operator, spelled, _of_records(lambda record: (canonical_environment(record.environment),))
    )
    return lambda alert, now: as_written(alert, now) or in_one_spelling(alert, now)
