"""What an alert tells an action: variables of its environment, and nothing else. No text of it is ever read as code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from oncall_tui.domain.alert import Alert, labels_at_vendor

ALERT = "ONCALL_ALERT_"
LABEL = "ONCALL_LABEL_"
LONGEST = 32_768
"""Characters of a value: Linux takes 128 KiB for one variable, and every character may be four bytes."""
MOST = 262_144
"""Characters of all values together."""
_ODD = re.compile(r"[^A-Z0-9_]")


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the environment."""

    name: str
    value: str
    """As the vendor has it; ``clean`` it before it is shown."""
    origin: str
    """``alert``, or the label and its source: ``label pod of prometheus``."""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What an alert tells, and what of it cannot be handed on."""

    variables: tuple[Variable, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    """Names of variables with the reason, which goes on where the name ends."""


def told_by(alert: Alert) -> Told:
    """The variables of an alert: its fields, then the labels of its records, those of the leading one first."""
    found: dict[str, Variable] = {}
    left_out: dict[str, str] = {}
    room = MOST
    for one in (*_fields(alert), *_labels(alert)):
        known = found.get(one.name)
        if known is not None and known.label != one.label and known.value != one.value:
            left_out[one.name] = "stands for two labels"
            del found[one.name]
        elif known is None and one.name not in left_out:
            if reason := _refused(one.value, room):
                left_out[one.name] = reason
            else:
                found[one.name] = one
                room -= len(one.value)
    return Told(tuple(found.values()), tuple(left_out.items()))


def _fields(alert: Alert) -> Iterator[Variable]:
    values = {
        "ID": alert.id,
        "TITLE": alert.title,
        "SEVERITY": alert.severity.name,
        "STATUS": alert.status.value,
        "SERVICE": alert.service,
        "ENVIRONMENT": alert.environment,
        "NAME": next((one.name for one in alert.records if one.name), ""),
        "SINCE": alert.since.astimezone(UTC).isoformat(timespec="seconds"),
        "SOURCES": " ".join(dict.fromkeys(one.source for one in alert.records)),
        "URL": alert.url or "",
        "RUNBOOK": alert.runbook or "",
        "RECORDS": " ".join(one.ref for one in alert.records),
        "ACKNOWLEDGED_BY": alert.acknowledged_by or "",
    }
    return (Variable(f"{ALERT}{name}", value, "alert") for name, value in values.items())


def _labels(alert: Alert) -> Iterator[Variable]:
    for record in alert.records:
        for name, value in labels_at_vendor(record).items():
            yield Variable(variable_of_label(name), value, f"label {name} of {record.source}", name)


def variable_of_label(name: str) -> str:
    """The variable of a label: in upper case, everything else than letters and digits as ``_``."""
    return LABEL + _ODD.sub("_", name[:200].upper())


def _refused(value: str, room: int) -> str:
    """Why a value cannot stand in an environment; empty when it can."""
    if "\0" in value:
        return "holds a byte 0, which no environment can"
    if len(value) > LONGEST or len(value) > room:
        return "is too long"
    try:
        value.encode()
    except UnicodeEncodeError:
        return "is no valid Unicode text"
    return ""
