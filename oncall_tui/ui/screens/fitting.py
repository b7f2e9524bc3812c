"""What every screen does when the terminal becomes too small for it, and when there is room again."""

from typing import TYPE_CHECKING, ClassVar

from textual.screen import ScreenResultType
from textual.widget import Widget

from oncall_tui.domain.situation import Situation
from oncall_tui.ui.screens.clickable import Clickable

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


class Fitting(Clickable[ScreenResultType]):
    """A screen with a ``TooSmall``, all that is drawn below the smallest size; the focus comes back after it.

    Beside another screen it is to be the second base: Textual inherits styles and keys from the first one only.
    """

    app: "OncallApp"

    IS_QUESTION: ClassVar[bool] = False
    """Whether a key says yes to something: only one that was pressed after it was there."""

    _focused_before: Widget | None = None

    def hear(self, situation: Situation) -> None:
        """The picture behind the screen is a newer one."""

    @property
    def is_readable(self) -> bool:
        """Whether the terminal is large enough, and was so when the screen was drawn last."""
        return not self.app.is_too_small and not self.has_class("-too-small")

    def on_resize(self) -> None:
        was_small, is_small = self.has_class("-too-small"), self.app.is_too_small
        if is_small and not was_small:
            # What is hidden loses the focus, and the first field there is would get it.
            self._focused_before = self.focused
            self.set_focus(None)
        self.set_class(is_small, "-too-small")
        if was_small and not is_small and self._focused_before is not None:
            self.call_after_refresh(self.set_focus, self._focused_before)
