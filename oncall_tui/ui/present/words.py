"""Signs and styles of the domain's states. Nothing is told by colour alone: every state has a letter or a sign."""

from textual.content import Content

from oncall_tui.domain.alert import SourceKind, Status
from oncall_tui.domain.deployment import DeploymentStatus
from oncall_tui.domain.service import Health
from oncall_tui.domain.severity import Severity

STATUS_SIGNS = {
    Status.FIRING: "●",
    Status.ACKNOWLEDGED: "✓",
    Status.SILENCED: "~",
    Status.PENDING: "○",
}

HEALTH_SIGNS = {
    Health.UP: "·",
    Health.DEGRADED: "▲",
    Health.DOWN: "■",
    Health.UNKNOWN: "?",
}

DEPLOYMENT_SIGNS = {
    DeploymentStatus.STARTED: "…",
    DeploymentStatus.FINISHED: "✓",
    DeploymentStatus.FAILED: "✗",
}

SHORT_KINDS = {
    SourceKind.PAGERDUTY: "pd",
    SourceKind.ALERTMANAGER: "am",
    SourceKind.PROMETHEUS: "prom",
    SourceKind.SENTRY: "sen",
}
"""Sources as the row of an alert names them: all four fit in its column."""

MUTED_SIGN = STATUS_SIGNS[Status.SILENCED]
SUSPECT_SIGN = "◆"
FORGOTTEN_SIGN = "!"


def severity(value: Severity, *, is_loud: bool = True) -> Content:
    """``P1`` in its colour; bold while somebody should look at it, plain once it is quiet."""
    return Content.styled(value.name, f"bold $p{value.value}" if is_loud else f"$p{value.value}")


def status(value: Status, level: Severity) -> Content:
    """The sign of a status; only what fires has the colour of its severity."""
    style = f"$p{level.value}" if value is Status.FIRING else "$health-up" if value is Status.ACKNOWLEDGED else "$dim"
    return Content.styled(STATUS_SIGNS[value], style)


def health(value: Health) -> Content:
    """The sign of a health in its colour."""
    return Content.styled(HEALTH_SIGNS[value], f"$health-{value.value}")


def joined(parts: list[Content], gap: str = "  ") -> Content:
    """Parts on one line, those that are empty left out."""
    return Content(gap).join([part for part in parts if part])
