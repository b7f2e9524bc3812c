"""The model: which danger holds, what can run, and what a finding says."""

from pathlib import Path

import pytest

from oncall_tui.runbook.danger import Danger, Judgement
from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.finding import RULES, Finding, Level, in_order
from oncall_tui.runbook.model import Command, Lines, Mode, Phase, Runbook, Section, Step, StepKind
from oncall_tui.runbook.options import DEFAULT_PATTERN, Parameter, Type


def step(
    *judged: Danger,
    author: Danger | None = None,
    danger_reason: str = "",
    unresolved: tuple[str, ...] = (),
    blocked: tuple[str, ...] = (),
    place: int = 0,
) -> Step:
    commands = tuple(Command(f"s1{n}", "ls", 1, Judgement(danger)) for n, danger in enumerate(judged))
    return Step(
        id=f"s{place}",
        kind=StepKind.SHELL,
        lang="bash",
        body="ls\n",
        commands=commands,
        lines=Lines(3, 5),
        section=place,
        author=author,
        danger_reason=danger_reason,
        unresolved=unresolved,
        blocked=blocked,
    )


@pytest.mark.parametrize(
    ("author", "reason", "judged", "danger"),
    [
        (None, "", (Danger.READ, Danger.CHANGE), Danger.CHANGE),
        (Danger.READ, "", (Danger.DESTROY,), Danger.DESTROY),
        (Danger.DESTROY, "", (Danger.READ,), Danger.DESTROY),
        (Danger.READ, "it only looks", (Danger.CHANGE,), Danger.READ),
        (None, "without a word of danger a reason lowers nothing", (Danger.CHANGE,), Danger.CHANGE),
    ],
)
def test_the_greater_danger_holds_unless_less_has_a_reason(
    author: Danger | None, reason: str, judged: tuple[Danger, ...], danger: Danger
) -> None:
    assert step(*judged, author=author, danger_reason=reason).danger is danger


def test_only_what_is_whole_and_resolved_can_run() -> None:
    assert step(Danger.READ).is_runnable
    assert not step().is_runnable
    assert not step(Danger.READ, unresolved=("pod",)).is_runnable
    assert not step(Danger.READ, blocked=("it does not parse",)).is_runnable


def test_kinds_are_those_that_executors_know_and_two_for_people() -> None:
    executable = {kind: kind.executable for kind in StepKind}
    assert {kind for kind in executable.values() if kind is not None} == set(Kind)
    assert [kind for kind, runs in executable.items() if runs is None] == [StepKind.MANUAL, StepKind.TEXT]


def test_a_text_has_the_default_pattern_unless_it_is_told_otherwise() -> None:
    assert Parameter("service").rule == DEFAULT_PATTERN
    assert Parameter("service", pattern="[a-z]+").rule == "[a-z]+"
    assert Parameter("count", Type.INT).rule is None
    assert Parameter("env", choices=("a b",)).rule is None


def test_findings_stand_in_the_order_of_the_file_and_once() -> None:
    late, early = Finding("F2", Level.ERROR, 9, "b"), Finding("F1", Level.WARNING, 2, "a")
    assert in_order([late, early, late]) == (early, late)
    assert {one.rule for one in (late, early)} <= set(RULES)


def test_what_a_finding_quotes_is_cleaned() -> None:
    found = Finding("F2", Level.ERROR, 3, "unknown key \x1b[31mred\nx", "did you mean `read`?", column=5)
    assert str(found) == "3:5: error F2: unknown key �[31mred x; did you mean `read`?"


def test_an_error_refuses_a_native_file_and_not_an_imported_one() -> None:
    sections = tuple(Section(word, word, 2, Phase.NONE, Lines(1, 9)) for word in ("a", "b"))

    def book(mode: Mode) -> Runbook:
        found = (Finding("F2", Level.ERROR, 1, "x"), Finding("F5", Level.WARNING, 2, "y"))
        return Runbook(Path("x.md"), mode, "x", "X", sections, (step(place=0), step(place=1)), "", "", findings=found)

    native = book(Mode.NATIVE)
    assert (native.is_refused, book(Mode.IMPORTED).is_refused) == (True, False)
    assert [one.rule for one in native.errors] == ["F2"]
    assert native.steps_in(sections[1]) == (native.steps[1],)
    assert native.section_of(native.steps[1]) is sections[1]
    assert native.step("s1") is native.steps[1]
    assert native.step("nothing") is None
