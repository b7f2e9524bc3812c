"""What every screen is: nothing that is gone can be clicked, and no size that is gone is drawn.

Textual draws a widget for a moment longer than it is there, and breaks when it is hit.
"""

from textual import events
from textual.geometry import Offset
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget


class Clickable(Screen[ScreenResultType]):
    """A screen on which only what is there can be clicked.

    A message in the corner that is clicked twice is the usual case: the first click takes it away, and with the second
    one Textual 8 begins to select text beside it in a parent that it has no more.
    """

    def get_widget_and_offset_at(self, x: int, y: int) -> tuple[Widget | None, Offset | None]:
        widget, offset = super().get_widget_and_offset_at(x, y)
        is_gone = widget is not None and widget is not self and not widget.is_attached
        return (None, None) if is_gone else (widget, offset)

    async def _on_resize(self, event: events.Resize) -> None:
        """Lay out in the size that the terminal has by now; comes before Textual's own handler.

        A layout in a new size tells the screen of that size once more. With two sizes under way at once, as when the
        corner of a window is dragged, each would bring the other back for ever and no key would be heard again.
        """
        event.size = self.app.size
