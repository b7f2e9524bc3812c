"""The pane that tells everything of the row under the cursor."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static


class DetailPane(VerticalScroll, can_focus=False):
    """Text that scrolls, and goes back to its top when it tells of another row."""

    DEFAULT_CSS = """
    DetailPane {
        height: 10;
        padding: 0 2;
        & > Static { height: auto; }
    }
    """

    def __init__(self) -> None:
        super().__init__(id="detail")
        self._about: str | None = None

    def compose(self) -> ComposeResult:
        yield Static()

    def tell(self, content: Content, about: str | None) -> None:
        """Show ``content``, which is ``about`` the row of this id."""
        self.query_one(Static).update(content)
        if about != self._about:
            self._about = about
            self.scroll_home(animate=False)
