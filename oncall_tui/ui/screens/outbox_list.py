"""The outbox: what waits to be sent, since when and why; tried and dropped from here."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from oncall_tui.domain.clocks import age_in_words, clock
from oncall_tui.response.unsent import LIMIT, Unsent, at_next_start
from oncall_tui.ui.screens.list_dialog import ListDialog

_NOT_LOOKED = Content.styled("Read-only: this screen sends nothing. `oncall-tui outbox` lists what waits.", "$dim")
_NOTHING = Content.styled("Nothing waits: everything was sent, or failed and said so.", "$health-up")
_NO_MORE = Content.styled("Nothing waits to be sent.", "$health-up")


class OutboxList(ListDialog[Unsent]):
    """Drawn anew every second: what waits may be sent while it is looked at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "drop", show=False),
        Binding("r", "try_now", show=False),
    ]

    def __init__(self, *, may_act: bool, cut_off: Sequence[Unsent] = ()) -> None:
        """
        Args:
            may_act: whether it offers to try and to drop.
            cut_off: what a program was doing when it ended, and what the next start looks at.
        """
        acts = [("r", "try now"), ("x", "drop")] if may_act else []
        super().__init__("Outbox", [*acts, ("esc", "close")])
        self._may_act = may_act
        self._cut_off = tuple(cut_off)

    def on_mount(self) -> None:
        self.set_interval(1.0, self.show)
        self.show()

    def show(self) -> None:
        """Draw what waits."""
        entries = self.app.acting.waiting.entries
        nothing = (_NO_MORE if self._cut_off else _NOTHING) if self._may_act else _NOT_LOOKED
        self.say(Content() if entries else nothing)
        self.list_entries([*entries, *self._cut_off], self._told, lambda one: one.intent.request_id)

    def _told(self, one: Unsent) -> Content:
        now = self.app.now()
        first = Content.assemble(
            (str(one.intent.action.verb), "bold $bright"),
            "  ",
            (one.intent.title, "$foreground"),
            (f"  since {clock(one.at, now)}, {age_in_words(now - one.at)}", "$warning"),
        )
        return Content.assemble(first, "\n", (f"  {self._why(one)}", "$dim"))

    def _why(self, one: Unsent) -> str:
        if not one.is_waiting:
            return f"Cut off before an answer: {at_next_start(one)}."
        left = max(one.at + LIMIT - self.app.now(), LIMIT * 0)
        return f"{one.reason} Unless sent before, it is dropped in {age_in_words(left)}."

    # Acts

    async def action_try_now(self) -> None:
        """Try to send everything, whether its time has come or not."""
        if self._may_act and self.listed:
            await self.app.acting.waiting.try_now()
            self._draw_again()

    async def action_drop(self) -> None:
        """Take the one under the cursor out: it is not sent any more."""
        at = self.under_cursor
        if self._may_act and at is not None and at.is_waiting and self.is_readable:
            await self.app.acting.waiting.drop(at)
            self._draw_again()

    def _draw_again(self) -> None:
        if self.is_attached:
            self.show()
