"""The signs of the screen, drawn as the screen draws them, each with what it means."""

from collections.abc import Callable, Mapping

from textual.content import Content

from oncall_tui.domain.alert import SourceKind, Status
from oncall_tui.domain.deployment import DeploymentStatus
from oncall_tui.domain.service import Health
from oncall_tui.domain.severity import Severity
from oncall_tui.ui.present import words

Sign = tuple[Content, str]
"""A sign and its meaning."""

_STATUS = {
    Status.FIRING: "it fires, and nobody has acknowledged it",
    Status.ACKNOWLEDGED: "somebody has acknowledged it: who, and how long ago, stands beside",
    Status.SILENCED: "silenced, until when stands beside, or inhibited by another alert",
    Status.PENDING: "its rule holds, but not yet for as long as it must",
}
_HEALTH = {
    Health.UP: "up: every target and every check is well",
    Health.DEGRADED: "degraded: some targets do not answer, or a check says P2 or P3",
    Health.DOWN: "down: no target answers, or a check says P1",
    Health.UNKNOWN: "unknown: it cannot be told, which is never shown as well",
}
_DEPLOYMENT = {
    DeploymentStatus.STARTED: "still under way",
    DeploymentStatus.FINISHED: "finished",
    DeploymentStatus.FAILED: "failed",
}


def severities() -> tuple[Sign, ...]:
    """P1 to P5."""
    return tuple((words.severity(one), one.title) for one in Severity)


def alerts() -> tuple[Sign, ...]:
    """What stands in front of an alert, and beside it."""
    return (
        *((words.status(one, Severity.P1), text) for one, text in _STATUS.items()),
        (
            Content.styled(words.FORGOTTEN_SIGN, "$warning bold"),
            "acknowledged and forgotten: nothing has happened since",
        ),
        (Content.styled("…", "$accent bold"), "your acknowledge is on its way; ✓ when the pager has said yes"),
        (Content.styled("✗", "$error bold"), "your acknowledge failed: the reason stands beside"),
        (Content.styled("┃", "$mark bold"), "marked"),
        (Content.styled("▌", "$mark bold"), "the cursor: keys act on this row"),
        (Content.styled("▾", "bold $accent"), "a group of alerts; ▸ is folded"),
        (Content.styled("12m", "$foreground"), "how long ago it began; s, m, h, d"),
        (Content.styled(words.SUSPECT_SIGN, "$suspect"), "a deployment that ended shortly before it: a suspect"),
        *((Content.styled(short, "$dim"), _kind(kind)) for kind, short in words.SHORT_KINDS.items()),
    )


def deployments() -> tuple[Sign, ...]:
    """What stands in the row of a deployment."""
    return (
        (Content.styled(words.SUSPECT_SIGN, "$suspect"), "an alert began shortly after it: suspected"),
        *((Content.styled(words.DEPLOYMENT_SIGNS[one], "$foreground"), text) for one, text in _DEPLOYMENT.items()),
    )


def services() -> tuple[Sign, ...]:
    """The state of a service, which is also the word of the banner."""
    return tuple((words.health(one), text) for one, text in _HEALTH.items())


def top_line() -> tuple[Sign, ...]:
    """What the first line says."""
    return (
        (Content.styled(" PROD ", "bold $production-text on $production"), "this environment is production"),
        (Content.styled("on call:", "$dim"), "who is called first now, and until when"),
        (Content.assemble(("pd ", "$dim"), ("9s", "$foreground")), "a source, and how old what it told is"),
        (Content.assemble(("pd ", "$warning"), ("4m", "bold $warning")), "older than it should be"),
        (Content.styled("✗ pd 4m", "bold $error"), "it fails, since 4 minutes; its last data stays, dated"),
        (Content.styled("12/min", "$dim"), "what it is asked: requests in the last minute"),
    )


def _kind(kind: SourceKind) -> str:
    return f"seen by {kind.value.capitalize().replace('Pagerduty', 'PagerDuty')}"


GROUPS: Mapping[str, Callable[[], tuple[Sign, ...]]] = {
    "Severity": severities,
    "Alerts": alerts,
    "Services": services,
    "Deployments": deployments,
    "The top line": top_line,
}
"""Every group of signs by its heading, in the order of the help."""
