"""The Prometheus server that is opened late, and answers queries of runbooks besides being polled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oncall_tui.domain.situation import Failure
from oncall_tui.monitor.late import LateSource
from oncall_tui.sources.errors import Refused
from oncall_tui.sources.knowers import KnowsMetrics

if TYPE_CHECKING:
    from oncall_tui.sources.prometheus.queries import Answer


class LateMetrics(LateSource):
    """Opened by whatever comes first, a poll or a query."""

    async def instant(self, query: str) -> Answer:
        """The newest value of every series. Raises ``SourceError``."""
        opened = await self.opened()
        if isinstance(opened, Failure):
            raise Refused(opened.message, opened.hint)
        if not isinstance(opened, KnowsMetrics):
            raise Refused(f"{self.name} answers no queries.")
        return await opened.instant(query)
