"""What the doctor finds out about a Prometheus server."""

from collections.abc import Awaitable, Callable
from typing import Any

from oncall_tui.config.model import PrometheusSettings
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.base import CheckState, Finding
from oncall_tui.sources.errors import Refused, SourceError
from oncall_tui.sources.http import HttpCaller
from oncall_tui.sources.prometheus.alerts import broken_rules, count_rules
from oncall_tui.sources.prometheus.external import external_labels
from oncall_tui.sources.prometheus.queries import Queries

_NO_LABEL = "Services are then named after `job`."


async def findings(caller: HttpCaller, queries: Queries, settings: PrometheusSettings) -> list[Finding]:
    """One finding per question; the first that fails for want of a connection ends the examination."""
    first = await _asked(lambda: _query(queries, settings))
    if first[0].state is CheckState.FAILED:
        return first
    found = first + await _asked(lambda: _version(caller)) + await _asked(lambda: _targets(queries))
    if settings.alerts:
        found += await _asked(lambda: _rules(caller)) + await _asked(lambda: _external(caller))
    return found


async def _asked(question: Callable[[], Awaitable[list[Finding]]]) -> list[Finding]:
    try:
        return await question()
    except SourceError as error:
        return [Finding(CheckState.FAILED, str(error), error.hint)]
    except (LookupError, TypeError, ValueError):
        return [Finding(CheckState.FAILED, "The answer has an unexpected shape.", "Is `url` that of a Prometheus API?")]


async def _query(queries: Queries, settings: PrometheusSettings) -> list[Finding]:
    """Whether queries are answered, which asks for the address, TLS and the credential at once."""
    lines = (await queries.instant("up")).lines
    if not lines:
        hint = "It scrapes nothing, or the tenant in `headers` is another."
        return [Finding(CheckState.WARNING, "Answers queries, but has no `up` metric.", hint)]
    found = [Finding(CheckState.OK, f"Answers queries; the credential is accepted; {len(lines)} targets are scraped.")]
    if not any(settings.service_label in line.labels for line in lines):
        found.append(Finding(CheckState.WARNING, f"No target has the label `{settings.service_label}`.", _NO_LABEL))
    return found


async def _version(caller: HttpCaller) -> list[Finding]:
    try:
        answer: Any = await caller.get_json("/api/v1/status/buildinfo")
    except Refused:
        return [Finding(CheckState.WARNING, "Does not tell its version.", "Compatible servers need not.")]
    return [Finding(CheckState.OK, f"Version {clean_line(str(answer['data']['version']), 60)}.")]


async def _targets(queries: Queries) -> list[Finding]:
    try:
        targets: Any = await queries.targets()
    except Refused:
        return [Finding(CheckState.WARNING, "Does not list its targets.", "Compatible servers need not.")]
    down = [target for target in targets if target["health"] != "up"]
    if not down:
        return [Finding(CheckState.OK, f"All {len(targets)} targets answer.")]
    first = clean_line(f"{down[0]['scrapeUrl']}: {down[0]['lastError']}", 200)
    return [Finding(CheckState.WARNING, f"{len(down)} of {len(targets)} targets do not answer.", first)]


async def _rules(caller: HttpCaller) -> list[Finding]:
    try:
        body = await caller.get_bytes("/api/v1/rules", {"type": "alert"})
    except Refused:
        return [Finding(CheckState.WARNING, "Has no alert rules.", "Say `alerts = false` for this source.")]
    found = [Finding(CheckState.OK, f"{count_rules(body)} alert rules.")]
    return found + [Finding(CheckState.WARNING, warning, "Look at the rule files.") for warning in broken_rules(body)]


async def _external(caller: HttpCaller) -> list[Finding]:
    try:
        labels = external_labels(await caller.get_bytes("/api/v1/status/config"))
    except SourceError:
        hint = "Its alerts are then joined with Alertmanager's by name and service only, if it has external labels."
        return [Finding(CheckState.WARNING, "Does not show its configuration.", hint)]
    names = ", ".join(labels) or "none"
    return [Finding(CheckState.OK, clean_line(f"External labels: {names}."))]
