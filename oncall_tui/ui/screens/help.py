"""Help for where the focus is: what it is, which keys work there, what its signs mean."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.dom import DOMNode
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Input

from oncall_tui.ui.commands import Command
from oncall_tui.ui.keynames import is_typed
from oncall_tui.ui.present import help as words
from oncall_tui.ui.present import topics
from oncall_tui.ui.present.topics import Topic
from oncall_tui.ui.screens.dialogs import Notice

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


def topic_of(place: DOMNode | None) -> Topic:
    """The topic that a place or the nearest thing round it carries as ``TOPIC``; else that of the overview."""
    for node in place.ancestors_with_self if place is not None else ():
        topic = getattr(node, "TOPIC", None)
        if isinstance(topic, Topic):
            return topic
    return topics.OVERVIEW


class Help(Notice):
    """One column on a small terminal; on a wide one the signs stand beside the keys."""

    # Textual reads the style sheets that a screen names itself, not those of its base class.
    CSS_PATH = ["dialogs.tcss", "help.tcss"]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (130, "-wide")]

    def __init__(self, app: "OncallApp", *, opened_by: str) -> None:
        # What is available is asked now: while this is shown, nothing changes for the view below.
        topic, keymap = topic_of(app.view.focused or app.view), app.keymap

        in_field = isinstance(app.view.focused, Input)

        def available(command: Command) -> bool:
            is_reached = not in_field or any(not is_typed(key) for key in keymap.bindings[command.id])
            return is_reached and command.is_available(app)

        super().__init__(f"Help: {topic.name}", Content(), opened_by=opened_by)
        keys_else = words.other_keys(topic, available, keymap)
        useless = words.TYPED if in_field else words.keys_without_use(topic, available, keymap)
        self._parts = (
            (
                *words.about(topic, keymap),
                *words.keys_here(topic, available, keymap),
                *(() if in_field else words.your_actions(available, keymap)),
                *(() if in_field else words.your_filters(keymap)),
            ),
            words.signs(topic.signs),
            (*keys_else, *useless),
            words.signs(words.other_groups(topic)),
        )

    def compose_body(self) -> Widget:
        return Columns(self._parts)


class Columns(Container):
    """Keys left, signs right; one below the other where there is no room, what is for this place first."""

    def __init__(self, parts: tuple[words.Rows, ...]) -> None:
        super().__init__()
        self._parts = parts

    def compose(self) -> ComposeResult:
        yield from (Sheet(part) for part in self._parts)


class Sheet(Widget):
    """Rows of keys or signs, wrapped to the width it gets."""

    def __init__(self, rows: words.Rows) -> None:
        super().__init__()
        self._rows = rows

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(words.drawn(self._rows, width).plain.splitlines()) if self._rows else 0

    def render(self) -> Content:
        return words.drawn(self._rows, self.size.width)
