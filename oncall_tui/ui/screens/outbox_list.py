"""The outbox: what waits to be sent and what failed, since when and why; tried and dropped from here."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from oncall_tui.domain.clocks import age_in_words, clock
from oncall_tui.domain.verb import Verb
from oncall_tui.response.unsent import LIMIT, Unsent, at_next_start
from oncall_tui.ui.acts import ActState, Failed, refs_of
from oncall_tui.ui.present.verbs import DONE
from oncall_tui.ui.retrying import retry
from oncall_tui.ui.screens.list_dialog import ListDialog

_NOT_LOOKED = Content.styled("Read-only: this screen sends nothing. `oncall-tui outbox` lists what waits.", "$dim")
_NOTHING = Content.styled("Nothing waits: everything was sent, or failed and said so.", "$health-up")
_NO_MORE = Content.styled("Nothing waits to be sent.", "$health-up")


class OutboxList(ListDialog[Unsent | Failed]):
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
        entries, failed = self.app.acting.waiting.entries, self.app.acting.acts.all_failed(self.app.situation)
        nothing = (_NO_MORE if self._cut_off or failed else _NOTHING) if self._may_act else _NOT_LOOKED
        self.say(Content() if entries else nothing)
        self.list_entries([*entries, *failed, *self._cut_off], self._told, _key)

    def _told(self, one: Unsent | Failed) -> Content:
        if isinstance(one, Failed):
            return self._line(
                one.act.verb, one.alert.headline, one.act.at, f"Not {DONE[one.act.verb]}: {one.act.reason}"
            )
        return self._line(one.intent.action.verb, one.intent.title, one.at, self._why(one))

    def _line(self, verb: Verb, title: str, at: datetime, why: str) -> Content:
        now = self.app.now()
        first = Content.assemble(
            (str(verb), "bold $bright"),
            "  ",
            (title, "$foreground"),
            (f"  since {clock(at, now)}, {age_in_words(now - at)}", "$warning"),
        )
        return Content.assemble(first, "\n", (f"  {why}", "$dim"))

    def _why(self, one: Unsent) -> str:
        if not one.is_waiting:
            return f"Cut off before an answer: {at_next_start(one)}."
        left = max(one.at + LIMIT - self.app.now(), LIMIT * 0)
        return f"{one.reason} Unless sent before, it is dropped in {age_in_words(left)}."

    # Acts

    async def action_try_now(self) -> None:
        """Send what failed, under the cursor, again; else try all that waits, whether its time has come or not."""
        at = self.under_cursor
        if not self._may_act or not self.listed:
            return
        if isinstance(at, Failed):
            await retry(self.app, [at])
        else:
            await self.app.acting.waiting.try_now()
        self._draw_again()

    async def action_drop(self) -> None:
        """Take the one under the cursor out: it is not sent any more. What failed is not shown on its row any more."""
        at = self.under_cursor
        if not self._may_act or at is None or not self.is_readable:
            return
        if isinstance(at, Failed):
            self.app.acting.acts.forget(refs_of(at.alert), at.act.key, ActState.FAILED)
            self.app.redraw_rows()
        elif at.is_waiting:
            await self.app.acting.waiting.drop(at)
        self._draw_again()

    def _draw_again(self) -> None:
        if self.is_attached:
            self.show()


def _key(one: Unsent | Failed) -> Hashable:
    return (one.alert.id, one.act.key) if isinstance(one, Failed) else one.intent.request_id
