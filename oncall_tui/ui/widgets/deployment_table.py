"""The list of deployments, with the alerts that each is suspected of."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.deployment import Deployment
from oncall_tui.domain.ids import DeploymentId
from oncall_tui.domain.situation import Situation
from oncall_tui.ui.present import emptiness, topics
from oncall_tui.ui.present.deployment_row import deployment_columns
from oncall_tui.ui.widgets.live_table import LiveTable


class DeploymentTable(LiveTable[Deployment]):
    """Deployments of a situation, newest first."""

    TOPIC = topics.DEPLOYMENTS

    def __init__(self, now: Callable[[], datetime], *, id: str | None = None) -> None:  # noqa: A002
        columns = deployment_columns(now, self.suspected_alerts)
        super().__init__(columns, lambda one: one.id, id=id)
        self._suspected: Mapping[DeploymentId, Sequence[Alert]] = {}

    @property
    def suspected(self) -> int:
        """How many deployments are suspected of an alert."""
        return len(self._suspected)

    def suspected_alerts(self, deployment: Deployment) -> Sequence[Alert]:
        """The alerts that ``deployment`` is suspected of."""
        return self._suspected.get(deployment.id, ())

    def show_situation(self, situation: Situation) -> None:
        """Draw the deployments of ``situation``."""
        self._suspected = situation.suspected
        self.say_when_empty(emptiness.no_deployments(situation))
        self.show_rows(situation.deployments)
