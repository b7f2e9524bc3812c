"""What the options of ``config init`` say. None, or nothing, where an option was not used."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Given:
    """The answers that were given beforehand. Tokens are references, never tokens."""

    prometheus: str | None = None
    prometheus_token: str | None = None
    prometheus_username: str | None = None
    alertmanager: str | None = None
    alertmanager_token: str | None = None
    alertmanager_username: str | None = None
    pagerduty_token: str | None = None
    pagerduty_url: str | None = None
    pagerduty_email: str | None = None
    pagerduty_teams: tuple[str, ...] = ()
    sentry_token: str | None = None
    sentry_url: str | None = None
    sentry_organization: str | None = None
    sentry_projects: tuple[str, ...] = ()
    environment: str | None = None
    is_production: bool | None = None
    ca_file: Path | None = None
    is_checked: bool = True
    """False for ``--no-check``: no vendor is asked anything."""

    def lacking(self) -> str:
        """The option that others are of no use without, empty when none is missing."""
        if (self.pagerduty_teams or self.pagerduty_email) and not self.pagerduty_token:
            return "--pagerduty-token"
        if (self.sentry_projects or self.sentry_organization) and not self.sentry_token:
            return "--sentry-token"
        return ""

    @property
    def names_a_source(self) -> bool:
        """Whether there is anything to watch."""
        return any((self.prometheus, self.alertmanager, self.pagerduty_token, self.sentry_token))
