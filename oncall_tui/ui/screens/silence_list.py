"""The list of silences: what is muted now or will be, until when, by whom and why; extended and ended from here."""

from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.silence import Silence
from oncall_tui.sources.actors import Silencer
from oncall_tui.sources.errors import SourceError
from oncall_tui.ui import silencing
from oncall_tui.ui.present import silences
from oncall_tui.ui.screens.dialogs import Dialog, Question


class SilenceList(Dialog[None]):
    """Every source is asked when it opens, on ``r``, and after an act of its own."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["dialogs.tcss", "silence_list.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("plus", "extend", show=False),
        Binding("x", "end", show=False),
        Binding("r", "ask", show=False),
    ]

    def __init__(self, silencers: Mapping[SourceName, Silencer], *, may_act: bool) -> None:
        """``may_act`` is whether it offers to extend and to end."""
        acts = [("+", "1 h longer"), ("x", "end")] if may_act else []
        super().__init__("Silences", Content(), [*acts, ("r", "ask again"), ("esc", "close")])
        self._silencers = silencers
        self._may_act = may_act
        self._shown: tuple[tuple[SourceName, Silence], ...] = ()
        """What the options are of, in their order."""

    def compose_body(self) -> Widget:
        return Vertical(Static(id="troubles"), OptionList(id="silences", markup=False), id="listing")

    def on_mount(self) -> None:
        self.query_one("#dialog-body").can_focus = False
        self.query_one(OptionList).focus()
        self.action_ask()

    def moving(self) -> tuple[str, str]:
        return self.app.keymap.every_shown("list.down", "list.up") or "↑ ↓", "move"

    def on_key(self, event: events.Key) -> None:
        """The keys that move in lists move among the silences, those apart that mean something here."""
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

    # What stands

    def action_ask(self) -> None:
        """Ask every source."""
        if not self._shown:
            self._say(Content.styled("asking …", "$dim") if self._silencers else _none_has_any())
        # Exclusive: of two answers only the later one is drawn.
        self.run_worker(
            self._ask(), group="silences", exclusive=True, exit_on_error=False, description="list of silences"
        )

    async def _ask(self) -> None:
        found: list[tuple[SourceName, Silence]] = []
        troubles: list[Content] = []
        for name, silencer in self._silencers.items():
            try:
                found += [(name, one) for one in await silencer.silences()]
            except SourceError as error:
                troubles.append(Content.styled(f"{name} is missing here: {error} {error.hint}".strip(), "$error"))
        found.sort(key=lambda pair: (pair[1].ends_at, pair[0], pair[1].id))
        if not found and not troubles and self._silencers:
            troubles.append(Content.styled("No silence: nothing is muted.", "$health-up"))
        self._say(Content("\n").join(troubles) if troubles or self._silencers else _none_has_any())
        self._show(tuple(found))

    def _show(self, found: tuple[tuple[SourceName, Silence], ...]) -> None:
        """Draw them; the cursor stays on its silence, or on its place when that is gone."""
        listed, at = self.query_one(OptionList), self._under_cursor
        place, now = listed.highlighted or 0, self.app.now()
        self._shown = found
        listed.set_options(Option(silences.standing(name, one, now)) for name, one in found)
        ids = [(name, one.id) for name, one in found]
        if found:
            kept = ids.index((at[0], at[1].id)) if at is not None and (at[0], at[1].id) in ids else place
            listed.highlighted = min(kept, len(found) - 1)

    def _say(self, words: Content) -> None:
        told = self.query_one("#troubles", Static)
        told.update(words)
        told.display = bool(words)

    @property
    def _under_cursor(self) -> tuple[SourceName, Silence] | None:
        place = self.query_one(OptionList).highlighted
        return self._shown[place] if place is not None and place < len(self._shown) else None

    # Acts

    def action_extend(self) -> None:
        """Let the silence under the cursor last an hour longer."""
        at = self._under_cursor
        if self._may_act and at is not None and self.is_readable:
            silencing.extend(self.app.acting, *at, self.app.now(), self.look_again)

    async def action_end(self) -> None:
        """Ask whether the silence under the cursor is to end."""
        at = self._under_cursor
        if not self._may_act or at is None or not self.is_readable:
            return

        def answer(is_meant: bool | None) -> None:
            if is_meant:
                silencing.end(self.app.acting, *at, self.look_again)

        question = Question("End this silence?", silences.standing(*at, self.app.now()), "end")
        await self.app.push_screen(question, answer)

    def look_again(self) -> None:
        """An act has its answer: what stands is another, unless nobody looks any more."""
        if self.is_attached:
            self.action_ask()


def _none_has_any() -> Content:
    return Content.styled("No source has silences: Alertmanager does.", "$dim")
