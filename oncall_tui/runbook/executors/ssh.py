"""Shell steps over ssh: an executor like any other, with ``ssh`` in the place of ``bash``."""

from collections.abc import Callable
from pathlib import Path

from oncall_tui.runbook.execution import Chunk, Executed, Prepared, Running
from oncall_tui.runbook.executors.place import Place, Refused, refuse_altered, secrets_of
from oncall_tui.runbook.executors.remote import COMMAND, OPTIONS, Unsendable, host_of, script_for
from oncall_tui.runbook.process.environment import inherited
from oncall_tui.runbook.process.job import Job
from oncall_tui.runbook.process.keeping import Keeping
from oncall_tui.runbook.process.running import Keeps, ProcessRunning
from oncall_tui.runbook.process.screening import redactor
from oncall_tui.runbook.process.watch import Ended


class SshExecutor:
    """Runs scripts on the host that ``target`` names, as ``ssh:host``. They leave nothing to the next step."""

    def __init__(self, place: Place) -> None:
        self._place = place

    async def start(self, prepared: Prepared, digest: str, hear: Callable[[Chunk], None]) -> Running:
        """``Executor.start``."""
        refuse_altered(prepared, digest)
        if prepared.needs_terminal:
            return Refused("nothing was started: the step needs a terminal of its own. Run ssh yourself")
        patience = self._place.patience
        try:
            host = host_of(prepared.target)
            script = script_for(prepared, patience.interrupt, patience.terminate)
        except Unsendable as error:
            return Refused(f"nothing was started: {error}")

        def job() -> Job | str:
            ssh = self._place.program("ssh")
            if ssh is None:
                return (
                    "nothing was started: there is no ssh on this machine's PATH. Install it, or do the step yourself"
                )
            argv = [ssh, *OPTIONS, "--", host, COMMAND]
            env = inherited(self._place.environ, self._place.withheld)
            timeout = prepared.timeout.total_seconds()
            # The input stays open: its end is how the other side learns of ours.
            return Job(argv, env, str(Path.cwd()), script, holds_input=True, timeout=timeout, patience=patience)

        folder = self._place.outputs if prepared.keeps_output else None
        keeps = Keeps(redactor(secrets_of(prepared)), folder, self._place.output_limit)
        return ProcessRunning(job, _as_told, keeps, hear, "ssh")


def _as_told(ended: Ended, keeping: Keeping, executed: Executed) -> Executed:
    return executed
