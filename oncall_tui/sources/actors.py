"""What a source can do: the protocols of those that act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from oncall_tui.domain.alert import Record
from oncall_tui.domain.verb import Verb
from oncall_tui.sources.course import Course
from oncall_tui.sources.results import ActOutcome, ActResult

if TYPE_CHECKING:
    from oncall_tui.domain.action import Action
    from oncall_tui.domain.pager import EscalationPath, NewIncident, PageableService, Person, Priority
    from oncall_tui.domain.silence import Matcher, Silence

__all__ = [
    "ActOutcome",
    "ActResult",
    "Actor",
    "Course",
    "Creates",
    "Finds",
    "KnowsEscalation",
    "KnowsOpened",
    "KnowsPeople",
    "KnowsPriorities",
    "Silencer",
]


@runtime_checkable
class Actor(Protocol):
    """A source that carries verbs out."""

    @property
    def verbs(self) -> frozenset[Verb]:
        """What it can do."""
        ...

    async def act(
        self, action: Action, ids: Sequence[str], begun_at: datetime | None = None, course: Course | None = None
    ) -> Mapping[str, ActResult]:
        """Do ``action`` to records by their vendor ids; one result for every id, whatever happened to the others.

        Reads the state first wherever the vendor would do harm or say yes to nothing: what is over is left alone, what
        is so already is reported as such. Sent once, never again by itself. Never raises for what a vendor does.

        Args:
            begun_at: when an earlier attempt began whose end is not known; it is looked for before anything is sent.
            course: hears of results while the act goes on, and can stop what has not begun.
        """
        ...


@runtime_checkable
class Finds(Protocol):
    """An actor that can say afterwards what became of an attempt whose answer was lost."""

    async def find(self, action: Action, vendor_id: str) -> ActResult | None:
        """Whether it was done, by looking and changing nothing: confirmed, or failed with the reason.

        None for an action whose traces cannot be told from those of others.

        Raises:
            SourceError: the vendor could not be asked.
        """
        ...


@runtime_checkable
class Silencer(Protocol):
    """A source that mutes alerts by their labels."""

    async def silences(self) -> Sequence[Silence]:
        """Active and pending silences, the next to end first.

        Raises:
            SourceError: the vendor could not be asked.
        """
        ...

    async def covered_by(self, matchers: Sequence[Matcher]) -> Sequence[Record]:
        """The active alerts that such a silence would cover now, as the vendor itself matches them.

        Raises:
            SourceError: the vendor could not be asked, or takes the matchers for wrong.
        """
        ...

    async def silence(self, wanted: Silence) -> ActResult:
        """Create ``wanted``, or put it in the place of the silence of its ``id``; the result has the id that it has.

        When the very same silence (matchers, end, comment, author) is there already nothing is sent: an answer was
        lost. Never raises for what a vendor does.
        """
        ...

    async def expire(self, silence_id: str) -> ActResult:
        """End a silence now. Never raises for what a vendor does."""
        ...


@runtime_checkable
class KnowsPeople(Protocol):
    """A source that can name those who can be paged."""

    async def people(self, matching: str = "") -> Sequence[Person]:
        """Those who an alert can be assigned to, by name; ``matching`` narrows them down at the vendor.

        Raises:
            SourceError: the vendor could not be asked.
        """
        ...


@runtime_checkable
class KnowsPriorities(Protocol):
    """A source whose alerts have priorities."""

    async def priorities(self) -> Sequence[Priority]:
        """The priorities of the account, the worst first; none when it has none.

        Raises:
            SourceError: the vendor could not be asked.
        """
        ...


@runtime_checkable
class KnowsEscalation(Protocol):
    """A source that pages one after the other."""

    async def escalation_of(self, vendor_id: str) -> EscalationPath:
        """The escalation path of one alert, with who would be paged now at each level.

        Raises:
            SourceError: the vendor could not be asked, or does not know the alert.
        """
        ...


@runtime_checkable
class Creates(Protocol):
    """A source on which an incident can be declared."""

    async def pageable_services(self) -> Sequence[PageableService]:
        """What an incident can be opened on, by name.

        Raises:
            SourceError: the vendor could not be asked.
        """
        ...

    async def paged_for(self, service: PageableService) -> EscalationPath:
        """Who would be paged one after the other for an incident on this service.

        Raises:
            SourceError: the vendor could not be asked, or does not say.
        """
        ...

    async def create(self, wanted: NewIncident, begun_at: datetime | None = None) -> ActResult:
        """Open an incident; the result has the id that it has, or none when there is no incident.

        Sent once, never again by itself; one that is there already under the key of ``wanted`` is reported as such.
        Never raises for what a vendor does.

        Args:
            begun_at: when an earlier attempt began whose end is not known; it is looked for before anything is sent.
        """
        ...


@runtime_checkable
class KnowsOpened(Protocol):
    """A source that finds an incident by the key that it was declared with."""

    async def opened(self, wanted: NewIncident) -> str:
        """The id of the incident that was declared with the key of ``wanted``; empty when there is none.

        Raises:
            SourceError: the vendor could not be asked.
        """
        ...


@runtime_checkable
class Account(Creates, KnowsPriorities, Protocol):
    """What has to be known of a pager to declare an incident at it, and the declaring."""
