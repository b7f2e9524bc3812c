"""An act on many alerts while it goes on: how far it is, alert by alert."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.ids import AlertId, SourceName
from oncall_tui.domain.verb import Verb
from oncall_tui.response.intent import Intent
from oncall_tui.response.report import ActReport, Settled, merged


class Following(Protocol):
    """Who waits for an act and hears of it meanwhile, on the event loop."""

    def hear(self, reports: Sequence[ActReport]) -> None:
        """These alerts are done with: all of their records have an answer, and it is in the journal."""

    def rest(self, source: SourceName, seconds: float) -> None:
        """The act goes on after so many seconds: the source, or our budget for it, allows no more now."""


class Unheard:
    """Nobody waits."""

    def hear(self, reports: Sequence[ActReport]) -> None:
        """Nobody listens."""

    def rest(self, source: SourceName, seconds: float) -> None:
        """Nobody listens."""


class Shielded:
    """Passes on what is heard. A listener that breaks stops no act and no journal: its fault is told at the end."""

    def __init__(self, following: Following) -> None:
        self._following = following
        self._fault: Exception | None = None

    def hear(self, reports: Sequence[ActReport]) -> None:
        """``Following.hear``."""
        self._pass_on(lambda: self._following.hear(reports))

    def rest(self, source: SourceName, seconds: float) -> None:
        """``Following.rest``."""
        self._pass_on(lambda: self._following.rest(source, seconds))

    def raise_fault(self) -> None:
        """Raise the first thing that the listener raised, if it did."""
        if self._fault is not None:
            raise self._fault

    def _pass_on(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception as fault:
            self._fault = self._fault or fault


class Progress:
    """Collects the outcomes of records until an alert has all of its own."""

    def __init__(
        self,
        verb: Verb,
        alerts: Mapping[AlertId, Alert],
        intents: Mapping[AlertId, Sequence[Intent]],
        following: Following,
    ) -> None:
        self._verb = verb
        self._alerts = alerts
        self._intents = intents
        self._following = following
        self._alert_of = {one.request_id: one.alert_id for group in intents.values() for one in group}
        self._settled: dict[str, Settled] = {}
        self._reports: dict[AlertId, ActReport] = {}

    def refuse(self, refusals: Mapping[AlertId, Settled]) -> None:
        """These alerts are told at once: nobody is asked about them."""
        self._tell({alert_id: [settled] for alert_id, settled in refusals.items()})

    def hear(self, news: Mapping[str, Settled]) -> None:
        """Take outcomes by request id, and tell of every alert that is complete with them."""
        self._settled.update(news)
        complete: dict[AlertId, list[Settled]] = {}
        for alert_id in dict.fromkeys(self._alert_of[request_id] for request_id in news):
            intents = self._intents[alert_id]
            parts = [self._settled[one.request_id] for one in intents if one.request_id in self._settled]
            if alert_id not in self._reports and len(parts) == len(intents):
                complete[alert_id] = parts
        self._tell(complete)

    def _tell(self, complete: Mapping[AlertId, Sequence[Settled]]) -> None:
        told = {one: merged(one, self._alerts[one].title, self._verb, parts) for one, parts in complete.items()}
        self._reports |= told
        if told:
            self._following.hear(tuple(told.values()))

    def reports(self) -> list[ActReport]:
        """The reports in the order of the alerts."""
        return [self._reports[alert_id] for alert_id in self._alerts]
