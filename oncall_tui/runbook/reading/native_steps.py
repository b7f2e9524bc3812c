"""The steps of a native file: fences of the four kinds, and items to tick."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from oncall_tui.runbook.danger import Judgement
from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.importing.prose import task_words
from oncall_tui.runbook.importing.tags import SHELLS, contradiction
from oncall_tui.runbook.model import Command, Lines, Step, StepKind
from oncall_tui.runbook.reading.attributes import Info, info_of
from oncall_tui.runbook.reading.blocks import Fence, Paragraph
from oncall_tui.runbook.reading.keys import Notes, Told
from oncall_tui.runbook.reading.nodes import Place
from oncall_tui.runbook.reading.step_keys import step_keys
from oncall_tui.runbook.reading.text import unix

Judged = Callable[[Kind, str], Judgement]
_KINDS: Mapping[str, StepKind] = {lang: StepKind.SHELL for lang in SHELLS} | {
    "sql": StepKind.SQL,
    "promql": StepKind.PROMQL,
    "http": StepKind.HTTP,
}
_OF_STEPS = ("id", "danger", "needs", "capture", "verify", "undo", "expect")


def step_info(block: Fence, notes: Notes) -> Info | None:
    """The attributes of a fence that is a step by its language; one that is not, and says it is, is told."""
    info = info_of(block.info, Place(block.line, block.info_column))
    if info.lang in _KINDS:
        return info
    if any(one.key in _OF_STEPS for one in info.attributes):
        what = f"a fence of the language `{info.lang}` is no step" if info.lang else "a fence without a language"
        advice = "steps are " + ", ".join(sorted(_KINDS))
        notes.error("F3", Place(block.line, block.info_column), f"{what}, its attributes say nothing", advice)
    return None


def fence_step(block: Fence, info: Info, told: Mapping[str, Told], section: int, judged: Judged, notes: Notes) -> Step:
    """The step of a fence; it has no id when the author gives none.

    Args:
        info: its attributes, see ``step_info``.
        told: the keys of the directive before it.
    """
    kind = _KINDS[info.lang]
    place = Place(block.line, block.info_column)
    for problem, at in info.broken:
        notes.error("F1", at, problem, "write for example {#id danger=read timeout=20s}")
    if not block.is_closed:
        notes.error("F1", place, "the fence is never closed: it takes in the rest of the file")
    body = unix(block.body)
    wrong = contradiction(info.lang, body) if kind is StepKind.SHELL else ""
    if wrong:
        notes.error("F5", place, wrong, "give the fence the tag of what it holds")
    keys = step_keys(_merged(info, told, notes), notes)
    executable = kind.executable
    assert executable is not None
    if not body.strip():
        notes.error("F1", place, "the fence is empty")
    return Step(
        id=keys.id,
        kind=kind,
        lang=info.lang,
        body=block.body,
        commands=(Command(keys.id, body, block.line + 1, judged(executable, body)),),
        lines=Lines(block.line, block.last),
        section=section,
        author=keys.author,
        danger_reason=keys.danger_reason,
        options=keys.options,
    )


def with_rehearsal(step: Step, judged: Judged) -> Step:
    """The step with its ``dry_run`` as a step of its own; what it leaves, and how it is confirmed, is its own too."""
    executable, body = step.kind.executable, step.options.dry_run
    if not body or executable is None:
        return step
    options = replace(
        step.options, dry_run="", capture=None, expect="", verify=None, confirm=None, approve=None, undo=None
    )
    command = Command(step.id, body, step.line, judged(executable, body))
    rehearsal = replace(step, body=body, commands=(command,), author=None, danger_reason="", options=options)
    return replace(step, rehearsal=rehearsal)


def task_step(block: Paragraph, section: int) -> Step | None:
    """The step of a task-list item; ``None`` for any other text."""
    words = task_words(block)
    if not words:
        return None
    return Step("", StepKind.MANUAL, "", words, (), Lines(block.line, block.last), section)


def _merged(info: Info, told: Mapping[str, Told], notes: Notes) -> dict[str, Told]:
    """The keys of the directive and of the fence; none may be given twice."""
    merged = dict(told)
    for one in info.attributes:
        if one.key in merged:
            notes.error("F3", one.place, f"`{one.key}` is given twice", "keep one of them")
        else:
            merged[one.key] = (one.value, one.place)
    return merged
