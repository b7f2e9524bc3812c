"""The inputs of an action, one line each: checked as the values of runbooks are, before anything is shown or run."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import Input, Static

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.actions.definition import Action
from oncall_tui.runbook.options import Parameter
from oncall_tui.runbook.values.check import objection
from oncall_tui.ui.screens.dialogs import Dialog


class ActionForm(Dialog[Mapping[str, str] | None]):
    """The values of all inputs by name; ``esc`` leaves everything as it is."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["dialogs.tcss", "action_form.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]

    def __init__(self, action: Action, alerts: Sequence[Alert]) -> None:
        keys = [("enter", "next"), ("tab", "other"), ("esc", "cancel")]
        super().__init__(clean_line(action.settings.name, 40), Content(), keys, alerts)
        self._parameters = tuple(action.parameters.values())

    def compose_body(self) -> Widget:
        one, *more = self._targets
        what = f"{len(more) + 1} alerts, each with these values" if more else clean_line(one.title, 200)
        target = Content.assemble(("on ", "$dim"), (what, "$bright"))
        rows = [part for one in self._parameters for part in _row(one)]
        return Vertical(Static(target, classes="target"), *rows, id="action-form")

    def on_mount(self) -> None:
        self.query(Input).first().focus()

    def moving(self) -> tuple[str, str]:
        return "pgup pgdn", "scroll"

    def on_key(self, event: events.Key) -> None:
        """Every letter is typed."""
        event.prevent_default()  # Textual would call the handler of the base class as well.

    @on(Input.Changed)
    def take_up(self, message: Input.Changed) -> None:
        """What was wrong is being mended."""
        self._complain(str(message.input.name), "")

    @on(Input.Submitted)
    def enter(self, message: Input.Submitted) -> None:
        """On to the next line; the last one takes all, or stops at the first that is wrong."""
        message.stop()
        fields = list(self.query(Input))
        at = fields.index(message.input)
        if self._problem(message.input):
            return
        if at + 1 < len(fields):
            fields[at + 1].focus()
            return
        wrong = next((one for one in fields if self._problem(one)), None)
        if wrong is not None:
            wrong.focus()
        elif self.is_readable:
            self.dismiss({str(one.name): one.value for one in fields})

    def action_cancel(self) -> None:
        self.dismiss(None)

    def _problem(self, field: Input) -> bool:
        parameter = next(one for one in self._parameters if one.name == field.name)
        problem = objection(parameter, field.value)
        self._complain(parameter.name, f"It {problem}." if problem else "")
        return bool(problem)

    def _complain(self, name: str, problem: str) -> None:
        told = self.query_one(f"#problem-{name}", Static)
        told.update(problem)
        told.display = bool(problem)


def _row(one: Parameter) -> tuple[Widget, Widget]:
    hint = clean_line(one.help, 120) or (f"one of {', '.join(one.choices)}" if one.choices else one.type.value)
    field = Input(
        one.default or "",
        name=one.name,
        id=f"input-{one.name}",
        placeholder=clean_line(hint, 200),
        password=one.is_secret,
        suggester=SuggestFromList(one.choices) if one.choices else None,
        select_on_focus=False,
    )
    problem = Static(id=f"problem-{one.name}", classes="problem", markup=False)
    return Horizontal(Static(Content(one.name), classes="label"), field, classes="row"), problem
