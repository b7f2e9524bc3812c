"""Shell steps on this machine: ``bash --noprofile --norc FILE``, values in the environment and nowhere else."""

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from oncall_tui.runbook.execution import Chunk, Ending, Executed, Prepared, Running
from oncall_tui.runbook.executors.place import Place, Refused, refuse_altered, secrets_of
from oncall_tui.runbook.executors.remote import PREFIX as SSH
from oncall_tui.runbook.executors.ssh import SshExecutor
from oncall_tui.runbook.process.carry import prologue, read_left
from oncall_tui.runbook.process.environment import inherited, refused_names
from oncall_tui.runbook.process.job import Job
from oncall_tui.runbook.process.keeping import Keeping
from oncall_tui.runbook.process.running import Keeps, ProcessRunning
from oncall_tui.runbook.process.screening import redactor
from oncall_tui.runbook.process.watch import Ended


class ShellExecutor:
    """Runs scripts with this machine's bash, and those for other machines over ssh."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._remote = SshExecutor(place)

    async def start(self, prepared: Prepared, digest: str, hear: Callable[[Chunk], None]) -> Running:
        """``Executor.start``."""
        refuse_altered(prepared, digest)
        if prepared.target.startswith(SSH):
            return await self._remote.start(prepared, digest, hear)
        if prepared.target:
            return Refused(f"nothing was started: {prepared.target!r} is no place where a shell runs; write ssh:host")
        if prepared.needs_terminal:
            return Refused("nothing was started: the step needs a terminal of its own. Run it there, or do it yourself")
        script = Script(self._place, prepared)
        folder = self._place.outputs if prepared.keeps_output else None
        keeps = Keeps(redactor(secrets_of(prepared)), folder, self._place.output_limit)
        return ProcessRunning(script.job, script.finish, keeps, hear)


class Script:
    """The private folder of one execution. Its methods block; they are called in the thread that watches."""

    def __init__(self, place: Place, prepared: Prepared) -> None:
        self._place = place
        self._prepared = prepared
        self._folder: Path | None = None
        self._env: dict[str, str] = {}

    def job(self) -> Job | str:
        """The script written down, or why it cannot run."""
        prepared = self._prepared
        bash = self._place.program("bash")
        if bash is None:
            return "nothing was started: there is no bash on this machine's PATH. Install it, or do the step yourself"
        if problem := refused_names({**prepared.values, **prepared.carried}):
            return f"nothing was started: {problem}"
        cwd = prepared.cwd.absolute()
        if not cwd.is_dir():
            return f"nothing was started: the folder {cwd} is not there. Make it, or change the step's `cwd`"
        env = {**inherited(self._place.environ, self._place.withheld), **prepared.carried, **prepared.values}
        try:
            script = self._written()
        except (OSError, UnicodeEncodeError) as error:
            self.clear()
            return f"nothing was started: the script could not be written down: {error}"
        options = ("-euo", "pipefail") if prepared.is_strict else ("-u",)
        self._env = env
        argv = [bash, "--noprofile", "--norc", *options, str(script)]
        timeout = prepared.timeout.total_seconds()
        return Job(argv, env, str(cwd), timeout=timeout, patience=self._place.patience)

    def finish(self, ended: Ended, keeping: Keeping, executed: Executed) -> Executed:
        """With what it leaves to the next steps; the folder is removed."""
        if self._folder is None:
            return executed
        try:
            if ended.ending is not Ending.EXITED or ended.exit != 0:
                return executed
            left = read_left(self._folder / "left", self._env, self._prepared.values, secrets_of(self._prepared))
            began = os.path.realpath(self._prepared.cwd)
            cwd = Path(left.cwd) if left.cwd and os.path.realpath(left.cwd) != began else None
            return replace(executed, left_behind=left.variables, left_cwd=cwd)
        finally:
            self.clear()

    def clear(self) -> None:
        """Remove the private folder."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _written(self) -> Path:
        self._folder = Path(tempfile.mkdtemp(prefix="oncall-step-", dir=self._place.scratch_folder()))
        path = self._folder / "step.sh"
        text = prologue(self._folder / "left", is_exporting=not self._prepared.is_strict) + self._prepared.body + "\n"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
        return path
