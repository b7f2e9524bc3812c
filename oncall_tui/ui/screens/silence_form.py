"""The form of a silence: matchers, end and comment, and which alerts it would cover, before anything is made."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from oncall_tui.domain.action import Silence
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.ends import BadEnd, read_end
from oncall_tui.domain.silence import BadMatcher, Matcher, read_matchers
from oncall_tui.domain.text import clean
from oncall_tui.sources.actors import Silencer
from oncall_tui.sources.errors import SourceError
from oncall_tui.ui.acts import these
from oncall_tui.ui.present import silences
from oncall_tui.ui.present.silences import Preview
from oncall_tui.ui.screens.dialogs import Dialog
from oncall_tui.ui.screens.entries import tidied
from oncall_tui.ui.silence_scope import Scope

ASK_AFTER_S = 0.4
"""So long after the last change the vendor is asked: each question is paid for from its budget."""
_USUAL_END = "2h"
_LONGEST = 50_000
"""So many characters of matchers at most."""


class MatchersField(TextArea):
    """Matchers, over as many lines as they need; the enter key is no line break here."""

    class Submitted(Message):
        """The enter key was pressed."""

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()  # Textual would call the handler of the base class as well.
            self.post_message(self.Submitted())


@dataclass(frozen=True, slots=True)
class Chosen:
    """The silence that is to be made, and what of the selected it covers by the preview that stood there."""

    action: Silence
    covered: tuple[Alert, ...]


class SilenceForm(Dialog[Chosen | None]):
    """Makes a silence only when what it covers stands on the screen; ``esc`` leaves everything as it is."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["dialogs.tcss", "silence_form.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("ctrl+s", "create", show=False),
    ]

    def __init__(self, scope: Scope, silencer: Silencer) -> None:
        """``scope`` is what it is made for: with the labels that are common to it the matchers begin."""
        keys = [("enter", "next field"), ("ctrl+s", "silence"), ("esc", "cancel")]
        what = "Silence" if len(scope.alerts) == 1 else f"Silence {these(scope.alerts)}"
        super().__init__(f"{what} at {scope.source}", Content(), keys, scope.alerts)
        self._scope = scope
        self._silencer = silencer
        self._exact = scope.proposed.exact
        """The matchers that may be drawn otherwise than Alertmanager must be told them."""
        self._wanted: tuple[Matcher, ...] | None = None
        """The matchers as they are written; None while they cannot be read."""
        self._preview: Preview | None = None
        """The last answer that was of the matchers as they were then."""
        self._under_way: tuple[Matcher, ...] | None = None
        self._timer: Timer | None = None

    def compose_body(self) -> Widget:
        text = " ".join(map(str, self._exact))
        return Vertical(
            *self._notes(),
            _row("matchers", MatchersField(text, id="matchers", highlight_cursor_line=False)),
            Static(id="matchers-problem", classes="problem", markup=False),
            _row("until", Input(_USUAL_END, id="end"), Static(id="end-told")),
            Static(id="end-problem", classes="problem", markup=False),
            _row("comment", Input(placeholder="why: the others read it", id="comment", select_on_focus=False)),
            Static(id="comment-problem", classes="problem", markup=False),
            VerticalScroll(Static(id="covered"), id="preview", can_focus=False),
            id="silence",
        )

    def _notes(self) -> Iterable[Widget]:
        """What of the selected the matchers do not tell of."""
        text = silences.left_out(self._scope)
        if text:
            yield Static(text, id="left-out")

    def on_mount(self) -> None:
        self.query_one("#dialog-body").can_focus = False
        self.query_one(MatchersField).focus()
        self._tell_end()
        self._read_matchers()
        self._ask_now()

    def on_resize(self) -> None:
        self.set_class(self.app.size.height >= _TALL, "-tall")

    def moving(self) -> tuple[str, str]:
        return "pgup pgdn", "scroll"

    def on_key(self, event: events.Key) -> None:
        """The pages of the preview; everything else belongs to the fields."""
        preview = self.query_one("#preview")
        pages = {"pageup": preview.scroll_page_up, "pagedown": preview.scroll_page_down}
        if event.key in pages:
            event.stop()
            pages[event.key](animate=False)
        event.prevent_default()  # Textual would call the handler of the base class as well.

    # What is typed

    @on(TextArea.Changed, "#matchers")
    def change_matchers(self, message: TextArea.Changed) -> None:
        """Ask what they cover once typing has come to rest."""
        field = message.text_area
        safe = clean(field.text, _LONGEST)
        if safe != field.text:
            field.text = safe  # What is pasted comes from somewhere else.
            return
        if self._read_matchers():
            self._stop_waiting()
            if self._wanted is not None and not self._is_previewed:
                self._timer = self._after_rest()
            self._show_preview()

    @on(Input.Changed)
    def change_line(self, message: Input.Changed) -> None:
        """Say which moment the end is; what was wrong with a comment is taken up."""
        if tidied(message):
            return
        if message.input.id == "end":
            self._tell_end()
        else:
            self._complain("comment", "")

    @on(MatchersField.Submitted)
    def leave_matchers(self) -> None:
        """On to the end of the silence."""
        self.query_one("#end").focus()

    @on(Input.Submitted, "#end")
    def leave_end(self) -> None:
        """On to the comment."""
        self.query_one("#comment").focus()

    @on(Input.Submitted, "#comment")
    def leave_comment(self) -> None:
        """The last field makes the silence."""
        self.action_create()

    def _read_matchers(self) -> bool:
        """Read them; whether they are others than before."""
        before, problem = self._wanted, ""
        try:
            written = read_matchers(self.query_one(MatchersField).text)
            self._wanted = tuple(self._exact.get(one, one) for one in written)
        except BadMatcher as error:
            self._wanted, problem = None, f"{error}"
        self._complain("matchers", problem)
        return self._wanted != before

    def _tell_end(self) -> None:
        told = self.query_one("#end-told", Static)
        try:
            told.update(silences.ends(self._end(), self.app.now()))
        except BadEnd as error:
            told.update("")
            self._complain("end", f"{error}")
        else:
            self._complain("end", "")

    def _end(self) -> datetime:
        """Raises ``BadEnd``."""
        return read_end(self.query_one("#end", Input).value, self.app.now(), self.app.timezone)

    def _complain(self, field: str, problem: str) -> None:
        line = self.query_one(f"#{field}-problem", Static)
        line.update(Content(problem))
        line.display = bool(problem)

    # What it would cover

    @property
    def _is_previewed(self) -> bool:
        """Whether the vendor has said what the matchers as they are cover."""
        preview = self._preview
        return preview is not None and not preview.trouble and preview.matchers == self._wanted

    def _after_rest(self) -> Timer:
        return self.set_timer(ASK_AFTER_S, self._ask_now)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _ask_now(self) -> None:
        """Ask, unless the very same question has no answer yet."""
        self._stop_waiting()
        wanted = self._wanted
        if wanted is not None and wanted != self._under_way:
            self._under_way, self._preview = wanted, None
            self.run_worker(self._ask(wanted), group="preview", exit_on_error=False, description="preview of a silence")
        self._show_preview()

    async def _ask(self, wanted: tuple[Matcher, ...]) -> None:
        answer = Preview(wanted, trouble="It is not known what this covers: ask again with ctrl+s.")
        try:
            answer = Preview(wanted, tuple(await self._silencer.covered_by(wanted)))
        except SourceError as error:
            answer = Preview(wanted, trouble=f"{error} {error.hint}".strip())
        finally:
            self._under_way = None if self._under_way == wanted else self._under_way
            if self._wanted == wanted and self.is_attached:
                self._preview = answer
                self._show_preview()

    def _show_preview(self) -> None:
        text = Content()
        if self._preview is not None and self._preview.matchers == self._wanted:
            text = silences.covers(self._preview, self._scope)
        elif self._wanted is not None:
            text = silences.asking(self._scope.source)
        self.query_one("#covered", Static).update(text)

    # The answers

    def action_create(self) -> None:
        """Make it, if what it covers stands there; else ask for that, and leave the making to another key press."""
        action = self._read()
        if action is None or not self.is_readable:
            return
        if self._preview is not None and self._is_previewed:
            self.dismiss(Chosen(action, self._scope.covered(self._preview.covered)))
        else:
            self._ask_now()

    def action_cancel(self) -> None:
        self.dismiss(None)

    def _read(self) -> Silence | None:
        """What the fields say; None, with the first wrong one under the cursor, while one is wrong."""
        comment = self.query_one("#comment", Input).value.strip()
        if self._wanted is None:
            self.query_one("#matchers").focus()
            return None
        try:
            end = self._end()
        except BadEnd as error:
            self._complain("end", f"{error}")
            self.query_one("#end").focus()
            return None
        if not comment:
            self._complain("comment", "Write why: the others read it.")
            self.query_one("#comment").focus()
            return None
        return Silence(tuple(map(str, self._wanted)), self.app.now().astimezone(UTC), end, comment)


_TALL = 36


def _row(label: str, *fields: Widget) -> Horizontal:
    return Horizontal(Static(label, classes="label"), *fields, classes="row")
