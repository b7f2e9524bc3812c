"""The steps of an imported file: commands that can be run safely, or with the reason why they cannot."""

import re
from collections.abc import Iterator

from oncall_tui.runbook.importing.draft import Draft
from oncall_tui.runbook.importing.placeholders import PREFIX, Rewritten, neutral, placeholders_of, rewritten
from oncall_tui.runbook.importing.prompts import pieces_of
from oncall_tui.runbook.importing.prose import inline_commands, instruction_words, task_words
from oncall_tui.runbook.importing.queries import queries_of
from oncall_tui.runbook.importing.tags import SESSIONS, SHELLS, content_of
from oncall_tui.runbook.model import Lines, Step, StepKind
from oncall_tui.runbook.options import Parameter
from oncall_tui.runbook.reading.attributes import Info, info_of, value_of
from oncall_tui.runbook.reading.blocks import Block, Fence, Paragraph
from oncall_tui.runbook.reading.hidden import hidden_in
from oncall_tui.runbook.reading.judge import Judge
from oncall_tui.runbook.reading.keys import Notes
from oncall_tui.runbook.reading.nodes import Place
from oncall_tui.runbook.reading.text import unix
from oncall_tui.runbook.shell.opening import opened_by
from oncall_tui.runbook.shell.split import cut
from oncall_tui.runbook.shell.syntax import script_of
from oncall_tui.runbook.shell.variables import Variables, variables_of
from oncall_tui.runbook.values.names import is_dangerous, is_given

_TAG = re.compile(r"[^,:;]*")
_CANNOT_RUN = {
    StepKind.SQL: "it names no database of the configuration: run it yourself, or make it a native step with `db`",
    StepKind.HTTP: "its host is not from the configuration: do it yourself, or make it a native step",
}


class Importer:
    """Makes steps in the order of the file: what earlier blocks have set is known to the later ones."""

    def __init__(self, judge: Judge, notes: Notes) -> None:
        self.parameters: dict[str, Parameter] = {}
        self.steps: list[Step] = []
        self._judge = judge
        self._notes = notes
        self._set: set[str] = set()
        self._foreign: set[str] = set()

    def take(self, block: Block, section: int) -> None:
        """Add the steps that a block makes."""
        if isinstance(block, Fence):
            self._fence(block, section)
        elif isinstance(block, Paragraph):
            words = task_words(block) or instruction_words(block)
            if words:
                self._add(self._draft(StepKind.MANUAL, "", words, Lines(block.line, block.last), section))
            for line, command in inline_commands(block):
                draft = self._draft(StepKind.SHELL, "", command, Lines(line, line), section)
                self._shell(draft, command, line)
                self._add(draft, is_inline=True)

    def _draft(self, kind: StepKind, lang: str, body: str, lines: Lines, section: int) -> Draft:
        return Draft(
            f"s{len(self.steps) + 1}", kind, lang, body, lines, section, self._notes, carried=frozenset(self._set)
        )

    def _add(self, draft: Draft, *, is_inline: bool = False) -> None:
        for number, column, named in hidden_in(draft.body.split("\n")) if draft.commands else ():
            draft.stop("F4", draft.lines.first + number, f"column {column + 1} holds {named}")
        for name, parameter in draft.parameters.items():
            self.parameters.setdefault(name, parameter)
        self.steps.append(draft.made(self._judge, self.parameters, is_inline=is_inline))

    def _fence(self, block: Fence, section: int) -> None:
        info = info_of(block.info, Place(block.line, block.info_column))
        lang = info.lang or value_of(info.attributes, "class") or ""
        tag = _TAG.match(lang)
        body = unix(block.body)
        content = content_of(tag[0] if tag else lang, body)
        kind = StepKind.TEXT if _other_interpreter(info) else content.kind
        if kind is StepKind.TEXT and not block.is_fenced:
            return
        draft = self._draft(kind, lang, block.body, Lines(block.line, block.last), section)
        if content.contradiction:
            at = Place(block.line, block.info_column)
            self._notes.warn("F5", at, content.contradiction, "its content decides", draft.id)
        self._commands(draft, body, block.line + block.is_fenced, is_session=lang.lower() in SESSIONS)
        if not block.is_closed and draft.commands:
            draft.stop("F1", block.line, "the fence is never closed: it takes in the rest of the file")
        if value_of(info.attributes, "background") == "true" and draft.commands:
            draft.stop("S6", block.line, "it is meant to stay in the background", "start it yourself")
        draft.cwd = value_of(info.attributes, "cwd") or ""
        draft.is_interactive = value_of(info.attributes, "interactive") == "true"
        self._add(draft)

    def _commands(self, draft: Draft, body: str, line: int, *, is_session: bool) -> None:
        if draft.kind is StepKind.SHELL:
            self._shell(draft, body, line, is_session=is_session)
        elif draft.kind is StepKind.PROMQL:
            for query in queries_of(body):
                draft.commands.append((line + query.line, query.text))
                draft.ask(query.used, line + query.line, None if query.refused else "")
                if query.refused:
                    draft.stop("P1", line + query.line, query.refused, "copy it and ask Prometheus yourself")
        elif draft.kind in _CANNOT_RUN:
            draft.commands.append((line, body))
            draft.ask(placeholders_of(body), line, None)
            draft.blocked[_CANNOT_RUN[draft.kind]] = None

    def _shell(self, draft: Draft, body: str, line: int, *, is_session: bool = False) -> None:
        opened = ""
        for at, command in _cut(body, is_session=is_session):
            if opened:
                what = f"what follows `{opened}` is typed into the shell that it opens, not here"
                draft.stop("S6", line + at, what, "copy the commands and type them there")
            draft.commands.append((line + at, command.text))
            draft.ask(command.used, line + at, None if command.refused else PREFIX)
            script = script_of(command.text)
            if command.refused:
                draft.stop("S3", line + at, command.refused, "copy the command and run it yourself")
            elif not script.is_whole:
                draft.stop("S3", line + at, "it does not parse as a shell command", "copy it and run it yourself")
            else:
                self._variables(draft, variables_of(script), line + at, is_foreign=bool(command.used))
            opened = opened_by(script) or opened
        if not draft.commands:
            draft.stop("S3", line, "it holds no command")

    def _variables(self, draft: Draft, variables: Variables, line: int, *, is_foreign: bool) -> None:
        """Ask for what nothing has set, and follow what a value from outside is copied into."""
        for one in variables.all:
            is_foreign = is_foreign or one.name in self._foreign
            if one.name in self._foreign and one.read_by:
                draft.stop("S2", line + one.line - 1, f"${one.name} would be read as program text by {one.read_by}")
        for one in variables.free:
            at = line + one.line - 1
            is_set = one.name in self._set or one.has_default or one.name.startswith(PREFIX)
            if is_set or is_given(one.name) or is_dangerous(one.name):
                continue
            if one.read_by:
                draft.stop("S2", at, f"${one.name} would be read as program text by {one.read_by}")
            draft.ask_variable(one.name, at)
            is_foreign = True
        self._set.update(variables.set)
        if is_foreign:
            self._foreign.update(variables.set)


def _cut(body: str, *, is_session: bool) -> Iterator[tuple[int, Rewritten]]:
    """The commands of a block with their lines, references in the place of placeholders."""
    for piece in pieces_of(body, is_session=is_session).pieces:
        lines = piece.text.split("\n")
        for first, last in cut(script_of(neutral(piece.text))):
            yield piece.line + first, rewritten("\n".join(lines[first : last + 1]).rstrip())


def _other_interpreter(info: Info) -> bool:
    named = value_of(info.attributes, "interpreter")
    return named is not None and named.rsplit("/", 1)[-1] not in SHELLS
