"""A program on this machine, started with its arguments as they stand: no shell takes part."""

import os
import shlex
from collections.abc import Callable

from oncall_tui.runbook.execution import Chunk, Executed, Prepared, Running
from oncall_tui.runbook.executors.place import Place, Refused, refuse_altered, secrets_of
from oncall_tui.runbook.process.environment import inherited, refused_names
from oncall_tui.runbook.process.job import Job
from oncall_tui.runbook.process.keeping import Keeping
from oncall_tui.runbook.process.running import Keeps, ProcessRunning
from oncall_tui.runbook.process.screening import redactor
from oncall_tui.runbook.process.watch import Ended


class ProgramExecutor:
    """Runs the words of ``Prepared.body``, which ``shlex.join`` made of an argv. Values are in the environment."""

    def __init__(self, place: Place) -> None:
        self._place = place

    async def start(self, prepared: Prepared, digest: str, hear: Callable[[Chunk], None]) -> Running:
        """``Executor.start``."""
        refuse_altered(prepared, digest)
        if prepared.needs_terminal or prepared.target:
            return Refused("nothing was started: a program runs here, and without a terminal of its own")
        folder = self._place.outputs if prepared.keeps_output else None
        keeps = Keeps(redactor(secrets_of(prepared)), folder, self._place.output_limit)
        return ProcessRunning(lambda: self._job(prepared), _as_it_is, keeps, hear, "action")

    def _job(self, prepared: Prepared) -> Job | str:
        name, *arguments = shlex.split(prepared.body)
        if problem := refused_names({**prepared.values, **prepared.carried}):
            return f"nothing was started: {problem}"
        cwd = prepared.cwd.absolute()
        if not cwd.is_dir():
            return f"nothing was started: the folder {cwd} is not there. Make it, or change `runbooks.directory`"
        path = os.path.join(cwd, os.path.expanduser(name)) if os.sep in name else self._place.program(name)
        if path is None or not os.access(path, os.X_OK):
            return f"nothing was started: there is no program {name!r} on this machine. Install it, or write its path"
        env = {**inherited(self._place.environ, self._place.withheld), **prepared.carried, **prepared.values}
        timeout = prepared.timeout.total_seconds()
        return Job([path, *arguments], env, str(cwd), timeout=timeout, patience=self._place.patience)


def _as_it_is(ended: Ended, keeping: Keeping, executed: Executed) -> Executed:
    return executed
