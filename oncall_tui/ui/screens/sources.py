"""The list of the sources: its ages and its next tries move on while it is read."""

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from oncall_tui.ui.links import with_links
from oncall_tui.ui.present import dialogs
from oncall_tui.ui.screens.dialogs import Notice


class Sources(Notice):
    """State, age, next try and cost of every source."""

    # Textual reads the style sheets that a screen names itself, not those of its base class.
    CSS_PATH = "dialogs.tcss"

    def __init__(self, *, opened_by: str) -> None:
        super().__init__("Sources", Content(), opened_by=opened_by)
        self._told = Content()

    def compose_body(self) -> Widget:
        self._told = self._tell()
        return Static(self._told)

    def on_mount(self) -> None:
        self.set_interval(1.0, self._tell_anew)
        self.call_after_refresh(self._tell_anew)

    def on_resize(self) -> None:
        self.call_after_refresh(self._tell_anew)

    def _tell(self) -> Content:
        bodies = self.query("#dialog-body")
        width = bodies.first().scrollable_content_region.width if bodies else 0
        return with_links(dialogs.sources(self.app.situation.freshness, self.app.now(), width), self.app.terminal)

    def _tell_anew(self) -> None:
        told = self._tell()
        if not told.is_same(self._told):
            self._told = told
            self.query_one("#dialog-body > Static", Static).update(told)
