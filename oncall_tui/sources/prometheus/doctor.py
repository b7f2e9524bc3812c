"""What the doctor finds out about a Prometheus server. Source: "HTTP API" of the Prometheus documentation."""

from typing import Any

import msgspec

from oncall_tui.config.model import PrometheusSettings
from oncall_tui.domain.counts import counted
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.annotations import annotations_of
from oncall_tui.sources.base import AlertRule, CheckState, Finding, Topic
from oncall_tui.sources.checkup import all_asked, some_of, version_finding
from oncall_tui.sources.errors import Refused, SourceError
from oncall_tui.sources.http import HttpCaller
from oncall_tui.sources.labels import cleaned
from oncall_tui.sources.prometheus.alerts import broken_rules
from oncall_tui.sources.prometheus.external import external_labels
from oncall_tui.sources.prometheus.queries import Queries

OLDEST = (2, 14)
"""The first version that tells its version; rules by type and active targets are older."""


class _Rule(msgspec.Struct):
    name: str = ""
    type: str = ""
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}


class _Group(msgspec.Struct):
    rules: list[_Rule] = []


class _Groups(msgspec.Struct):
    groups: list[_Group]


class _RulesAnswer(msgspec.Struct):
    data: _Groups


_RULES = msgspec.json.Decoder(_RulesAnswer)


async def findings(caller: HttpCaller, queries: Queries, settings: PrometheusSettings) -> list[Finding]:
    """One finding per question. Never raises for what the server does."""
    more = [lambda: _version(caller), lambda: _targets(queries)]
    if settings.alerts:
        more += [lambda: _rules(caller), lambda: _external(caller)]
    return await all_asked(lambda: _query(queries, settings), *more, vendor="a Prometheus API")


async def service_names(caller: HttpCaller, queries: Queries, settings: PrometheusSettings) -> frozenset[str]:
    """Every name that a target or an alert rule of the server gives a service.

    Raises:
        SourceError: the server could not be asked.
    """
    labels = [settings.service_label, "job", "instance"]
    lines = (await queries.instant("up")).lines
    names = {clean_line(line.labels[one]) for line in lines for one in labels if line.labels.get(one)}
    if settings.alerts:
        for rule in _decoded(await _rules_body(caller)):
            names |= {clean_line(rule.labels[one]) for one in labels if rule.labels.get(one)}
    return frozenset(names)


async def alert_rules(caller: HttpCaller) -> tuple[AlertRule, ...]:
    """The alert rules of the server, whether they fire or not.

    Raises:
        SourceError: the server could not be asked.
    """
    rules = _decoded(await _rules_body(caller))
    return tuple(
        AlertRule(clean_line(rule.name), cleaned(rule.labels), annotations_of(rule.annotations).shown) for rule in rules
    )


async def _query(queries: Queries, settings: PrometheusSettings) -> list[Finding]:
    """Whether queries are answered, which asks for the address, TLS and the credential at once."""
    lines = (await queries.instant("up")).lines
    accepted = "Answers queries" + ("" if settings.token is None else " and accepts the credential")
    if not lines:
        hint = "It scrapes nothing, or the tenant in `headers` is another."
        return [Finding(CheckState.WARNING, f"{accepted}, but has no `up` metric.", hint, Topic.TARGETS)]
    found = [Finding(CheckState.OK, f"{accepted}.", topic=Topic.CREDENTIAL)]
    if not any(settings.service_label in line.labels for line in lines):
        found.append(_no_label(settings.service_label))
    return found


def _no_label(label: str) -> Finding:
    """No target has the label for services: expected of the default one, which many servers lack."""
    if label == PrometheusSettings().service_label:
        return Finding(CheckState.OK, "Services are named after `job`.", topic=Topic.LABELS)
    what = f"No target has the label `{label}`: services are named after `job`."
    return Finding(CheckState.WARNING, what, "Look at `service_label` of this source.", Topic.LABELS)


async def _version(caller: HttpCaller) -> list[Finding]:
    try:
        answer: Any = await caller.get_json("/api/v1/status/buildinfo")
    except Refused:
        return [Finding(CheckState.OK, "Does not tell its version.", topic=Topic.VERSION)]
    return [version_finding(str(answer["data"]["version"]), OLDEST, "Prometheus")]


async def _targets(queries: Queries) -> list[Finding]:
    try:
        targets: Any = await queries.targets()
    except Refused:
        return [Finding(CheckState.OK, "Does not list its targets.", topic=Topic.TARGETS)]
    # Beside "up" and "down" there is "unknown": not scraped yet.
    down = [target for target in targets if target["health"] == "down"]
    if not down:
        up = sum(target["health"] == "up" for target in targets)
        what = f"{some_of(up, len(targets), 'target', 'answers', 'answer')}."
        return [Finding(CheckState.OK, what, topic=Topic.TARGETS)]
    first = clean_line(f"{down[0]['scrapeUrl']} ({down[0]['lastError']})", 240)
    what = f"{some_of(len(down), len(targets), 'target', 'does not', 'do not')} answer: {first}."
    advice = "Look at the page /targets of the server: what is not scraped is not watched."
    return [Finding(CheckState.WARNING, what, advice, Topic.TARGETS)]


async def _rules(caller: HttpCaller) -> list[Finding]:
    try:
        body = await _rules_body(caller)
    except Refused:
        advice = "Say `alerts = false` for this source."
        return [Finding(CheckState.WARNING, "Has no alert rules.", advice, Topic.RULES)]
    rules = _decoded(body)
    found = [Finding(CheckState.OK, f"{counted(len(rules), 'alert rule')}.", topic=Topic.RULES)]
    found += [
        Finding(CheckState.WARNING, f"{warning}.", "Look at the rule files.", Topic.RULES)
        for warning in broken_rules(body)
    ]
    return found


async def _external(caller: HttpCaller) -> list[Finding]:
    try:
        labels = external_labels(await caller.get_bytes("/api/v1/status/config"))
    except SourceError:
        # Nothing can be done about a server that somebody else runs, and only one with external labels is worse off.
        what = "Does not show its external labels: its alerts are joined with Alertmanager's by name and service."
        return [Finding(CheckState.OK, what, topic=Topic.LABELS)]
    if not labels:
        return []
    return [Finding(CheckState.OK, clean_line(f"External labels: {', '.join(labels)}."), topic=Topic.LABELS)]


async def _rules_body(caller: HttpCaller) -> bytes:
    return await caller.get_bytes("/api/v1/rules", {"type": "alert"})


def _decoded(body: bytes) -> list[_Rule]:
    """The alert rules of an answer; a server that does not know ``type`` gives recording rules too."""
    rules = [rule for group in _RULES.decode(body).data.groups for rule in group.rules]
    return [rule for rule in rules if rule.type in ("alerting", "")]
