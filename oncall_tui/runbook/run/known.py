"""What expressions can name at a moment: parameters, ``let``, captures, checks. What is stale or missing is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from oncall_tui.domain.durations import DurationError, parse_duration
from oncall_tui.runbook.expressions import Decision, Truth
from oncall_tui.runbook.model import Runbook, Step, StepKind
from oncall_tui.runbook.options import Parameter, Type
from oncall_tui.runbook.run.answers import Unreadable, Value, decide, evaluate
from oncall_tui.runbook.run.captured import Captured, Table
from oncall_tui.runbook.run.record import Record, Unit
from oncall_tui.runbook.run.replay import LOST
from oncall_tui.runbook.run.states import State, together

CHECK_AGE = timedelta(minutes=5)
"""How long the answer of a check holds where the step does not say."""


@dataclass(frozen=True, slots=True)
class Live:
    """Values that the journal may not hold, as long as this session lives: secrets, and what redaction would change."""

    params: Mapping[str, str] = field(default_factory=dict)
    captures: Mapping[str, Captured] = field(default_factory=dict)
    """By ``step.capture``."""
    carried: Mapping[str, str] = field(default_factory=dict)
    lacking: Mapping[str, str] = field(default_factory=dict)
    """Why a secret is not there, by parameter."""


@dataclass(frozen=True, slots=True)
class Known:
    """A runbook, what is known of its run, and the moment."""

    runbook: Runbook
    record: Record
    now: datetime
    live: Live = field(default_factory=Live)
    is_before: bool = False
    """An undo wants the values of before its change, however old: nothing is stale."""

    def state_of(self, step: Step) -> State:
        """Where a step stands."""
        return together(tuple(self.record.unit(one).state for one in units_of(step)))

    def is_fresh(self, step: Step, unit: Unit) -> bool:
        """Whether the result of a unit still holds."""
        if unit.result is None:
            return False
        age = step.options.max_age or (CHECK_AGE if step.kind is StepKind.PROMQL else None)
        return self.is_before or age is None or self.now - unit.result.at <= age

    def names(self) -> dict[str, Value]:
        """Every name with its value; what is unknown is None or absent."""
        names: dict[str, Value] = {}
        for name, parameter in self.runbook.params.items():
            names[name] = self.param(name, parameter)
        for step in self.runbook.steps:
            names |= self._of_step(step)
        for name in self.runbook.lets:
            names[name] = self._let(name, names, depth=0)
        return names

    def ask(self, condition: str) -> bool | None:
        """The answer to a condition; None is unknown."""
        return {Truth.TRUE: True, Truth.FALSE: False}.get(self.decide(condition).truth)

    def decide(self, condition: str) -> Decision:
        """The answer to a condition, with the facts behind it."""
        return decide(condition, self.names(), self.why_unknown)

    def why_unknown(self, name: str) -> str:
        """Why a name has no value; goes on where the name ends."""
        step = self.runbook.step(name.partition(".")[0])
        if step is None:
            return "has no value yet"
        unit = self.record.unit(last_unit(step))
        if unit.result is None:
            return "was not run yet"
        if not self.is_fresh(step, unit):
            return "is too old"
        return "has no data" if unit.state is State.DONE else f"has no value: it is {unit.state.value}"

    def param(self, name: str, parameter: Parameter) -> Value:
        """The value of a parameter, in its type. A secret has none that an expression may see."""
        given = self.record.params.get(name)
        text = given.value if given is not None else parameter.default
        if text == LOST:
            text = self.live.params.get(name)
        return None if text is None or parameter.is_secret else _typed(parameter.type, text)

    def captures(self, step: Step, unit: Unit) -> dict[str, Captured]:
        """What a unit left, with what only this session knows."""
        if unit.result is None:
            return {}
        ours = {name: self.live.captures.get(f"{step.id}.{name}") for name in unit.result.lost}
        return {**unit.result.captures, **{name: value for name, value in ours.items() if value is not None}}

    def _of_step(self, step: Step) -> dict[str, Value]:
        unit = self.record.unit(last_unit(step))
        if unit.result is None or unit.state is not State.DONE or not self.is_fresh(step, unit):
            return {}
        names: dict[str, Value] = {}
        if step.kind is StepKind.PROMQL:
            names[f"{step.id}.value"] = unit.result.value
            names[f"{step.id}.count"] = unit.result.count
            names[f"{step.id}.state"] = level_of(step, unit.result.value)
        for name, value in self.captures(step, unit).items():
            names[f"{step.id}.{name}"] = None if isinstance(value, Table) else value
        return names

    def _let(self, name: str, names: dict[str, Value], depth: int) -> Value:
        """One ``let`` after the other: they may name each other, in no circle that a load would allow."""
        if depth > len(self.runbook.lets):
            return None
        others = {
            other: self._let(other, names, depth + 1)
            for other in self.runbook.lets
            if other != name and other in self.runbook.lets[name]
        }
        try:
            return evaluate(self.runbook.lets[name], {**names, **others})
        except Unreadable:
            return None


def units_of(step: Step) -> tuple[str, ...]:
    """The ids of what can be started, or ticked, of a step."""
    return tuple(one.id for one in step.commands) or (step.id,)


def last_unit(step: Step) -> str:
    """The unit that leaves the result of a step."""
    return units_of(step)[-1]


def level_of(step: Step, value: float | None) -> str | None:
    """``ok``, ``warn`` or ``crit``; None without a value. Where ``crit`` is below ``warn``, lower is worse."""
    if value is None:
        return None
    warn, crit = step.options.warn, step.options.crit
    is_lower_worse = warn is not None and crit is not None and crit < warn

    def crosses(limit: float | None) -> bool:
        return limit is not None and (value <= limit if is_lower_worse else value >= limit)

    return "crit" if crosses(crit) else "warn" if crosses(warn) else "ok"


def text_of(value: Value) -> str | None:
    """A value as a variable of a step holds it; None for unknown."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _typed(kind: Type, text: str) -> Value:
    try:
        match kind:
            case Type.INT:
                return int(text)
            case Type.FLOAT:
                return float(text)
            case Type.BOOL:
                return text == "true"
            case Type.DURATION:
                return parse_duration(text).total_seconds()
    except (ValueError, DurationError):
        return None
    return text
