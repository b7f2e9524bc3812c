"""A step of an imported file while it is read: its commands, what they name, why it cannot run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.importing.placeholders import Placeholder, parameter_of
from oncall_tui.runbook.model import Command, Lines, Step, StepKind
from oncall_tui.runbook.options import NO_OPTIONS, Parameter
from oncall_tui.runbook.reading.judge import Judge
from oncall_tui.runbook.reading.keys import Notes
from oncall_tui.runbook.reading.nodes import Place


@dataclass(slots=True)
class Draft:
    """A step that is being read."""

    id: str
    kind: StepKind
    lang: str
    body: str
    lines: Lines
    section: int
    notes: Notes
    commands: list[tuple[int, str]] = field(default_factory=list)
    """Each with its line."""
    uses: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    blocked: dict[str, None] = field(default_factory=dict)
    carried: frozenset[str] = frozenset()
    """Variables that earlier steps have set."""
    cwd: str = ""
    is_interactive: bool = False

    def stop(self, rule: str, line: int, problem: str, advice: str = "") -> None:
        """Keep it from running, and tell why."""
        self.notes.error(rule, Place(line, 1), problem, advice, self.id)
        self.blocked[problem] = None

    def ask(self, placeholders: Iterable[Placeholder], line: int, prefix: str | None) -> None:
        """It needs a value for each of them.

        Args:
            prefix: of the reference that stands in its place; ``None`` when nothing can.
        """
        for one in placeholders:
            parameter = parameter_of(f"<{one.inside}>", line)
            self.parameters.setdefault(parameter.name, parameter)
            if prefix is not None:
                self.uses[prefix + parameter.name] = parameter.name

    def ask_variable(self, variable: str, line: int) -> None:
        """It names a variable that nothing before it has set."""
        parameter = parameter_of(f"${variable}", line, variable=variable)
        self.parameters.setdefault(parameter.name, parameter)
        self.uses[variable] = parameter.name

    def made(self, judge: Judge, known: Mapping[str, Parameter], *, is_inline: bool) -> Step:
        """The step as it is kept."""
        executable = self.kind.executable
        commands = tuple(self._command(number, executable, judge) for number in range(len(self.commands)))
        needs_terminal = self.is_interactive or any(one.judgement.needs_terminal for one in commands)
        return Step(
            id=self.id,
            kind=self.kind,
            lang=self.lang,
            body=self.body,
            commands=commands,
            lines=self.lines,
            section=self.section,
            options=replace(NO_OPTIONS, cwd=self.cwd, has_terminal=needs_terminal),
            uses=MappingProxyType(self.uses),
            unresolved=tuple(name for name in self.parameters if known[name].is_required),
            blocked=tuple(self.blocked),
            is_inline=is_inline,
        )

    def _command(self, number: int, kind: Kind | None, judge: Judge) -> Command:
        assert kind is not None
        line, text = self.commands[number]
        name = self.id if len(self.commands) == 1 else self.id + letters(number)
        return Command(name, text, line, judge(kind, text, self.carried))


def letters(number: int) -> str:
    """``a`` to ``z``, then ``aa``: what tells the commands of a block apart."""
    head, last = divmod(number, 26)
    return (letters(head - 1) if head else "") + chr(ord("a") + last)
