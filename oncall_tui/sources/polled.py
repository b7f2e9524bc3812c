"""What every source does alike: it counts its requests, knows the vendor's clock, and tells a poll as a report."""

from abc import ABC, abstractmethod
from typing import ClassVar

from oncall_tui.domain.alert import SourceKind
from oncall_tui.domain.ids import SourceName
from oncall_tui.sources.base import Clock, Records, Report, Spending
from oncall_tui.sources.budget import Budget
from oncall_tui.sources.reporting import reported
from oncall_tui.sources.wire import Wire


class Polled(ABC):
    """A source that is polled over one wire, within one budget. What a poll reads is for each vendor to say."""

    kind: ClassVar[SourceKind]

    def __init__(self, name: SourceName, wire: Wire, budget: Budget, clock: Clock) -> None:
        self.name = name
        self._wire = wire
        self._budget = budget
        self._clock = clock

    @property
    def spending(self) -> Spending:
        """The requests of the last minute, acts included."""
        return self._budget.spending

    @property
    def clock_skew(self) -> float | None:
        """Seconds that the vendor's clock is ahead of ours, by its last answer; None while it is unknown."""
        return self._wire.skew.seconds

    async def poll(self) -> Report:
        """Everything for the screen: ``Source.poll``."""
        return await reported(self._wire.connection, self.kind, self._clock, self._wire.skew, self._fetch)

    @abstractmethod
    async def _fetch(self) -> Records:
        """What one poll reads. Raises ``SourceError``."""
