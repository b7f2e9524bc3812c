"""The question before a step that changes something. What is confirmed is what was seen: text, values, target."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import Input, Static

from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.run.plan import Confirmation, Floor, Plan
from oncall_tui.ui.screens.dialogs import Dialog
from oncall_tui.ui.typed_ahead import UNSEEN, answers


class PhraseField(Input):
    """A field that takes keys only: a phrase that is pasted was not thought of."""

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.app.notify("Type it: what is pasted was not read.", markup=False)

    def action_paste(self) -> None:
        """The same for the clipboard of this program."""
        self.app.notify("Type it: what is pasted was not read.", markup=False)


class ConfirmStep(Dialog[Confirmation | None]):
    """Cancel is the default; ``y``, or the phrase, acts, and only once the whole command was on screen."""

    SETTLE_S: ClassVar[float] = 0.3
    """For so long keys are not heard: they were meant for what was on screen before."""
    IS_QUESTION = True
    CSS_PATH: ClassVar[CSSPathType | None] = ["dialogs.tcss", "confirm_step.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "run_it", show=False),
        Binding("n,escape,q", "cancel", show=False),
    ]

    def __init__(self, plan: Plan, heading: Content, command: Content, rest: Content, note: str = "") -> None:
        """``note`` says why it is asked again."""
        title = "Rehearse this step?" if plan.is_dry else "Run this step?"
        verb = ("enter", "run it, once typed") if plan.floor is Floor.PHRASE else ("y", "run it")
        super().__init__(title, heading, [("esc", "cancel"), verb])
        self._plan = plan
        self._command = command
        self._rest = rest
        self._note = note
        self._is_settled = False
        self._has_told = False
        """Whether it was said that a key came too early: once is enough."""
        self._seen_to = 0.0

    def compose(self) -> ComposeResult:
        yield from super().compose()

    def compose_body(self) -> Widget:
        parts: list[Widget] = []
        if self._note:
            parts.append(Static(Content.styled(self._note, "bold $warning"), id="note"))
        parts += [Static(self._body, id="step"), Static(self._command, id="command"), Static(self._rest, id="rest")]
        return Vertical(*parts, id="confirming")

    def on_mount(self) -> None:
        self.set_class(self._plan.danger is Danger.DESTROY, "-destroy")
        if self._plan.floor is Floor.PHRASE:
            foot = self.query_one("#dialog-foot", Vertical)
            told = Content.assemble(("Type ", "$dim"), (self._plan.phrase, "bold $error"), (" to go on:", "$dim"))
            foot.mount(Static(told, id="phrase-told"), PhraseField(id="phrase", select_on_focus=False), before=0)
            self.call_after_refresh(self._focus_phrase)
        body = self.query_one("#dialog-body", VerticalScroll)
        self.watch(body, "scroll_y", lambda: self._look(), init=False)
        self.set_timer(self.SETTLE_S, self._settle)
        self.call_after_refresh(self._look)

    def _focus_phrase(self) -> None:
        self.query_one("#phrase").focus()

    def _settle(self) -> None:
        self._is_settled = True

    def on_resize(self) -> None:
        self._seen_to = 0.0
        self.call_after_refresh(self._look)

    def _look(self) -> None:
        """Remember how far the command was on screen; a jump over a part of it does not count."""
        if not self.is_attached:
            return
        body = self.query_one("#dialog-body", VerticalScroll)
        if body.scroll_y <= self._seen_to + 1:
            self._seen_to = max(self._seen_to, body.scroll_y + body.size.height)
        self.set_class(not self.is_seen, "-unseen")
        self._draw_keys()

    @property
    def is_seen(self) -> bool:
        """Whether every line of the command was on screen."""
        command = self.query_one("#command")
        return command.size.height > 0 and self._seen_to >= command.virtual_region.bottom

    def _draw_keys(self) -> None:
        keys = list(self._keys) if self.is_seen else [("esc", "cancel"), ("↓", "show the rest of the command first")]
        told = [Content.assemble((key, "bold $bright"), " ", (label, "$dim")) for key, label in (*keys, self.moving())]
        self.query_one("#dialog-keys", Static).update(Content("   ").join(told))

    def moving(self) -> tuple[str, str]:
        if self._plan.floor is Floor.PHRASE:
            return "↑ ↓", "scroll"
        return super().moving()

    def on_key(self, event: events.Key) -> None:
        """Keys that come too early are not heard; in the field letters are typed, the arrows scroll."""
        if not self._is_settled:
            event.stop()
            event.prevent_default()
            if not self._has_told and answers(event, self):
                self._has_told = True
                self.app.say(UNSEEN)
            return
        if self._plan.floor is Floor.PHRASE:
            body = self.query_one("#dialog-body", VerticalScroll)
            by = {"down": 1, "up": -1, "pagedown": body.size.height, "pageup": -body.size.height}.get(event.key)
            if by is not None:
                event.stop()
                body.scroll_relative(y=by, animate=False)
            event.prevent_default()

    async def action_run_it(self) -> None:
        """``y``: not for what wants a phrase."""
        if self._plan.floor is not Floor.PHRASE:
            self._confirm("")

    @on(Input.Submitted, "#phrase")
    def take_phrase(self, message: Input.Submitted) -> None:
        """The phrase, letter by letter."""
        message.stop()
        if message.value == self._plan.phrase:
            self._confirm(message.value)
        else:
            self.app.say(f"That is not “{self._plan.phrase}”: nothing was started.")

    def _confirm(self, typed: str) -> None:
        if self._is_settled and self.is_seen and self.is_readable:
            self.dismiss(Confirmation(self._plan.floor, self._plan.digest, typed))

    def action_cancel(self) -> None:
        if self._is_settled:
            self.dismiss(None)
