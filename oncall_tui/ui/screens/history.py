"""The times that an alert fired before, as a list to read."""

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from oncall_tui.domain.alert import Alert
from oncall_tui.ui.links import with_links
from oncall_tui.ui.present import history
from oncall_tui.ui.screens.dialogs import Notice


class HistoryNotice(Notice):
    """It asks when it opens, and shows the answer once it is there."""

    # Textual reads the style sheets that a screen names itself, not those of its base class.
    CSS_PATH = "dialogs.tcss"

    def __init__(self, alert: Alert, *, opened_by: str) -> None:
        super().__init__(f"History: {alert.headline}", Content(), opened_by=opened_by)
        self._alert = alert
        self._told = Content()

    def compose_body(self) -> Widget:
        self.app.acting.knowing.ask_history(self._alert)
        self._told = self._tell()
        return Static(self._told)

    def on_mount(self) -> None:
        self.set_interval(0.5, self.tell_anew)

    def tell_anew(self) -> None:
        """Draw what is known by now."""
        told = self._tell()
        if not told.is_same(self._told):
            self._told = told
            self.query_one("#dialog-body > Static", Static).update(told)

    def _tell(self) -> Content:
        told = self.app.acting.knowing.history(self._alert)
        return with_links(history.whole(told, self.app.now()), self.app.terminal)
