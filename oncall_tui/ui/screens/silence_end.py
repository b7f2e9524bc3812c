"""The question before silences end: which they are, as the vendor tells them now."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.types import CSSPathType
from textual.widget import Widget
from textual.widgets import Static

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.ids import SourceName
from oncall_tui.sources.actors import Silencer
from oncall_tui.sources.errors import SourceError
from oncall_tui.ui.acts import SilenceKey, silences_of, these
from oncall_tui.ui.present import silences
from oncall_tui.ui.present.silences import Standing
from oncall_tui.ui.screens.dialogs import Dialog


class SilenceEnd(Dialog[Sequence[SilenceKey] | None]):
    """The silences to be ended; ``y`` is taken only once they stand on the screen."""

    IS_QUESTION = True
    CSS_PATH: ClassVar[CSSPathType | None] = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "end", show=False),
        Binding("n,escape,q", "cancel", show=False),
    ]

    def __init__(self, alerts: Sequence[Alert], silencers: Mapping[SourceName, Silencer], others: int = 0) -> None:
        """``alerts`` are muted by silences at ``silencers``; ``others`` are marked as well, and are not."""
        self._wanted = frozenset(key for one in alerts for key in silences_of(one) if key[0] in silencers)
        count = len(self._wanted)
        title = f"End the {'silence' if count == 1 else f'{count} silences'} of {these(alerts)}?"
        super().__init__(title, Content(), [("y", "end"), ("esc", "cancel")], alerts)
        self._silencers = {name: one for name, one in silencers.items() if name in {key[0] for key in self._wanted}}
        self._others_marked = others
        self._told: tuple[SilenceKey, ...] = ()
        """The silences that stand on the screen."""

    def compose_body(self) -> Widget:
        return Static(Content.styled(f"asking {', '.join(self._silencers)} for them …", "$dim"), id="told")

    def on_mount(self) -> None:
        self.run_worker(self._ask(), group="silences", exit_on_error=False, description="silences of alerts")

    async def _ask(self) -> None:
        found: list[Standing] = []
        gone: list[str] = []
        said: list[Content] = []
        for name, silencer in self._silencers.items():
            try:
                standing = [(name, one) for one in await silencer.silences() if (name, one.id) in self._wanted]
            except SourceError as error:
                said.append(Content.styled(f"{error} {error.hint}".strip(), "$error"))
            else:
                found += standing
                gone += [] if standing else [name]
        if found or gone:
            said.append(silences.to_end(found, gone, self._also_muted(), self.app.now()))
        if self._others_marked:
            count = self._others_marked
            which = "1 marked alert is" if count == 1 else f"{count} marked alerts are"
            said.append(Content.styled(f"{which} not silenced, and left alone.", "$warning"))
        self.query_one("#told", Static).update(Content("\n\n").join(said))
        self._told = tuple((name, one.id) for name, one in found)

    def _also_muted(self) -> int:
        """How many other alerts the same silences mute."""
        own = {one.ref for alert in self._targets for one in alert.records}
        return sum(
            not own.intersection(one.ref for one in alert.records) and not self._wanted.isdisjoint(silences_of(alert))
            for alert in self.app.situation.alerts
        )

    def action_end(self) -> None:
        if self._told and self.is_readable:
            self.dismiss(self._told)

    def action_cancel(self) -> None:
        self.dismiss(None)
