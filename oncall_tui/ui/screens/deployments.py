"""The list of deployments, with the alerts that the one under the cursor is suspected of."""

from collections.abc import Iterable

from textual import on
from textual.widget import Widget

from oncall_tui.domain.situation import Situation
from oncall_tui.ui.present import deployment_detail, headings
from oncall_tui.ui.screens.view import View
from oncall_tui.ui.widgets.deployment_table import DeploymentTable
from oncall_tui.ui.widgets.detail_pane import DetailPane
from oncall_tui.ui.widgets.lines import Heading
from oncall_tui.ui.widgets.live_table import LiveTable


class Deployments(View):
    """What changed."""

    CSS_PATH = "deployments.tcss"
    AUTO_FOCUS = "#deployments"

    def compose_body(self) -> Iterable[Widget]:
        yield Heading("deployments-heading")
        yield DeploymentTable(self.app.now, id="deployments")
        yield DetailPane()

    def draw(self, situation: Situation) -> None:
        table = self.query_one(DeploymentTable)
        table.show_situation(situation)
        self.query_one("#deployments-heading", Heading).tell(
            headings.deployments(situation.deployments, table.suspected)
        )
        self.draw_details()

    @on(LiveTable.CursorMoved)
    def follow_cursor(self) -> None:
        """Show the deployment under the cursor in the detail pane."""
        self.draw_details()
        self.app.refresh_keys()

    def draw_details(self) -> None:
        table = self.query_one(DeploymentTable)
        row = table.cursor_row
        alerts = () if row is None else table.suspected_alerts(row)
        content = deployment_detail.detail(row, alerts, self.app.now())
        self.query_one(DetailPane).tell(content, table.cursor_id)

    def address(self) -> str | None:
        row = self.query_one(DeploymentTable).cursor_row
        return None if row is None else row.url
