"""Finds test files and tries every case of them. Reading blocks; trying touches no disk."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from oncall_tui.runbook.trying.cases import Case, CaseFile
from oncall_tui.runbook.trying.trial import tried

SUFFIX = "_test.yml"


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a case."""

    file: Path
    case: Case
    problems: tuple[str, ...]


def case_files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The test files that are meant, each once: of a folder all in it, of a runbook the one beside it."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(one for one in path.rglob(f"*{SUFFIX}") if one.is_file())
        elif path.suffix in (".md", ".markdown"):
            beside = path.with_name(f"{path.stem}{SUFFIX}")
            found += [beside] if beside.is_file() else []
        else:
            found.append(path)
    return tuple(dict.fromkeys(found))


async def try_file(file: CaseFile) -> tuple[Tried, ...]:
    """Every case of a file that has no troubles."""
    if file.runbook is None or file.troubles:
        return ()
    return tuple([Tried(file.path, case, await tried(file.runbook, case)) for case in file.cases])
