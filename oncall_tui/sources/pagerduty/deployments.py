"""Change events within a window, read piece by piece. Source: PagerDuty's "List Change Events"."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

from oncall_tui.config.model import PagerDutySettings
from oncall_tui.domain.deployment import Deployment
from oncall_tui.domain.ids import SourceName
from oncall_tui.sources.pagerduty.changes import deployments_of
from oncall_tui.sources.pagerduty.client import Calls
from oncall_tui.sources.pagerduty.pages import PAGING_LIMIT, Listing, all_slices
from oncall_tui.sources.spans import span
from oncall_tui.sources.values import JsonObject, objects, read_each

_OVERLAP = timedelta(hours=1)
"""How late an event may arrive with an old timestamp and still be seen."""


class ChangesReader:
    """The deployments of the window. After the first read only the newest piece of it is asked for again."""

    def __init__(self, calls: Calls, source: SourceName, settings: PagerDutySettings) -> None:
        self._calls = calls
        self._source = source
        self._environment = settings.environment
        self._services = frozenset(settings.services)
        self._filters = (("team_ids[]", settings.teams),)
        self._window = span(settings.changes_window)
        self._known: Mapping[str, Deployment] = {}
        self._read_at: datetime | None = None

    @property
    def last(self) -> tuple[Deployment, ...]:
        """What is known, the newest first."""
        return tuple(sorted(self._known.values(), key=lambda one: (one.at, one.id), reverse=True))

    async def read(self) -> tuple[str, ...]:
        """Bring ``last`` up to date.

        Returns:
            What limits the answer, in words.

        Raises:
            SourceError: PagerDuty could not be asked; ``last`` has what is known.
        """
        now = self._calls.clock()
        begin = now - self._window
        since = begin if self._read_at is None else max(begin, self._read_at - _OVERLAP)
        params = (("since", _utc(since)), ("until", _utc(now + timedelta(minutes=1))))
        listing = await all_slices(self._calls, "/change_events", "change_events", params, self._filters)
        fresh, unreadable = await self._calls.compute(partial(self._deployments, listing))
        kept = {name: one for name, one in self._known.items() if one.at >= begin}
        self._known = kept | {one.id: one for one in fresh if one.at >= begin}
        self._read_at = now
        warnings = [f"{unreadable} change events could not be read."] if unreadable else []
        if listing.is_cut:
            warnings.append(f"PagerDuty lists no more than {PAGING_LIMIT:,} change events; shorten `changes_window`.")
        return tuple(warnings)

    def _deployments(self, listing: Listing) -> tuple[list[Deployment], int]:
        mine = [one for one in listing.found if not self._services or self._services & _service_ids(one)]
        read, unreadable = read_each(mine, lambda one: deployments_of(one, self._source, self._environment))
        return [deployment for group in read for deployment in group], unreadable


def _service_ids(event: JsonObject) -> set[object]:
    """``/change_events`` has no filter for services, so the events are looked at."""
    return {one.get("id") for one in objects(event.get("services"))}


def _utc(when: datetime) -> str:
    """The only form that the endpoint takes: anything but UTC is answered with 400."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
