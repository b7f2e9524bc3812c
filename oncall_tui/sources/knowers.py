"""What a pager can tell of the past: the protocols of those that can, asked only when somebody wants to know."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from oncall_tui.domain.history import History
from oncall_tui.domain.pages import PageLog


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
