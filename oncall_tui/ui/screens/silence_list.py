"""The list of silences: what is muted now or will be, until when, by whom and why; extended and ended from here."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from oncall_tui.domain.ids import SourceName
from oncall_tui.sources.actors import Silencer
from oncall_tui.sources.errors import SourceError
from oncall_tui.ui import silencing
from oncall_tui.ui.present import silences
from oncall_tui.ui.present.silences import Standing
from oncall_tui.ui.screens.dialogs import Question
from oncall_tui.ui.screens.list_dialog import ListDialog


class SilenceList(ListDialog[Standing]):
    """Every source is asked when it opens, on ``r``, and after an act of its own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus", "extend", show=False),
        Binding("x", "end", show=False),
        Binding("r", "ask", show=False),
    ]

    def __init__(self, silencers: Mapping[SourceName, Silencer], *, may_act: bool) -> None:
        """``may_act`` is whether it offers to extend and to end."""
        acts = [("+", "1 h longer"), ("x", "end")] if may_act else []
        super().__init__("Silences", [*acts, ("r", "ask again"), ("esc", "close")])
        self._silencers = silencers
        self._may_act = may_act

    def on_mount(self) -> None:
        self.action_ask()

    # What stands

    def action_ask(self) -> None:
        """Ask every source."""
        if not self.listed:
            self.say(Content.styled("asking …", "$dim") if self._silencers else _none_has_any())
        # Exclusive: of two answers only the later one is drawn.
        self.run_worker(
            self._ask(), group="silences", exclusive=True, exit_on_error=False, description="list of silences"
        )

    async def _ask(self) -> None:
        found: list[Standing] = []
        troubles: list[Content] = []
        for name, silencer in self._silencers.items():
            try:
                found += [(name, one) for one in await silencer.silences()]
            except SourceError as error:
                troubles.append(Content.styled(f"{name} is missing here: {error} {error.hint}".strip(), "$error"))
        found.sort(key=lambda pair: (pair[1].ends_at, pair[0], pair[1].id))
        if not found and not troubles and self._silencers:
            troubles.append(Content.styled("No silence: nothing is muted.", "$health-up"))
        self.say(Content("\n").join(troubles) if troubles or self._silencers else _none_has_any())
        self._show(found)

    def _show(self, found: Sequence[Standing]) -> None:
        now = self.app.now()
        self.list_entries(found, lambda one: silences.standing(*one, now), lambda one: (one[0], one[1].id))

    # Acts

    def action_extend(self) -> None:
        """Let the silence under the cursor last an hour longer."""
        at = self.under_cursor
        if self._may_act and at is not None and self.is_readable:
            silencing.extend(self.app.acting, *at, self.app.now(), self.look_again)

    async def action_end(self) -> None:
        """Ask whether the silence under the cursor is to end."""
        at = self.under_cursor
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
