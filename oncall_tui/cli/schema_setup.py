"""How what is found in a configuration becomes JSON. Pure; ``shapes_setup`` holds what each object has."""

from typing import TYPE_CHECKING

from oncall_tui.cli.schema import moment
from oncall_tui.cli.shapes_setup import AreaObject, DoctorAnswer, FindingObject, ProblemObject
from oncall_tui.domain.text import clean_line

if TYPE_CHECKING:
    from oncall_tui.cli.doctor.model import Area, Diagnosis
    from oncall_tui.config.errors import Problem
    from oncall_tui.sources.base import Finding


def problem_object(problem: "Problem") -> ProblemObject:
    """One entry of ``config check --json``."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "key": problem.key,
        "problem": problem.problem,
        "expected": problem.expected,
    }


def doctor_answer(diagnosis: "Diagnosis") -> DoctorAnswer:
    """``doctor --json``."""
    states = [one.state.value for area in diagnosis.areas for one in area.findings]
    return {
        "taken_at": moment(diagnosis.taken_at),
        "file": diagnosis.file,
        "state": diagnosis.state.value,
        "failures": states.count("failed"),
        "warnings": states.count("warning"),
        "areas": [_area(one) for one in diagnosis.areas],
    }


def _area(area: "Area") -> AreaObject:
    return {
        "area": area.name,
        "source": area.title if area.name == "source" else None,
        "about": _told(area.about),
        "state": area.state.value,
        "findings": [_finding(one) for one in area.findings],
    }


def _finding(one: "Finding") -> FindingObject:
    return {"state": one.state.value, "topic": one.topic.value, "what": _told(one.what), "advice": _told(one.advice)}


def _told(text: str) -> str:
    """What the doctor says, as its text has it: it quotes configurations, themes and the environment."""
    return clean_line(text, 1_000)
