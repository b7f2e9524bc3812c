"""Shell steps of native files: values stay values (S1 to S4), and nothing unknown is run (S5)."""

import re
from collections.abc import Set

from oncall_tui.runbook.importing.placeholders import placeholders_of
from oncall_tui.runbook.model import Runbook, Step, StepKind
from oncall_tui.runbook.reading.keys import Notes
from oncall_tui.runbook.reading.nodes import Place
from oncall_tui.runbook.reading.references import TEMPLATE, names_of, with_rehearsals
from oncall_tui.runbook.shell.syntax import script_of
from oncall_tui.runbook.shell.variables import variables_in

_PIPED = re.compile(r"\b(?:curl|wget)\b[^|;&\n]*\|\s*(?:sudo\s+)?(?:\S*/)?(?:ba|z|da|k)?sh\b")
_PLAIN_HTTP = re.compile(r"\b(?:curl|wget)\b[^|;&\n]*\bhttp://(?!localhost\b|127\.0\.0\.1\b|\[::1\])")


def scripts(runbook: Runbook, notes: Notes) -> None:
    """Every shell step."""
    known = names_of(runbook)
    for step in with_rehearsals(runbook):
        if step.kind is StepKind.SHELL:
            for command in step.commands:
                _script(step, command.text, command.line, known.keys(), notes)


def _script(step: Step, text: str, line: int, names: Set[str], notes: Notes) -> None:
    for found in TEMPLATE.finditer(text):
        if found[1] in names:
            place = _place(text, found.start(), line)
            notes.error("S1", place, f"{{{{{found[1]}}}}} in a shell fence", f'write "${found[1]}"', step.id)
    for one in placeholders_of(text):
        notes.error("S3", _place(text, one.start, line), f"the placeholder <{one.inside}> is left", "", step.id)
    if not script_of(text).is_whole:
        if not any(True for _ in placeholders_of(text)):
            notes.error("S3", Place(line, 1), "it does not parse as a shell script", "try it with `bash -n`", step.id)
        return
    for reference in variables_in(text).all:
        if reference.name not in names:
            continue
        place = Place(line + reference.line - 1, 1)
        if reference.read_by:
            what = f"${reference.name} would be read as program text by {reference.read_by}"
            notes.error("S2", place, what, "hand it over as an argument or in the environment", step.id)
        elif not reference.is_quoted:
            notes.warn("S4", place, f"${reference.name} is not quoted", f'write "${reference.name}"', step.id)
    for pattern, what in ((_PIPED, "a download is piped to a shell"), (_PLAIN_HTTP, "a download over plain HTTP")):
        if download := pattern.search(text):
            notes.warn("S5", _place(text, download.start(), line), what, "load a file and check it first", step.id)


def _place(text: str, start: int, line: int) -> Place:
    return Place(line + text.count("\n", 0, start), start - text.rfind("\n", 0, start))
