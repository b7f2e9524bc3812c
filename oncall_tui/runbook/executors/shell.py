"""Shell steps on this machine: ``bash --noprofile --norc FILE``, values in the environment and nowhere else."""

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from oncall_tui.runbook.execution import Altered, Chunk, Ending, Executed, Prepared, Running
from oncall_tui.runbook.process.carry import prologue, read_left
from oncall_tui.runbook.process.environment import inherited, refused_names
from oncall_tui.runbook.process.job import Job, Patience
from oncall_tui.runbook.process.keeping import FILE_LIMIT, Keeping
from oncall_tui.runbook.process.running import Keeps, ProcessRunning
from oncall_tui.runbook.process.screening import redactor
from oncall_tui.runbook.process.watch import Ended


@dataclass(frozen=True, slots=True)
class Place:
    """Where steps run and where their output goes."""

    environ: Mapping[str, str]
    """The operator's environment; in the demo one of its own."""
    withheld: Collection[str] = ()
    """Names of the variables that hold this tool's tokens."""
    outputs: Path | None = None
    """The private folder of output files; none are written without one."""
    scratch: Path | None = None
    """Where private folders of scripts are made; the system's folder for temporary files without one."""
    patience: Patience = field(default_factory=Patience)
    output_limit: int = FILE_LIMIT
    program_path: str | None = None
    """Where bash, psql and ssh are looked for, as ``PATH`` is written; the operator's ``PATH`` without it. The demo's
    steps have a ``PATH`` that holds no shell."""

    def program(self, name: str) -> str | None:
        """The path of a program, absolute."""
        path = self.program_path if self.program_path is not None else self.environ.get("PATH", os.defpath)
        found = shutil.which(name, path=path)
        return os.path.abspath(found) if found else None


def refuse_altered(prepared: Prepared, digest: str) -> None:
    """Compare what would run with what was confirmed.

    Raises:
        Altered: they differ.
    """
    if prepared.digest != digest:
        raise Altered("What would run is not what was confirmed: nothing ran. Look at the step again and confirm it.")


def secrets_of(prepared: Prepared) -> list[str]:
    """The secret values of a step."""
    return [prepared.values[name] for name in sorted(prepared.secrets) if prepared.values.get(name)]


class ShellExecutor:
    """Runs scripts of this machine's bash."""

    def __init__(self, place: Place) -> None:
        self._place = place

    async def start(self, prepared: Prepared, digest: str, hear: Callable[[Chunk], None]) -> Running:
        """``Executor.start``."""
        refuse_altered(prepared, digest)
        if prepared.needs_terminal:
            return Refused("nothing was started: the step needs a terminal of its own. Run it there, or do it yourself")
        script = Script(self._place, prepared)
        folder = self._place.outputs if prepared.keeps_output else None
        keeps = Keeps(redactor(secrets_of(prepared)), folder, self._place.output_limit)
        return ProcessRunning(script.job, script.finish, keeps, hear)


class Refused:
    """``Running`` of what did not start."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    async def ended(self) -> Executed:
        """At once."""
        return Executed(Ending.FAILED_TO_START, self._reason)

    def cancel(self) -> None:
        """There is nothing to end."""


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
        if self._place.scratch is not None:
            self._place.scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(prefix="oncall-step-", dir=self._place.scratch))
        path = self._folder / "step.sh"
        text = prologue(self._folder / "left", is_exporting=not self._prepared.is_strict) + self._prepared.body + "\n"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
        return path
