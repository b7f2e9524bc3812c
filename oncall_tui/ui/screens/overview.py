"""The overview: state in words, what shouts, what changed."""

from collections.abc import Iterable

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from oncall_tui.domain.clocks import clock
from oncall_tui.domain.situation import Situation
from oncall_tui.ui.present import headings, services
from oncall_tui.ui.screens.view import View
from oncall_tui.ui.widgets.alert_table import AlertTable
from oncall_tui.ui.widgets.chart_pane import ChartPane
from oncall_tui.ui.widgets.deployment_table import DeploymentTable
from oncall_tui.ui.widgets.detail_pane import DetailPane
from oncall_tui.ui.widgets.lines import Banner, Heading, ServiceMap, TrendLine
from oncall_tui.ui.widgets.live_table import LiveTable


class Overview(View):
    """Everything on one page."""

    CSS_PATH = "overview.tcss"
    AUTO_FOCUS = "#alerts"

    def compose_body(self) -> Iterable[Widget]:
        yield Banner()
        with Horizontal(id="health"):
            with Vertical(id="health-services"):
                yield Heading("services-heading", headings.services(()))
                yield ServiceMap()
                yield TrendLine()
            chart = self.app.config.display.chart
            yield ChartPane(chart.title if chart is not None else "", self.app.timezone)
        with Horizontal(id="lists"):
            with Vertical(id="tables"):
                yield Heading("alerts-heading")
                yield AlertTable(self.scene, self.app.config.display.columns, id="alerts")
                yield Heading("deployments-heading")
                yield DeploymentTable(self.app.now, id="deployments")
            yield DetailPane()

    def draw(self, situation: Situation) -> None:
        self.query_one(Banner).show(situation, self.app.now())
        self.query_one(ServiceMap).show(situation, self._old_services())
        self.query_one(TrendLine).show(situation.trends)
        self.query_one(ChartPane).show(situation.trends)
        self.query_one(AlertTable).show_situation(situation)
        self.query_one(DeploymentTable).show_situation(situation)
        self.draw_headings()
        self.draw_details()

    def draw_headings(self) -> None:
        situation, alerts = self.app.situation, self.query_one(AlertTable)
        deployments = self.query_one(DeploymentTable)
        self.query_one("#services-heading", Heading).tell(headings.services(situation.services, self._old_services()))
        heading, words = self.query_one("#alerts-heading", Heading), alerts.arrangement.in_words
        heading.tell(headings.alerts(situation.tally, len(alerts.rows), alerts.wanted, words, heading.size.width))
        self.query_one("#deployments-heading", Heading).tell(
            headings.deployments(situation.deployments, deployments.suspected)
        )

    def _old_services(self) -> str:
        """The clock time of which the services are, when that is too long ago."""
        moment = services.as_of(self.app.situation)
        return "" if moment is None else clock(moment, self.app.now())

    def tick(self) -> None:
        super().tick()
        self.query_one(Banner).show(self.app.situation, self.app.now())

    @on(LiveTable.CursorMoved)
    def follow_cursor(self) -> None:
        """Tell of the alert under the cursor, where there is room for that."""
        self.draw_details()
        self.app.refresh_keys()

    def draw_details(self) -> None:
        pane = self.query_one(DetailPane)
        if pane.display:
            self.tell_of_alert(self.query_one(AlertTable), pane)

    async def open_row(self) -> None:
        alerts, deployments = self.query_one(AlertTable), self.query_one(DeploymentTable)
        if self.table is alerts and alerts.cursor_section is not None:
            alerts.toggle_fold()
        elif self.table is deployments:
            await self.app.show_view("deployments", deployments.cursor_id)
        else:
            await self.app.show_view("alerts", alerts.cursor_id)

    @property
    def can_open(self) -> bool:
        return self.table is not None and self.table.cursor_key is not None
