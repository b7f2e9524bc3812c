"""The question before silences end: which they are, as the vendor tells them now."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import Static

from oncall_tui.domain.alert import Alert, Record
from oncall_tui.sources.actors import Silencer
from oncall_tui.sources.errors import SourceError
from oncall_tui.ui.present import silences
from oncall_tui.ui.screens.dialogs import Dialog


class SilenceEnd(Dialog[Sequence[str] | None]):
    """The ids of the silences to be ended; ``y`` is taken only once they stand on the screen."""

    CSS_PATH: ClassVar[CSSPathType | None] = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "end", show=False),
        Binding("n,escape,q", "cancel", show=False),
    ]

    def __init__(self, alert: Alert, record: Record, silencer: Silencer) -> None:
        """``record`` is that of ``alert`` with the ids of the silences."""
        count = len(record.silence_ids)
        title = "End the silence of this alert?" if count == 1 else f"End the {count} silences of this alert?"
        super().__init__(title, Content(), [("y", "end"), ("esc", "cancel")], [alert])
        self._record = record
        self._silencer = silencer
        self._told: tuple[str, ...] = ()
        """The ids of the silences that stand on the screen."""

    def compose_body(self) -> Widget:
        return Static(Content.styled(f"asking {self._record.source} for them …", "$dim"), id="told")

    def on_mount(self) -> None:
        self.run_worker(self._ask(), group="silences", exit_on_error=False, description="silences of an alert")

    async def _ask(self) -> None:
        told = self.query_one("#told", Static)
        try:
            standing = await self._silencer.silences()
        except SourceError as error:
            told.update(Content.styled(f"{error} {error.hint}".strip(), "$error"))
            return
        wanted = frozenset(self._record.silence_ids)
        found = [one for one in standing if one.id in wanted]
        told.update(silences.to_end(self._record.source, found, self._others(), self.app.now()))
        self._told = tuple(one.id for one in found)

    def _others(self) -> int:
        """How many other alerts the same silences mute."""
        wanted, own = frozenset(self._record.silence_ids), self._record
        return sum(
            one.source == own.source and one.ref != own.ref and not wanted.isdisjoint(one.silence_ids)
            for alert in self.app.situation.alerts
            for one in alert.records
        )

    def action_end(self) -> None:
        if self._told and self.is_readable:
            self.dismiss(self._told)

    def action_cancel(self) -> None:
        self.dismiss(None)
