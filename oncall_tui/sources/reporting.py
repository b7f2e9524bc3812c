"""One poll as a report, whatever happened in it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import monotonic

from oncall_tui.domain.alert import SourceKind
from oncall_tui.domain.situation import Failure
from oncall_tui.sources.base import Clock, Records, Report
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Malformed, SourceError
from oncall_tui.sources.skew import Skew
from oncall_tui.sources.values import WRONG_SHAPE


async def reported(
    connection: Connection, kind: SourceKind, clock: Clock, skew: Skew, fetch: Callable[[], Awaitable[Records]]
) -> Report:
    """Run one ``fetch`` and turn its outcome into a report. Never raises for what a vendor does.

    A ``SourceError`` is a failure with its own words; any of ``WRONG_SHAPE`` is a malformed answer. A clock that is
    far off is the first of the warnings.
    """
    started = monotonic()
    records: Records | None = None
    failure: Failure | None = None
    try:
        found = await fetch()
        records = replace(found, warnings=(*skew.warnings(connection.host), *found.warnings))
    except SourceError as error:
        failure = error.failure()
    except WRONG_SHAPE as error:
        failure = _unreadable(connection, error).failure()
    return Report(connection.name, kind, clock(), monotonic() - started, records, failure, skew.seconds)


def _unreadable(connection: Connection, error: Exception) -> Malformed:
    """The error for JSON in another shape. Python's words may quote the answer, and an answer may quote the token."""
    # A ValueError tells in words what is wrong; a KeyError has nothing but the key.
    said = connection.scrubbed(str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}")
    return Malformed(
        f"{connection.name}: {connection.host} answered in a shape nobody expected ({said}).",
        "Is `url` of this source the right address? If so, report this line with what `oncall-tui --version` says.",
    )
