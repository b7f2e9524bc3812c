"""The pane that tells everything of the row under the cursor."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from oncall_tui.ui.links import with_links
from oncall_tui.ui.present import topics

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


class DetailPane(VerticalScroll):
    """Text that scrolls, and goes back to its top when it tells of another row."""

    TOPIC = topics.DETAILS
    DEFAULT_CSS = """
    DetailPane {
        height: 10;
        padding: 0 2;
        & > Static { height: auto; }
        &:focus { background: $surface; }
    }
    """

    app: "OncallApp"

    def __init__(self) -> None:
        super().__init__(id="detail")
        self._about: str | None = None
        self._told: Content | None = None

    def compose(self) -> ComposeResult:
        yield Static()

    def tell(self, content: Content, about: str | None) -> None:
        """Show ``content``, which is ``about`` the row of this id.

        It is told at every letter of a filter, every picture and every move, and what is told again is laid out again.
        """
        if self._told is None or not content.is_same(self._told):
            self._told = content
            self.query_one(Static).update(with_links(content, self.app.terminal))
        if about != self._about:
            self._about = about
            self.scroll_home(animate=False)
