"""What changes something says how it is taken back, confirmed and seen to help (D1 to D7, N7)."""

import re
from collections.abc import Iterator

from oncall_tui.domain.durations import DurationError, parse_duration
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.lint.conditions import BRACES
from oncall_tui.runbook.model import Runbook, Step, StepKind
from oncall_tui.runbook.options import Type
from oncall_tui.runbook.reading.judge import Judge
from oncall_tui.runbook.reading.keys import Notes
from oncall_tui.runbook.reading.nodes import Place

READ_S, CHANGE_S = 60, 600
"""Seconds that a step has when it does not say: what reads, and the rest."""
_WAITS = re.compile(r"\bsleep\s+(\d+)([smhd]?)\b|--timeout[= ](\d+)([smh])\b|\b(aws)\s[^|;&\n]*\bwait\b")
_SILENT = re.compile(r"\b(?:psql|redis-cli)\b(?!.*(?:ON_ERROR_STOP|\s-e\b))")
_AWS_WAIT_S = 600


def dangers(runbook: Runbook, judge: Judge, notes: Notes) -> None:
    """Every step that does more than read, and every guard."""
    for step in runbook.steps:
        if step.commands:
            _told(step, notes)
            _waits(step, notes)
        if step.danger is not Danger.READ:
            _changing(runbook, step, notes)
    for guard in runbook.guards:
        if guard.check and judge(Kind.SHELL, guard.check).danger is not Danger.READ:
            advice = "a guard runs before anything was confirmed"
            notes.error("D4", Place(guard.line, 1), f"the guard `{guard.check}` does more than read", advice)


def _told(step: Step, notes: Notes) -> None:
    place = Place(step.line, 1)
    if step.author is not None and step.author < step.judged and not step.danger_reason:
        reasons = "; ".join(reason for one in step.commands for reason in one.judgement.reasons)
        what = f"it says {step.author.word} and is {step.judged.word}: {reasons}"
        notes.error("D1", place, what, "say why in `danger_reason`, or raise `danger`", step.id)
    if any(one.judgement.needs_terminal for one in step.commands) and not step.options.has_terminal:
        notes.warn("S6", place, "it follows something or needs a terminal", "add `tty`", step.id)


def _changing(runbook: Runbook, step: Step, notes: Notes) -> None:
    place, options = Place(step.line, 1), step.options
    if options.undo is None and not options.is_undo_only:
        advice = "name a step, or write `undo: {manual: …}` or `undo: {none: why}`"
        notes.error("D2", place, f"it is {step.danger.word} and has no `undo`", advice, step.id)
    if step.danger is Danger.DESTROY and not _holds_a_name(runbook, step):
        advice = 'write `confirm: {type: "end {name}"}` with the parameter that says what is meant'
        notes.error("D3", place, "it is destroy and has no phrase with a parameter to type", advice, step.id)
    if options.verify is None and not options.is_undo_only:
        notes.warn("D5", place, "nothing is verified after it", "add `verify`", step.id)
    proves_nothing = step.kind is StepKind.SQL or any(_SILENT.search(one.text) for one in step.commands)
    if proves_nothing and not options.expect:
        notes.warn("D6", place, "exit code 0 proves nothing here", "add `expect`", step.id)
    for name in dict.fromkeys(step.uses.values()):
        parameter = runbook.params.get(name)
        if parameter and parameter.type is Type.STRING and parameter.pattern is None and not parameter.choices:
            what = f"`{name}` is any text of the default pattern in a step that changes something"
            notes.warn("N7", place, what, "give the parameter a `pattern` or `choices`", step.id)


def _holds_a_name(runbook: Runbook, step: Step) -> bool:
    confirm = step.options.confirm
    names = BRACES.findall(confirm.phrase) if confirm else []
    captured = {f"{one.id}.{one.options.capture.name}" for one in runbook.steps if one.options.capture}
    return any(name in runbook.params or name in runbook.lets or name in captured for name in names)


def _waits(step: Step, notes: Notes) -> None:
    limit = step.options.timeout.total_seconds() if step.options.timeout else None
    given = limit if limit is not None else READ_S if step.danger is Danger.READ else CHANGE_S
    if step.kind is not StepKind.SHELL:
        return
    longest = max((seconds for one in step.commands for seconds in _seconds(one.text)), default=0)
    if longest > given:
        what = f"it waits up to {longest:g} s inside and ends after {given:g} s"
        notes.warn("D7", Place(step.line, 1), what, "give it a longer `timeout`", step.id)


def _seconds(text: str) -> Iterator[float]:
    for found in _WAITS.finditer(text):
        if found[5]:
            yield _AWS_WAIT_S
            continue
        number, unit = found[1] or found[3], found[2] or found[4] or "s"
        try:
            yield parse_duration(f"{number}{unit}").total_seconds()
        except DurationError:
            yield float("inf")
