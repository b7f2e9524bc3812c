"""What sources can tell beside what is polled: the protocols of those that can, asked when somebody wants to know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from oncall_tui.domain.alert import Alert, JoinRule
from oncall_tui.sources.base import Source
from oncall_tui.sources.errors import Refused

if TYPE_CHECKING:
    from oncall_tui.domain.history import History
    from oncall_tui.domain.pages import PageLog
    from oncall_tui.sources.prometheus.queries import Answer


@runtime_checkable
class KnowsHistory(Protocol):
    """A source that remembers when an alert fired before."""

    async def history_of(self, vendor_id: str, keys: Sequence[str] = ()) -> History:
        """The times that the same alert fired within the last 30 days, without the one of ``vendor_id``.

        Args:
            keys: dedup keys of the alert that are known; its own are looked up.

        Raises:
            SourceError: the vendor could not be asked.
        """
        ...


@runtime_checkable
class KnowsPages(Protocol):
    """A source that remembers whom it called."""

    async def pages_since(self, since: datetime) -> PageLog:
        """Every notification of a human since then; the log says how far back it goes when not all could be read.

        Raises:
            SourceError: nothing could be read.
        """
        ...


@runtime_checkable
class KnowsMetrics(Protocol):
    """A source that answers queries somebody asks."""

    async def instant(self, query: str) -> Answer:
        """The newest value of every series.

        Raises:
            SourceError: no answer, or a query that is refused.
        """
        ...


async def history_from(sources: Sequence[Source], alert: Alert) -> History:
    """The history of an alert, from the first of its records whose source remembers any. Raises ``SourceError``."""
    able = {one.name: one for one in sources if isinstance(one, KnowsHistory)}
    for record in alert.records:
        if record.source in able:
            keys = sorted(one.value for one in record.keys if one.rule is JoinRule.DEDUP_KEY)
            return await able[record.source].history_of(record.id, keys)
    raise Refused("No pager holds this alert: only PagerDuty remembers when one fired before.")


async def pages_from(sources: Sequence[Source], since: datetime) -> PageLog:
    """Whom all pagers called. Raises ``SourceError`` when there is none, or one of them does not answer."""
    from oncall_tui.domain.pages import joined

    logs = [await one.pages_since(since) for one in sources if isinstance(one, KnowsPages)]
    if not logs:
        raise Refused("Pages are counted from PagerDuty, and no such source is configured.")
    return joined(logs)
