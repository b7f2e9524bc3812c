"""``oncall-tui runbook lint``."""

from collections.abc import Sequence
from pathlib import Path

import click

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import print_json, print_lines
from oncall_tui.cli.runbook.library import settings
from oncall_tui.cli.session import Session
from oncall_tui.cli.shapes_runbook import RunbookLintAnswer
from oncall_tui.domain.counts import counted
from oncall_tui.domain.text import clean_line


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(exists=True, path_type=Path))
@click.option("--strict", "is_strict", is_flag=True, help="Warnings count like errors.")
@as_json_option
@click.pass_obj
def lint(session: Session, paths: Sequence[Path], is_strict: bool, as_json: bool) -> None:
    """Tell what is wrong with runbooks, by file and line. PATH is a file or a folder.

    Exit code 1 when there is an error (with --strict also a warning), 2 for bad usage, and when there
    is no runbook in it.
    """
    from oncall_tui.cli.runbook.objects import finding_object
    from oncall_tui.runbook.lint.files import files_under, lint_files

    files = files_under(paths)
    if not files:
        raise click.UsageError("There is no runbook in it (files end in .md or .markdown): nothing would be checked.")
    found = lint_files(files, settings(session).runbooks.directory)
    errors = sum(1 for _, one in found if one.level.value == "error")
    warnings = len(found) - errors
    if as_json:
        findings = [finding_object(file, one) for file, one in found]
        print_json(dict(RunbookLintAnswer(files=len(files), errors=errors, warnings=warnings, findings=findings)))
    else:
        told = [clean_line(f"{file}:{one}", 1_000) for file, one in found]
        counts = f"{counted(errors, 'error')}, {counted(warnings, 'warning')} in {counted(len(files), 'file')}."
        print_lines([*told, counts])
    is_wrong = bool(errors or (is_strict and warnings))
    click.get_current_context().exit(ExitCode.LINT_FINDINGS if is_wrong else ExitCode.FINE)
