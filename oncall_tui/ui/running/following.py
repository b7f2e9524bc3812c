"""While a run is on the screen: what others write of it, and what becomes of its file."""

from typing import TYPE_CHECKING

from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.run.states import State

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp
    from oncall_tui.ui.running.drive import Drive

EVERY_S = 2.0
"""How often there is a look at the file, and at the journal for somebody who looks on."""
SELDOM = 5
"""Who drives looks at the journal with every fifth of these: nobody writes there but who takes the run over."""


class Following:
    """Looks again and again. A look at what is as it was costs one number of the journal and one stamp of the file."""

    def __init__(self, app: "OncallApp", drive: "Drive") -> None:
        self._app = app
        self._drive = drive
        self._turn = 0
        self._is_looking = False
        self._gone = ""

    @property
    def is_due(self) -> bool:
        """Whether there is anything to look for, and no look under way."""
        return not self._is_looking and not self._drive.run.record.closed

    async def look(self) -> None:
        """Look once; what is new is drawn."""
        self._is_looking = True
        try:
            await self._look_at_journal()
            await self._look_at_file()
        finally:
            self._is_looking = False

    async def _look_at_journal(self) -> None:
        drive, run = self._drive, self._drive.run
        self._turn += 1
        if not run.pages.is_read_only and self._turn % SELDOM:
            return
        before = (drive.unheard, self._gone)
        try:
            await run.look()
        except JournalError as error:
            drive.unheard = str(error)
        else:
            drive.unheard = ""
        self._gone = run.presence.gone if run.pages.is_read_only else ""
        goes_on = run.pages.is_read_only and any(run.state_of(one) is State.RUNNING for one in run.record.units)
        if goes_on or before != (drive.unheard, self._gone):
            drive.changed()

    async def _look_at_file(self) -> None:
        drive, rooms = self._drive, self._app.rooms
        found = await rooms.runbooks.difference(drive.run) if rooms is not None else None
        if found != drive.difference:
            drive.difference = found
            drive.changed()
