"""A native file as a runbook: strictly, everything that is wrong is told with its place."""

from bisect import bisect_right
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.danger import Judgement
from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.finding import Level, in_order
from oncall_tui.runbook.lint import lint
from oncall_tui.runbook.model import Mode, Runbook, Section, Step
from oncall_tui.runbook.reading.blocks import Block, Comment, Fence, Heading, Paragraph, blocks_of
from oncall_tui.runbook.reading.directives import Directive, directive_of, hides_directive, is_directive
from oncall_tui.runbook.reading.front import Front
from oncall_tui.runbook.reading.header import Header, header_of
from oncall_tui.runbook.reading.hidden import hidden_in
from oncall_tui.runbook.reading.judge import Judge
from oncall_tui.runbook.reading.keys import Keys, Notes
from oncall_tui.runbook.reading.native_steps import fence_step, step_info, task_step, with_rehearsal
from oncall_tui.runbook.reading.nodes import Place, Table
from oncall_tui.runbook.reading.outline import sections_of, starts_of
from oncall_tui.runbook.reading.references import with_references
from oncall_tui.runbook.reading.step_keys import verify_of
from oncall_tui.runbook.reading.text import Text
from oncall_tui.runbook.shell.variables import variables_in

REFUSED = "the file has errors: it is not run before they are mended"


def native(text: Text, front: Front, table: Table, path: Path, sha256: str, judge: Judge, notes: Notes) -> Runbook:
    """Read a file that was written for this tool."""
    header = header_of(table, notes)
    for line, column, named in hidden_in(text.lines):
        advice = "" if "UTF-8" in named else "delete it: what is read here is not what runs"
        notes.error("F4", Place(line + 1, column + 1), f"it holds {named}", advice)
    blocks = blocks_of(text.lines, front.end)
    walk = _Walk(sections_of(blocks, len(text.lines)), judge, notes)
    for block in blocks:
        walk.take(block)
    walk.end()
    book = _book(header, walk, text, path, sha256)
    book = with_references(book, notes)
    if not _has_errors(notes):
        # What is broken would be told again in other words.
        lint(book, header.let_places, judge, notes)
    findings = in_order(notes.findings)
    if _has_errors(notes):
        book = replace(book, steps=tuple(replace(one, blocked=(REFUSED,)) for one in book.steps))
    return replace(book, findings=findings)


def _has_errors(notes: Notes) -> bool:
    return any(one.level is Level.ERROR for one in notes.findings)


def _book(header: Header, walk: "_Walk", text: Text, path: Path, sha256: str) -> Runbook:
    headings = [one.heading for one in walk.sections]
    return Runbook(
        path=path,
        mode=Mode.NATIVE,
        id=header.id or clean_line(path.stem),
        title=header.title or next((one for one in headings if one), "") or clean_line(path.stem),
        sections=tuple(walk.sections),
        steps=tuple(walk.steps),
        source=text.whole,
        sha256=sha256,
        owner=header.owner,
        severity=header.severity,
        escalate=header.escalate,
        match=header.match,
        params=MappingProxyType(dict(header.params)),
        lets=MappingProxyType(dict(header.lets)),
        guards=header.guards,
    )


class _Walk:
    """The blocks in order: which directive belongs to which section or fence."""

    def __init__(self, sections: tuple[Section, ...], judge: Judge, notes: Notes) -> None:
        self.sections = list(sections)
        self.steps: list[Step] = []
        self._starts = starts_of(sections)
        self._judge = judge
        self._set: set[str] = set()
        self._notes = notes
        self._pending: Directive | None = None
        self._is_after_heading = False
        self._ids: dict[str, int] = {}

    def take(self, block: Block) -> None:
        if isinstance(block, Comment):
            self._comment(block)
            return
        if isinstance(block, Heading):
            self.end()
        elif isinstance(block, Fence):
            self._fence(block)
        else:
            self._paragraph(block)
        self._is_after_heading = isinstance(block, Heading)

    def end(self) -> None:
        """No fence comes any more that a directive could be for."""
        if self._pending is not None:
            advice = "put it right before the fence of its step, or right under the heading of its section"
            self._notes.error("F3", Place(self._pending.line, 1), "this directive belongs to no fence", advice)
            self._pending = None

    def _comment(self, block: Comment) -> None:
        if not is_directive(block.text):
            if hides_directive(block.text):
                self._notes.error("F3", Place(block.line, 1), "a directive stands inside another comment")
            return
        directive = directive_of(block, self._notes)
        if self._is_after_heading:
            self._is_after_heading = False
            self._of_section(directive, self.place(block.line))
            return
        self.end()
        self._pending = directive

    def _of_section(self, directive: Directive, place: int) -> None:
        keys = Keys(directive.told, self._notes, " of a section")
        when, verify = keys.text("when"), verify_of(keys)
        keys.finish()
        self.sections[place] = replace(self.sections[place], when=when, verify=verify)

    def _paragraph(self, block: Paragraph) -> None:
        if hides_directive(block.text):
            self._notes.error("F3", Place(block.line, 1), "a directive stands inside running text", "give it own lines")
        step = task_step(block, self.place(block.line))
        if step is not None:
            self._add(step)

    def _fence(self, block: Fence) -> None:
        info = step_info(block, self._notes)
        if info is None:
            self.end()
            return
        directive, self._pending = self._pending, None
        told = directive.told if directive else {}
        before = frozenset(self._set)
        step = fence_step(block, info, told, self.place(block.line), self._judged, self._notes)
        self._add(with_rehearsal(step, lambda kind, body: self._judge(kind, body, before)))

    def _judged(self, kind: Kind, body: str) -> Judgement:
        judgement = self._judge(kind, body, frozenset(self._set))
        if kind is Kind.SHELL:
            self._set |= variables_in(body).set
        return judgement

    def _add(self, step: Step) -> None:
        step = step if step.id else _named(step, f"s{len(self.steps) + 1}")
        if step.id in self._ids:
            what = f"the id `{step.id}` is given to the step in line {self._ids[step.id]} already"
            self._notes.error("F1", Place(step.line, 1), what, "give each step its own id")
        self._ids.setdefault(step.id, step.line)
        self.steps.append(step)

    def place(self, line: int) -> int:
        return bisect_right(self._starts, line)


def _named(step: Step, step_id: str) -> Step:
    rehearsal = _named(step.rehearsal, step_id) if step.rehearsal is not None else None
    commands = tuple(replace(one, id=step_id) for one in step.commands)
    return replace(step, id=step_id, commands=commands, rehearsal=rehearsal)
