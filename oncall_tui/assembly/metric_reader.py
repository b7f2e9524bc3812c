"""The metrics that runbooks ask, through the sources that the screen polls: one budget, one connection, one proxy."""

import asyncio
from collections.abc import Sequence

from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.ports import PortError, Series
from oncall_tui.sources.base import Source
from oncall_tui.sources.errors import SourceError
from oncall_tui.sources.knowers import KnowsMetrics


class SourceMetrics:
    """``MetricReader`` over the Prometheus sources of a configuration.

    Args:
        preferred: the source that is asked where a step names none; empty for the first one.
    """

    def __init__(self, sources: Sequence[Source], preferred: str = "") -> None:
        self._able = {one.name: one for one in sources if isinstance(one, KnowsMetrics)}
        self._preferred = preferred

    async def query(self, query: str, source: str, timeout_s: float) -> Sequence[Series]:
        """``MetricReader.query``."""
        name = SourceName(source or self._preferred or next(iter(self._able), ""))
        asked = self._able.get(name)
        if asked is None:
            if not self._able:
                raise PortError("The configuration has no Prometheus source.")
            raise PortError(f"There is no Prometheus source {clean_line(name)} (there is: {', '.join(self._able)}).")
        try:
            async with asyncio.timeout(timeout_s):
                answer = await asked.instant(query)
        except TimeoutError:
            raise PortError(f"{name} did not answer within {timeout_s:g} s.") from None
        except SourceError as error:
            raise PortError(f"{error} {error.hint}".strip()) from None
        return tuple(Series(line.labels, line.samples[-1].value) for line in answer.lines if line.samples)
