"""Everything known of one deployment, and the alerts it is suspected of."""

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.clocks import age_in_words, clock
from oncall_tui.domain.deployment import Deployment
from oncall_tui.ui.present import words


def detail(deployment: Deployment | None, alerts: Sequence[Alert], now: datetime) -> Content:
    """The detail pane for ``deployment``."""
    if deployment is None:
        return Content.styled("No deployment under the cursor.", "$dim")
    ended = f"{clock(deployment.at, now)}, {age_in_words(now - deployment.at)} ago"
    by = f" by {deployment.author}" if deployment.author else ""
    where = f" on {deployment.environment}" if deployment.environment else ""
    seen = ", ".join(deployment.seen_by or (deployment.source,))
    lines = [
        Content.styled(deployment.label, "bold $bright"),
        Content.styled(f"{deployment.status.value} {ended}{by}{where}", "$foreground"),
        Content.styled(deployment.summary, "$foreground") if deployment.summary else Content(),
        Content.styled(f"told by {seen}", "$dim"),
        Content.styled(deployment.url, "$accent") if deployment.url else Content(),
    ]
    told = Content("\n").join([line for line in lines if line])
    return told + Content("\n\n") + _suspected(alerts, now) if alerts else told


def _suspected(alerts: Sequence[Alert], now: datetime) -> Content:
    lines = [Content.styled("SUSPECTED OF", "bold $suspect")]
    for alert in alerts:
        since = (f"  {clock(alert.since, now)}", "$dim")
        name = words.severity(alert.severity)
        lines.append(Content.assemble(name, since, f"  {alert.service}", (f"  {alert.headline}", "$bright")))
    return Content("\n").join(lines)
