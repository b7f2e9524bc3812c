"""The skeleton of a native runbook for an alert: it loads without an error, and says what to put where."""

import re
from collections.abc import Iterator, Mapping

from oncall_tui.domain.severity import PROMETHEUS_LABELS, Severity
from oncall_tui.runbook.reading.keys import ID
from oncall_tui.runbook.values.names import refusal

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_OF_THE_RULE = frozenset({"alertname", "severity", "alertstate", "prometheus", "receiver"})
"""Labels that say nothing about where it is."""
_USUAL = ("service",)
_WHERE = ("service", "namespace", "job")
"""The first of these that is there goes into the check: their values are names, which need no pattern of their own."""

_TEXT = """\
---
oncall: 1
id: {id}
title: {title}
owner: your-team
severity: {severity}
match:
  - alertname: {alertname}
params:
{params}
---
# {title}

## Meaning
What the alert says, what users notice, and when it may be ignored.

## Diagnosis
```promql {{#firing warn=1 crit=1}}
count(ALERTS{{alertname="{alertname}", alertstate="firing"{where}}}) or vector(0)
```

- [ ] Look at the dashboard of the service and note what stands out.

## Mitigation
- [ ] What helps first. A command is a fence of its own: `bash`, `sql`, `promql` or `http`, with an id, its danger, and
  for what changes something a way back.

## Done when
<!-- oncall
verify: {{check: firing, expect: "firing.value == 0", every: 30s, within: 15m}}
-->

- [ ] The alert is gone, and the incident has the timeline and the cause.
"""


def skeleton(alertname: str, labels: Mapping[str, str]) -> str:
    """The text of a file.

    Args:
        alertname: letters, digits and ``_ : . -`` only.
        labels: of the alert; their names become parameters, their values are not written down.
    """
    severity = PROMETHEUS_LABELS.get(labels.get("severity", "").lower(), Severity.P3)
    names = tuple(_names(labels))
    telling = next((name for name in _WHERE if name in names), "")
    return _TEXT.format(
        id=file_name(alertname),
        title=_title(alertname),
        severity=severity.name,
        alertname=alertname,
        params="\n".join(f"  {name}: {{from: labels.{name}}}" for name in names),
        where=f', {telling}="{{{{{telling}}}}}"' if telling else "",
    )


def file_name(alertname: str) -> str:
    """``APILatencyHigh`` as a file is called: ``api-latency-high``."""
    return "-".join(word.lower() for word in _WORDS.findall(alertname)) or "runbook"


def _title(alertname: str) -> str:
    words = _WORDS.findall(alertname) or [alertname]
    rest = [word if word.isupper() and len(word) > 1 else word.lower() for word in words[1:]]
    return " ".join([words[0][:1].upper() + words[0][1:], *rest])


def _names(labels: Mapping[str, str]) -> Iterator[str]:
    usable = [name for name in labels if ID.fullmatch(name) and not refusal(name) and name not in _OF_THE_RULE]
    yield from usable or _USUAL
