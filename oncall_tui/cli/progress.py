"""How far an act on many alerts is, on stderr while it goes on: one that waits for a vendor's limit takes minutes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from oncall_tui.cli.output import complain

if TYPE_CHECKING:
    from oncall_tui.domain.ids import SourceName
    from oncall_tui.response.report import ActReport

FEW = 4
"""An act on so many is done at once, and tells its results only."""
_EVERY = 100


class Progress:
    """Hears of one act (``response.following.Following``)."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._heard = 0
        self._failed = 0
        self._told = 0

    def hear(self, reports: "Sequence[ActReport]") -> None:
        """These are done with."""
        self._heard += len(reports)
        self._failed += sum(one.outcome.value in ("failed", "unknown", "expired") for one in reports)
        if self._heard - self._told >= _EVERY and self._heard < self._total:
            self._tell("")

    def rest(self, source: "SourceName", seconds: float) -> None:
        """It goes on after so many seconds."""
        if self._total > FEW and seconds >= 1:
            self._tell(f"; {source} is busy, it goes on in {seconds:.0f} s")

    def _tell(self, more: str) -> None:
        self._told = self._heard
        failed = f", {self._failed} of them failed" if self._failed else ""
        complain(f"{self._heard} of {self._total} have their result{failed}{more}.")
