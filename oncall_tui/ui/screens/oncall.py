"""Who is on call now and next, the reader's own shifts, and how often people were called."""

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget

from oncall_tui.domain.pages import parse_night
from oncall_tui.domain.situation import Situation
from oncall_tui.ui.present import oncall, page_chart, topics
from oncall_tui.ui.screens.view import View
from oncall_tui.ui.widgets.detail_pane import DetailPane
from oncall_tui.ui.widgets.lines import Heading

_PADDING = 5
"""Cells beside the text: the padding of the pane, and its scroll bar."""


class OnCallPane(DetailPane):
    """The text of the view, which scrolls."""

    TOPIC = topics.ON_CALL


class OnCall(View):
    """One text. Pages are counted when the view is shown: that costs a request or more for each day."""

    CSS_PATH = "oncall.tcss"
    AUTO_FOCUS = "OnCallPane"

    def compose_body(self) -> Iterable[Widget]:
        yield Heading("oncall-heading")
        yield OnCallPane()

    def draw(self, situation: Situation) -> None:
        if self.is_current:
            self.app.acting.knowing.ask_pages(self.app.config.oncall.pages_days)
        self.draw_details()

    def draw_details(self) -> None:
        situation, now = self.app.situation, self.app.now()
        width = max(self.size.width - _PADDING, 1)
        self.query_one("#oncall-heading", Heading).tell(oncall.heading(situation, now))
        parts = [oncall.oncall(situation, now, width), self._pages(width)]
        self.query_one(OnCallPane).tell(Content("\n\n").join([one for one in parts if one]), "oncall")

    def _pages(self, width: int) -> Content:
        settings, told = self.app.config.oncall, self.app.acting.knowing.pages
        return page_chart.pages(told, settings.pages_days, self.app.now(), parse_night(settings.night), width)

    # Textual calls the handlers of the base classes as well.

    def on_screen_resume(self) -> None:
        if self.can_draw:
            self.draw(self.app.situation)

    def on_resize(self) -> None:
        if self.can_draw:
            self.call_after_refresh(self.draw_details)

    @property
    def can_move(self) -> bool:
        return True
