"""PromQL steps: one instant query. No data, NaN and several series without a rule to join them are no value."""

import hashlib
from collections.abc import Callable, Sequence
from math import isfinite

from oncall_tui.domain.text import clean, clean_line
from oncall_tui.runbook.execution import Chunk, Ending, Executed, Prepared, Running, Stream
from oncall_tui.runbook.executors.asking import Asking
from oncall_tui.runbook.executors.place import refuse_altered
from oncall_tui.runbook.ports import MetricReader, PortError, Series

MOST_SHOWN = 200
"""Series that are listed."""
_REDUCE: dict[str, Callable[[Sequence[float]], float]] = {
    "max": max,
    "min": min,
    "sum": sum,
    "avg": lambda values: sum(values) / len(values),
}


class PromqlExecutor:
    """Asks a Prometheus server. ``target`` names the source."""

    def __init__(self, reader: MetricReader) -> None:
        self._reader = reader

    async def start(self, prepared: Prepared, digest: str, hear: Callable[[Chunk], None]) -> Running:
        """``Executor.start``."""
        refuse_altered(prepared, digest)
        timeout_s = prepared.timeout.total_seconds()

        async def ask() -> Executed:
            try:
                series = await self._reader.query(prepared.body, prepared.target, timeout_s)
            except PortError as error:
                return Executed(Ending.EXITED, clean_line(str(error)), exit=1, stderr=clean(f"{error}\n"))
            executed = read(series, prepared.reduce)
            hear(Chunk(Stream.OUT, executed.stdout))
            return executed

        return Asking(ask, timeout_s)


def read(series: Sequence[Series], reduce: str) -> Executed:
    """What an answer says."""
    values = tuple(one.value for one in series)
    value, reason = value_of(values, reduce)
    shown = [f"{_labels(one)} {one.value:g}" for one in series[:MOST_SHOWN]]
    if len(series) > MOST_SHOWN:
        shown.append(f"… and {len(series) - MOST_SHOWN} more series")
    text = "".join(f"{line}\n" for line in shown) or "no data\n"
    data = text.encode()
    return Executed(
        Ending.EXITED,
        reason,
        exit=0,
        stdout=text,
        plain=text,
        is_truncated=len(series) > MOST_SHOWN,
        output_bytes=len(data),
        output_sha256=hashlib.sha256(data).hexdigest(),
        value=value,
        count=len(series),
        values=values,
    )


def value_of(values: Sequence[float], reduce: str) -> tuple[float | None, str]:
    """The one value, or none and why."""
    if not values:
        return None, "no data: the query has no series right now"
    if len(values) > 1 and reduce not in _REDUCE:
        return None, f"{len(values)} series and no `reduce`: which of them is meant is unknown"
    # One that cannot be told spreads: the largest of those that can might be the smaller one.
    value = _REDUCE[reduce](values) if len(values) > 1 and all(map(isfinite, values)) else values[0]
    if not all(map(isfinite, values)):
        return None, "not a number: there is nothing to be measured right now"
    return value, ""


def _labels(series: Series) -> str:
    pairs = ", ".join(f'{name}="{value}"' for name, value in sorted(series.labels.items()) if name != "__name__")
    return clean_line(f"{series.labels.get('__name__', '')}{{{pairs}}}")
