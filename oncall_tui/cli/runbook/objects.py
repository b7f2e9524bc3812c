"""Runbooks as the objects of docs/json.md."""

from collections.abc import Mapping
from pathlib import Path

from oncall_tui.cli.runbook.seen import Looked, Seen
from oncall_tui.cli.shapes_runbook import (
    RunbookCandidateObject,
    RunbookFindingObject,
    RunbookParameterObject,
    RunbookShowAnswer,
    RunbookStepObject,
)
from oncall_tui.runbook.catalogue.find import Candidate
from oncall_tui.runbook.finding import Finding
from oncall_tui.runbook.model import Runbook, Step
from oncall_tui.runbook.options import Parameter
from oncall_tui.runbook.values.resolve import Value


def finding_object(file: Path, finding: Finding) -> RunbookFindingObject:
    """One finding of a file."""
    return {
        "file": str(file),
        "rule": finding.rule,
        "level": finding.level.value,
        "line": finding.line,
        "column": finding.column,
        "problem": finding.problem,
        "advice": finding.advice,
        "step": finding.step or None,
    }


def candidate_object(candidate: Candidate) -> RunbookCandidateObject:
    """A runbook that fits an alert."""
    entry = candidate.entry
    return {
        "file": entry.path,
        "mode": entry.mode.value,
        "id": entry.id,
        "title": entry.title,
        "why": candidate.why,
        "anchor": candidate.anchor or None,
    }


def show_answer(runbook: Runbook, values: Mapping[str, Value], look: Looked) -> RunbookShowAnswer:
    """A runbook with the values that are known."""
    return {
        "mode": runbook.mode.value,
        "title": runbook.title,
        "parameters": [_parameter(one, values[one.name]) for one in runbook.params.values()],
        "errors": [finding_object(runbook.path, one) for one in runbook.errors],
        "steps": [_step(runbook, one, look(one)) for one in runbook.steps],
    }


def _parameter(parameter: Parameter, value: Value) -> RunbookParameterObject:
    return {
        "name": parameter.name,
        "type": parameter.type.value,
        "from": list(parameter.origins),
        "required": parameter.is_required,
        "value": None if value.text is None else value.shown,
        "origin": value.origin,
        "problem": value.problem,
        "written": parameter.written or None,
    }


def _step(runbook: Runbook, step: Step, seen: Seen) -> RunbookStepObject:
    section = runbook.section_of(step)
    return {
        "id": step.id,
        "kind": step.kind.value,
        "lang": step.lang,
        "body": step.body,
        "commands": list(seen.commands),
        "line": step.line,
        "section": section.heading,
        "phase": section.phase.value,
        "danger": step.danger.word,
        "author": None if step.author is None else step.author.word,
        "classifier": step.judged.word,
        "danger_reason": step.danger_reason or None,
        "runnable": step.is_runnable and not seen.unresolved and not seen.problem,
        "unresolved": list(seen.unresolved),
    }
