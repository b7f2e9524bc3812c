"""``oncall-tui runbook test``."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import complain, print_json, print_lines
from oncall_tui.cli.runbook.library import settings
from oncall_tui.cli.session import Session
from oncall_tui.cli.shapes_run import RunbookCaseObject, RunbookTestAnswer, RunbookTroubleObject
from oncall_tui.domain.counts import counted
from oncall_tui.domain.text import clean_line

if TYPE_CHECKING:
    from oncall_tui.runbook.trying.cases import CaseFile
    from oncall_tui.runbook.trying.files import Tried
    from oncall_tui.runbook.trying.reading import Load


@click.command("test")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(exists=True, path_type=Path))
@as_json_option
@click.pass_obj
def trial(session: Session, paths: Sequence[Path], as_json: bool) -> None:
    """Try runbooks with what their *_test.yml says comes of each step; nothing is run, asked or written.

    PATH is a folder, a runbook or a test file. Exit code 1 when a case fails or a test file is wrong, 2 when there is
    none.
    """
    from oncall_tui.runbook.classify import judge
    from oncall_tui.runbook.forbidding import without_forbidden
    from oncall_tui.runbook.reading.read import read_file
    from oncall_tui.runbook.trying.files import case_files, try_file

    forbidden = tuple(settings(session).runbooks.forbid)
    files = [_read(path, lambda one: without_forbidden(read_file(one, judge), forbidden)) for path in case_files(paths)]
    if not files:
        raise click.UsageError(
            "There is no *_test.yml in it or beside it: nothing would be tested. docs/runbooks.md shows one."
        )
    tried = [one for file in files for one in asyncio.run(try_file(file))]
    failed = sum(1 for one in tried if one.problems)
    troubles = [one for file in files for one in file.troubles]
    if as_json:
        print_json(dict(_answer(files, tried)))
    else:
        for trouble in troubles:
            complain(str(trouble))
        print_lines([line for one in tried for line in _lines(one)])
        counts = f"{counted(len(tried), 'case')}, {failed} failed, in {counted(len(files), 'file')}."
        print_lines([counts])
    click.get_current_context().exit(ExitCode.LINT_FINDINGS if failed or troubles else ExitCode.FINE)


def _read(path: Path, load: "Load") -> "CaseFile":
    """A test file; one that cannot be read is a trouble of it, and keeps no other from being tried."""
    from oncall_tui.runbook.reading.nodes import Place
    from oncall_tui.runbook.trying.cases import CaseFile
    from oncall_tui.runbook.trying.nodes import Taker
    from oncall_tui.runbook.trying.reading import read_cases

    try:
        return read_cases(path, load)
    except OSError as error:
        taker = Taker(path)
        taker.wrong(Place(1, 1), "file", f"cannot be read: {clean_line(error.strerror or str(error))}")
        return CaseFile(path, None, troubles=tuple(taker.troubles))


def _lines(tried: "Tried") -> list[str]:
    word = "failed" if tried.problems else "passed"
    first = f"{word}  " + clean_line(f"{tried.file}:{tried.case.line}: {tried.case.name}", 1_000)
    return [first, *(f"        {clean_line(one, 1_000)}" for one in tried.problems)]


def _answer(files: "Sequence[CaseFile]", tried: "Sequence[Tried]") -> RunbookTestAnswer:
    cases: list[RunbookCaseObject] = [
        {
            "file": str(one.file),
            "line": one.case.line,
            "name": clean_line(one.case.name, 400),
            "passed": not one.problems,
            "problems": list(one.problems),
        }
        for one in tried
    ]
    troubles: list[RunbookTroubleObject] = [
        {"file": str(one.file), "line": one.line, "key": one.key, "problem": one.problem}
        for file in files
        for one in file.troubles
    ]
    failed = sum(1 for one in cases if not one["passed"])
    return {"files": len(files), "failed": failed, "cases": cases, "troubles": troubles}
