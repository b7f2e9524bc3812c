"""The settings of sources: ``[sources.NAME]``, a table for each kind of vendor."""

from pathlib import Path
from typing import Literal

from oncall_tui.config.struct import Struct


class SourceSettings(Struct, frozen=True, tag_field="kind"):
    """What every ``[sources.NAME]`` may hold."""

    url: str = ""
    """Base address of the API."""
    token: str | None = None
    """A reference: ``env:NAME``, ``keyring:SERVICE/USER``, ``file:PATH`` or ``command:ARGV``; never the token."""
    environment: str = ""
    """The environment of what this source tells, where the data itself does not say."""
    interval: str = "30s"
    """How often it is polled."""
    timeout: str = "10s"
    """How long one request may take to connect, and again to answer; after twice as long it is given up."""
    budget: int = 240
    """Requests per minute that this source may cost."""
    max_answer_mib: int = 32
    """The longest answer that is read, in MiB, counted unpacked."""
    headers: dict[str, str] = {}
    """Extra request headers, e.g. ``X-Scope-OrgID`` for a tenant. Values may be secret references."""
    ca_file: Path | None = None
    """A PEM file with the authority of a private certificate."""
    client_certificate: Path | None = None
    client_key: Path | None = None
    proxy: str | None = None
    """Address of an HTTP proxy for this source; without it the environment's proxy variables hold."""
    allow_insecure: bool = False
    """Allows a token over plain ``http://`` to a host that is not this machine."""


class PrometheusSettings(SourceSettings, frozen=True, tag="prometheus"):
    """``kind = "prometheus"``: Prometheus, Thanos, Mimir, VictoriaMetrics; anything with its HTTP API."""

    username: str | None = None
    """User name for basic authentication; ``token`` then is the password."""
    service_label: str = "service"
    """The label that names the service of a target or an alert; ``job`` where it is absent."""
    environment_label: str = "env"
    """The label that names the environment."""
    alerts: bool = True
    """Read the alerts of the server's own rules."""
    discover: bool = True
    """Show every service that has an ``up`` metric, configured or not."""


class AlertmanagerSettings(SourceSettings, frozen=True, tag="alertmanager"):
    """``kind = "alertmanager"``: Alertmanager 0.22 and later, API v2."""

    username: str | None = None
    """User name for basic authentication; ``token`` then is the password."""
    service_label: str = "service"
    environment_label: str = "env"
    receiver: str | None = None
    """A regular expression: only alerts that are sent to a matching receiver."""
    filters: tuple[str, ...] = ()
    """Matchers, e.g. ``team="data"``."""


class PagerDutySettings(SourceSettings, frozen=True, tag="pagerduty"):
    """``kind = "pagerduty"``: REST API v2. The EU region has its own ``url``."""

    url: str = "https://api.pagerduty.com"
    from_email: str | None = None
    """The e-mail of a PagerDuty user, sent as ``From``; needed to acknowledge with an account-level token."""
    teams: tuple[str, ...] = ()
    """Ids of teams; only their incidents, on-calls and changes."""
    services: tuple[str, ...] = ()
    """Ids of PagerDuty services."""
    users: tuple[str, ...] = ()
    """Ids of users; only incidents assigned to them."""
    urgencies: tuple[Literal["high", "low"], ...] = ()
    changes_window: str = "2d"
    """How far back change events are read as deployments."""
    oncall_interval: str = "5m"
    """How often it is asked who is on call; a hand-over that was planned before is noticed at its minute."""


class SentrySettings(SourceSettings, frozen=True, tag="sentry"):
    """``kind = "sentry"``: a SaaS region (``https://us.sentry.io``) or a server of your own."""

    url: str = "https://us.sentry.io"
    organization: str = ""
    """The slug of the organization."""
    projects: tuple[str, ...] = ()
    """Slugs of projects; all that the token may see when empty."""
    environments: tuple[str, ...] = ()
    query: str = "is:unresolved issue.priority:[high, medium]"
    """Sentry's search language: which issues count as alerts."""
    issues_window: str = "1d"
    """Only issues seen within this time."""
    releases_window: str = "2d"
    """How far back releases and deploys are read as deployments."""


AnySource = PrometheusSettings | AlertmanagerSettings | PagerDutySettings | SentrySettings
