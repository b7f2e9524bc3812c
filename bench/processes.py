"""What the kernel says of a process: memory, processor time, how often it woke up."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spent:
    """Since its start: user and system seconds, and how often a thread of it gave up the processor to wait."""

    cpu_s: float
    waits: int

    def since(self, before: "Spent") -> "Spent":
        """What was spent between two moments."""
        return Spent(self.cpu_s - before.cpu_s, self.waits - before.waits)


def spent(pid: int) -> Spent:
    """What a process has spent (``proc(5)``: ``stat``, ``task/*/status``)."""
    root = Path(f"/proc/{pid}")
    # The name of the command may hold blanks; it stands in parentheses.
    fields = (root / "stat").read_text().rpartition(")")[2].split()
    cpu_s = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    waits = sum(_number(task / "status", "voluntary_ctxt_switches") for task in (root / "task").iterdir())
    return Spent(cpu_s, waits)


def resident_mib(pid: int) -> float:
    """Resident memory in MiB; pages that are shared with other processes count as their share (``Pss``)."""
    return _number(Path(f"/proc/{pid}/smaps_rollup"), "Pss") / 1_024


def peak_mib(pid: int) -> float:
    """The most that was ever resident, in MiB."""
    return _number(Path(f"/proc/{pid}/status"), "VmHWM") / 1_024


def _number(file: Path, name: str) -> int:
    for line in file.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise LookupError(f"{file} does not tell {name}")
