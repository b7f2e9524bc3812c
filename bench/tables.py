"""The two tables that are compared, each in an app with nothing else: our ``AlertTable`` and Textual's ``DataTable``.

Both show severity, status, age, service, title and remark, and both are told of the same refresh.
"""

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from time import perf_counter

from textual.app import App, ComposeResult
from textual.coordinate import Coordinate
from textual.widgets import DataTable

from bench.alerts import NOW, situation_of
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.clocks import age
from oncall_tui.domain.situation import Situation
from oncall_tui.ui.acts import Acts
from oncall_tui.ui.collecting import Collector
from oncall_tui.ui.present.alert_row import Scene
from oncall_tui.ui.theming import VARIABLES
from oncall_tui.ui.widgets.alert_table import AlertTable

Refresh = tuple[Situation, Sequence[int]]
"""What a poll brings: the new picture, and the places of what changed in it."""


class TableApp(App[None]):
    """An app that knows when it has painted."""

    def __init__(self) -> None:
        super().__init__()
        self.animation_level = "none"
        self.painted_at = 0.0
        self._painted = asyncio.Event()

    def post_display_hook(self) -> None:
        self.painted_at = perf_counter()
        self._painted.set()

    async def next_paint(self) -> None:
        """Wait until the screen has been painted once more."""
        self._painted.clear()
        await self._painted.wait()

    @abstractmethod
    def fill(self, alerts: Sequence[Alert]) -> None:
        """Show the first alerts."""

    @abstractmethod
    def apply(self, refresh: Refresh) -> None:
        """Show what a poll brought."""

    @property
    @abstractmethod
    def cursor(self) -> int:
        """The row of the cursor."""


class OurTable(TableApp):
    """``AlertTable``: it is handed the picture and finds out by itself what to draw, filter and order included.

    Memory is tidied up as in the product: not while somebody types.
    """

    def __init__(self) -> None:
        super().__init__()
        self._collector = Collector()

    def compose(self) -> ComposeResult:
        scene = Scene(NOW, Acts())
        yield AlertTable(lambda: scene)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(VARIABLES)

    def on_mount(self) -> None:
        self._collector.begin()
        self.query_one(AlertTable).focus()

    def on_unmount(self) -> None:
        self._collector.end()

    def fill(self, alerts: Sequence[Alert]) -> None:
        self.apply((situation_of(alerts, 1), ()))

    def apply(self, refresh: Refresh) -> None:
        self.query_one(AlertTable).show_situation(refresh[0])
        self._collector.settle()

    @property
    def cursor(self) -> int:
        return self.query_one(AlertTable).cursor_index


class GroupedTable(OurTable):
    """The same in groups by service, none of them folded: 97 further lines."""

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(AlertTable).group_by("service")


class BareTable(TableApp):
    """``DataTable``: it is told which cells have changed, and keeps the width of its columns."""

    def compose(self) -> ComposeResult:
        yield DataTable[str](cursor_type="row")

    def on_mount(self) -> None:
        table: DataTable[str] = self.query_one(DataTable)
        table.add_columns("sev", "status", "age", "service", "title", "remark")
        table.focus()

    def fill(self, alerts: Sequence[Alert]) -> None:
        table: DataTable[str] = self.query_one(DataTable)
        table.add_rows(_cells(alert) for alert in alerts)

    def apply(self, refresh: Refresh) -> None:
        table: DataTable[str] = self.query_one(DataTable)
        situation, places = refresh
        for place in places:
            for column, text in enumerate(_cells(situation.alerts[place])):
                table.update_cell_at(Coordinate(place, column), text)

    @property
    def cursor(self) -> int:
        row: int = self.query_one(DataTable).cursor_row
        return row


def _cells(alert: Alert) -> tuple[str, ...]:
    by = f"by {alert.acknowledged_by}" if alert.acknowledged_by else ""
    return (alert.severity.name, alert.status.value, age(NOW - alert.since), alert.service, alert.title, by)
