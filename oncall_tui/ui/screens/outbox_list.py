"""The outbox: what waits to be sent, since when and why; tried and dropped from here."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from oncall_tui.domain.clocks import age_in_words, clock
from oncall_tui.response.unsent import LIMIT, Unsent
from oncall_tui.ui.screens.dialogs import Dialog

_NOT_LOOKED = Content.styled("Read-only: this screen sends nothing. `oncall-tui outbox` lists what waits.", "$dim")
_NOTHING = Content.styled("Nothing waits: everything was sent, or failed and said so.", "$health-up")


class OutboxList(Dialog[None]):
    """Drawn anew every second: what waits may be sent while it is looked at."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["dialogs.tcss", "outbox_list.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("x", "drop", show=False),
        Binding("r", "try_now", show=False),
    ]

    def __init__(self, *, may_act: bool) -> None:
        """``may_act`` is whether it offers to try and to drop."""
        acts = [("r", "try now"), ("x", "drop")] if may_act else []
        super().__init__("Outbox", Content(), [*acts, ("esc", "close")])
        self._may_act = may_act
        self._shown: tuple[Unsent, ...] = ()

    def compose_body(self) -> Widget:
        return Vertical(Static(id="nothing"), OptionList(id="outbox", markup=False), id="listing")

    def on_mount(self) -> None:
        self.query_one("#dialog-body").can_focus = False
        self.query_one(OptionList).focus()
        self.set_interval(1.0, self.show)
        self.show()

    def moving(self) -> tuple[str, str]:
        return self.app.keymap.every_shown("list.down", "list.up") or "↑ ↓", "move"

    def on_key(self, event: events.Key) -> None:
        """The keys that move in lists move among what waits, those apart that mean something here."""
        listed = self.query_one(OptionList)
        moves = {
            "list.down": listed.action_cursor_down,
            "list.up": listed.action_cursor_up,
            "list.first": listed.action_first,
            "list.last": listed.action_last,
        }
        move = moves.get(self.app.keymap.commands.get(event.key, ""))
        if move is not None and event.key not in self._bindings.key_to_bindings:
            event.stop()
            move()
        event.prevent_default()  # Textual would call the handler of the base class as well.

    def action_leave(self) -> None:
        self.dismiss(None)

    def show(self) -> None:
        """Draw what waits; the cursor stays on its entry, or on its place when that is gone."""
        listed, at = self.query_one(OptionList), self._under_cursor
        place = listed.highlighted or 0
        self._shown = self.app.acting.waiting.entries
        told = self.query_one("#nothing", Static)
        told.update(_NOTHING if self._may_act else _NOT_LOOKED)
        told.display = not self._shown
        listed.set_options(Option(self._told(one)) for one in self._shown)
        ids = [one.intent.request_id for one in self._shown]
        if ids:
            kept = ids.index(at.intent.request_id) if at is not None and at.intent.request_id in ids else place
            listed.highlighted = min(kept, len(ids) - 1)

    @property
    def _under_cursor(self) -> Unsent | None:
        place = self.query_one(OptionList).highlighted
        return self._shown[place] if place is not None and place < len(self._shown) else None

    def _told(self, one: Unsent) -> Content:
        now = self.app.now()
        left = max(one.at + LIMIT - now, LIMIT * 0)
        first = Content.assemble(
            (str(one.intent.action.verb), "bold $bright"),
            "  ",
            (one.intent.title, "$foreground"),
            (f"  since {clock(one.at, now)}, {age_in_words(now - one.at)}", "$warning"),
        )
        why = f"  {one.reason} Unless sent before, it is dropped in {age_in_words(left)}."
        return Content.assemble(first, "\n", (why, "$dim"))

    # Acts

    async def action_try_now(self) -> None:
        """Try to send everything, whether its time has come or not."""
        if self._may_act and self._shown:
            await self.app.acting.waiting.try_now()
            self._draw_again()

    async def action_drop(self) -> None:
        """Take the one under the cursor out: it is not sent any more."""
        at = self._under_cursor
        if self._may_act and at is not None and self.is_readable:
            await self.app.acting.waiting.drop(at)
            self._draw_again()

    def _draw_again(self) -> None:
        if self.is_attached:
            self.show()
