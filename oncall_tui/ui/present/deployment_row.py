"""The row of a deployment: when, what, where, how it ended, who, and the alerts it is suspected of."""

from collections.abc import Callable, Sequence
from datetime import datetime

from textual.content import Content

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.clocks import age, clock
from oncall_tui.domain.deployment import Deployment, DeploymentStatus
from oncall_tui.ui.present import words
from oncall_tui.ui.widgets.columns import Column


def deployment_columns(
    now: Callable[[], datetime], suspected_of: Callable[[Deployment], Sequence[Alert]]
) -> tuple[Column[Deployment], ...]:
    """The columns of every list of deployments."""
    return (
        Column("", lambda one: suspicion(suspected_of(one)), 1),
        Column("ended", lambda one: moment(one, now()), 15, from_width=100),
        Column("age", lambda one: Content.styled(age(now() - one.at), "$dim"), 4, align="right"),
        Column("service", lambda one: service(one, suspected_of(one)), 10, flex=1),
        Column("version", lambda one: version(one, suspected_of(one)), 10, flex=1),
        Column("environment", lambda one: Content.styled(one.environment or "–", "$dim"), 11, from_width=110),
        Column("", status, 10),
        Column("by", lambda one: Content.styled(one.author or "–", "$dim"), 8, flex=1),
        Column("", lambda one: accusation(one, suspected_of(one)), 18, flex=3),
    )


def suspicion(alerts: Sequence[Alert]) -> Content:
    return Content.styled(words.SUSPECT_SIGN, "$suspect") if alerts else Content()


def moment(deployment: Deployment, now: datetime) -> Content:
    return Content.styled(clock(deployment.at, now), "$dim")


def service(deployment: Deployment, alerts: Sequence[Alert]) -> Content:
    return Content.styled(deployment.service, "$bright" if alerts else "$foreground")


def version(deployment: Deployment, alerts: Sequence[Alert]) -> Content:
    return Content.styled(deployment.version or "–", "$bright" if alerts else "$foreground")


def status(deployment: Deployment) -> Content:
    """How far it came, a sign and a word; only what failed or runs is bright."""
    styles = {DeploymentStatus.FAILED: "$error", DeploymentStatus.STARTED: "$accent"}
    sign = words.DEPLOYMENT_SIGNS[deployment.status]
    return Content.styled(f"{sign} {deployment.status.value}", styles.get(deployment.status, "$dim"))


def accusation(deployment: Deployment, alerts: Sequence[Alert]) -> Content:
    """The alerts it is suspected of; else what it was about."""
    if not alerts:
        return Content.styled(deployment.summary, "$dim")
    count = f"{len(alerts)} alert" if len(alerts) == 1 else f"{len(alerts)} alerts"
    first = min(alerts, key=lambda alert: alert.severity)
    return Content.assemble(("suspected of ", "$suspect"), (count, "$suspect bold"), (f"  {first.headline}", "$dim"))
