"""What the alerts inside an incident say: dedup keys, the labels that Alertmanager wrote, links to Sentry issues.

Alertmanager's PagerDuty receiver writes the alerts it sends into the details of the event, up to 0.29 as text::

    Labels:
     - alertname = HighErrorRate
     - service = checkout
    Annotations:
     - summary = 5xx over 1 %
    Source: http://prometheus/graph?g0.expr=…

and later as JSON, a list of objects with ``labels``, ``annotations`` and ``generatorURL``. Both are read. Labels are
kept as they came, because a fingerprint is of the exact labels; ``read`` cleans them for the record. The text form is
not escaped: a value that imitates it can feign labels, which at worst joins two rows.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from oncall_tui.sources.fingerprint import fingerprint
from oncall_tui.sources.values import JsonObject, mapping, objects

_FIRING_LIMIT = 1_000
_TEXT_LIMIT = 600_000
"""PagerDuty takes no event beyond 512 KB."""
_DEPTH_LIMIT = 6
_PAIR = re.compile(r"\s*- (.+?) = (.*)")
_SENTRY_ISSUE = re.compile(
    r"https?://(?P<host>[\w.-]+)(?::\d+)?(?P<path>/(?:[\w.%-]+/)*?)issues/(?P<issue>\d+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class FiringAlert:
    """One alert that Alertmanager sent: its labels and annotations exactly as they came, not cleaned."""

    labels: Mapping[str, str]
    annotations: Mapping[str, str] = field(default_factory=dict)
    generator: str = ""
    """Address of the expression at the Prometheus that evaluates it."""


@dataclass(frozen=True, slots=True)
class IncidentDetails:
    """What the alerts of one incident say together."""

    dedup_keys: frozenset[str] = frozenset()
    firing: tuple[FiringAlert, ...] = ()
    fingerprints: frozenset[str] = frozenset()
    """Those of the label sets that fire, as Alertmanager computes them."""
    sentry_issues: frozenset[str] = frozenset()
    """Ids of Sentry issues that the details link to."""


def details_of(alerts: Iterable[JsonObject]) -> IncidentDetails:
    """Everything that joins an incident with other sources, from ``GET /incidents/{id}/alerts``."""
    keys: set[str] = set()
    firing: list[FiringAlert] = []
    issues: set[str] = set()
    for alert in alerts:
        key = alert.get("alert_key")
        if isinstance(key, str) and key:
            keys.add(key)
        body = mapping(alert.get("body"))
        common = mapping(body.get("cef_details"))
        found = firing_alerts(body.get("details")) or firing_alerts(common.get("details"))
        firing.extend(found[: _FIRING_LIMIT - len(firing)])
        issues |= sentry_issues(body)
    fingerprints = frozenset(fingerprint(one.labels) for one in firing)
    return IncidentDetails(frozenset(keys), tuple(firing), fingerprints, frozenset(issues))


def firing_alerts(details: object) -> tuple[FiringAlert, ...]:
    """The alerts that fire, from the custom details of an event; none when Alertmanager did not write them."""
    firing = details.get("firing") if isinstance(details, Mapping) else details
    if isinstance(firing, str):
        text = firing[:_TEXT_LIMIT]
        firing = _json_list(text)
        if firing is None:
            return tuple(_from_text(text))
    return tuple(_from_json(firing))


def sentry_issues(details: object) -> frozenset[str]:
    """Ids of the Sentry issues whose addresses stand anywhere in ``details``.

    A host with ``sentry`` in its name, or Sentry's own ``/organizations/<slug>/issues/`` on any host: other trackers
    have ``/issues/12`` too.
    """
    return frozenset(
        match["issue"]
        for text in _texts(details, _DEPTH_LIMIT)
        for match in _SENTRY_ISSUE.finditer(text[:_TEXT_LIMIT])
        if "sentry" in match["host"].lower() or "/organizations/" in match["path"].lower()
    )


def _json_list(text: str) -> list[Any] | None:
    """The list that ``text`` is the JSON of; None when it is something else."""
    if not text.lstrip().startswith("["):
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, list) else None


def _from_json(firing: object) -> Iterator[FiringAlert]:
    for alert in objects(firing) if not isinstance(firing, str) else ():
        labels = _texts_of(alert.get("labels"))
        if labels:
            generator = alert.get("generatorURL")
            yield FiringAlert(
                labels, _texts_of(alert.get("annotations")), generator if isinstance(generator, str) else ""
            )


def _texts_of(value: object) -> dict[str, str]:
    return {name: text for name, text in mapping(value).items() if isinstance(text, str)}


def _from_text(text: str) -> Iterator[FiringAlert]:
    """Alerts of the text form. A line that is neither a pair nor a heading goes on with the value above it."""
    alert: _Reading | None = None
    for raw in text.split("\n"):
        row = raw.removesuffix("\r")
        if row.strip() == "Labels:":
            if alert is not None and alert.labels:
                yield alert.result()
            alert = _Reading()
        elif alert is not None:
            alert.feed(row)
    if alert is not None and alert.labels:
        yield alert.result()


class _Reading:
    """One alert while its lines come in."""

    def __init__(self) -> None:
        self.labels: dict[str, str] = {}
        self._annotations: dict[str, str] = {}
        self._generator = ""
        self._section: dict[str, str] | None = self.labels
        self._last = ""
        self._blanks = 0

    def feed(self, row: str) -> None:
        if not row.strip():
            self._blanks += 1
            return
        blanks, self._blanks = self._blanks, 0
        if row.strip() == "Annotations:" and self._section is self.labels:
            self._section, self._last = self._annotations, ""
        elif row.startswith("Source:") and self._section is self._annotations:
            self._generator, self._section = row.removeprefix("Source:").strip(), None
        elif self._section is not None and (pair := _PAIR.fullmatch(row)):
            self._last = pair[1]
            self._section[self._last] = pair[2]
        elif self._section is not None and self._last:
            # A value with line breaks: blank lines count only when more of the value comes after them.
            self._section[self._last] += "\n" * (blanks + 1) + row

    def result(self) -> FiringAlert:
        return FiringAlert(self.labels, self._annotations, self._generator)


def _texts(value: object, depth: int) -> Iterator[str]:
    """Every text in nested JSON, down to ``depth`` levels."""
    if isinstance(value, str):
        yield value
    elif depth > 0 and isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one, depth - 1)
    elif depth > 0 and isinstance(value, Sequence):
        for one in value:
            yield from _texts(one, depth - 1)
