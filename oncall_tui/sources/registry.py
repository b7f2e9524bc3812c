"""Sources by name: which class speaks to which vendor. A vendor's module is imported when a source of it is built.

Every source class takes ``(name, settings, *, token, headers, severities, clock)``: its name on the screen, its table
of the configuration, the resolved token (or None) and extra headers, the severity tables, and the time.
``Prometheus`` takes the services whose checks it evaluates and the chart besides.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from oncall_tui.config.model import (
    AlertmanagerSettings,
    AnySource,
    ChartSettings,
    Config,
    PagerDutySettings,
    PrometheusSettings,
    SentrySettings,
    ServiceSettings,
    Struct,
)
from oncall_tui.config.secrets import is_reference
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.sources.base import Clock, Source
from oncall_tui.sources.credentials import Revealable
from oncall_tui.threads import IMPORTING

SecretResolver = Callable[[str], Revealable]
"""Gives the secret that a reference such as ``env:PD_TOKEN`` names."""

_CLASSES: Mapping[type[Struct], tuple[str, str]] = {
    PrometheusSettings: ("oncall_tui.sources.prometheus", "Prometheus"),
    AlertmanagerSettings: ("oncall_tui.sources.alertmanager", "Alertmanager"),
    PagerDutySettings: ("oncall_tui.sources.pagerduty", "PagerDuty"),
    SentrySettings: ("oncall_tui.sources.sentry", "Sentry"),
}


def build(
    name: str,
    settings: AnySource,
    *,
    severities: SeverityMap,
    clock: Clock,
    resolve_secret: SecretResolver,
    services: Mapping[str, ServiceSettings] | None = None,
    chart: ChartSettings | None = None,
) -> Source:
    """One source. Blocking (imports, and whatever ``resolve_secret`` does): call it in a thread.

    ``services`` and ``chart`` are what ``watched_by`` gives; other kinds than Prometheus have no use for them. Errors
    of ``resolve_secret`` pass through.
    """
    module, class_name = _CLASSES[type(settings)]
    with IMPORTING:
        source_class: Callable[..., Source] = getattr(import_module(module), class_name)
    extra: dict[str, Any] = {}
    if isinstance(settings, PrometheusSettings):
        extra = {"services": services or {}, "chart": chart}
    return source_class(
        SourceName(name),
        settings,
        token=resolve_secret(settings.token) if settings.token is not None else None,
        headers=_resolved(settings.headers, resolve_secret),
        severities=severities,
        clock=clock,
        **extra,
    )


def watched_by(name: str, config: Config) -> tuple[Mapping[str, ServiceSettings], ChartSettings | None]:
    """The services with the checks that the Prometheus source ``name`` evaluates, and the chart if it draws it.

    A check or chart that names no source belongs to the first Prometheus source of the configuration. The services
    keep only the checks of this source; the first source also keeps services that have none, for their aliases.
    """
    first = next((one for one, table in config.sources.items() if isinstance(table, PrometheusSettings)), None)
    is_first = name == first
    services: dict[str, ServiceSettings] = {}
    for service, table in config.services.items():
        checks = tuple(check for check in table.checks if check.source == name or (check.source is None and is_first))
        if checks or (is_first and not table.checks):
            services[service] = ServiceSettings(
                environment=table.environment, aliases=table.aliases, url=table.url, checks=checks
            )
    chart = config.display.chart
    draws = chart is not None and (chart.source == name or (chart.source is None and is_first))
    return services, chart if draws else None


def _resolved(headers: Mapping[str, str], resolve_secret: SecretResolver) -> dict[str, str]:
    """Header values with secret references replaced by what they name."""
    return {name: resolve_secret(value).reveal() if is_reference(value) else value for name, value in headers.items()}
