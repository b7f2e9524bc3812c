"""What would happen if this step were started now: the text for the dialog, and every reason why it may not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.execution import Prepared
from oncall_tui.runbook.expressions import Truth
from oncall_tui.runbook.model import Command, Step
from oncall_tui.runbook.options import Undo
from oncall_tui.runbook.run.binding import Bound, BoundValue
from oncall_tui.runbook.run.bound import danger_of
from oncall_tui.runbook.run.known import Known, last_unit
from oncall_tui.runbook.run.phrasing import Floor, filled, floor_of
from oncall_tui.runbook.run.record import Unit
from oncall_tui.runbook.run.repinned import with_former
from oncall_tui.runbook.run.states import State
from oncall_tui.runbook.run.surroundings import around_guard

__all__ = ["GUARD_AGE", "Confirmation", "Floor", "Plan", "advice_of", "carried_beside", "guard_name", "plan_of"]

GUARD_AGE = timedelta(minutes=15)
"""How long the guards of a runbook hold once they were asked."""
_GUARD = "the guard "


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What somebody did."""

    mode: Floor
    digest: str
    """Of the plan that was shown."""
    typed: str = ""
    approval: str = ""
    """Who agreed, as the operator states it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen."""

    step: Step
    unit: str
    command: Command
    prepared: Prepared | None
    values: tuple[BoundValue, ...]
    danger: Danger
    floor: Floor
    phrase: str = ""
    sentence: str = ""
    """Helps to decide: ``confirm.show`` with its values."""
    blocked: tuple[str, ...] = ()
    """Why it cannot be started now, in words; nothing when it can."""
    advice: str = ""
    """``recommended: …``, ``not indicated: …``, ``cannot tell: …``; empty where no condition stands."""
    role: str = ""
    """Of who has to approve."""
    undo: Undo | None = None
    is_again: bool = False
    """Somebody decided to run again what is unknown."""
    is_dry: bool = False
    undoes: str = ""
    """The unit that it takes back."""
    beside: tuple[BoundValue, ...] = ()
    """What earlier steps left and its text does not name."""
    scripts: Mapping[str, str] = field(default_factory=dict)
    """The hashes of the scripts that it names, once ``Planning.sealed`` has taken them."""

    @property
    def digest(self) -> str:
        """Of what would run; empty while a value is missing."""
        return self.prepared.digest if self.prepared is not None else ""

    @property
    def needs_terminal(self) -> bool:
        """Whether it is started with ``Run.start_in_terminal``, which takes the user's terminal over meanwhile."""
        return self.prepared is not None and self.prepared.needs_terminal

    @property
    def of_guards(self) -> tuple[str, ...]:
        """What of ``blocked`` the guards of the runbook say: ``Run.ask_guards`` asks them for this plan."""
        return tuple(one for one in self.blocked if one.startswith(_GUARD))

    @property
    def can_start(self) -> bool:
        """Whether nothing stands against it but the confirmation."""
        return self.prepared is not None and not self.blocked


def plan_of(known: Known, step: Step, command: Command, bound: Bound, again: bool = False) -> Plan:
    """The plan of a command.

    Args:
        again: somebody decided to run again what was begun and never ended for us.
    """
    danger = danger_of(step, command)
    floor, phrase, unfilled = floor_of(known, step, command, danger, bound.values)
    blocked = [*step.blocked, *bound.missing, *unfilled]
    if bound.problem:
        blocked.append(bound.problem)
    if known.runbook.is_refused:
        blocked.append("the file has errors and is refused: mend it first")
    if not again:
        blocked += _unknown(known.record.unit(command.id))
    blocked += _conditions(known, step, command.id)
    if danger > Danger.READ:
        blocked += _guards(known, step, bound.prepared)
    advice, is_false = advice_of(known, step)
    if is_false and not {f"when:{_section(known, step)}", f"when:{command.id}"} & set(known.record.overridden):
        blocked.append(f"{advice}. Give a reason to go there all the same")
    confirm, approve = step.options.confirm, step.options.approve
    is_to_approve = approve is not None and (not approve.when or known.ask(approve.when) is not False)
    return Plan(
        step,
        command.id,
        command,
        bound.prepared,
        with_former(known, step, command.id, bound.values),
        danger,
        floor,
        phrase,
        filled(known, confirm.show)[0] if confirm is not None and confirm.show else "",
        tuple(blocked),
        advice,
        approve.role if approve is not None and is_to_approve else "",
        step.options.undo,
        again,
        beside=bound.beside,
    )


def carried_beside(plan: Plan) -> str:
    """What goes with it though its text does not name it: ``AWS_PROFILE=prod (carried from step login)``."""
    told = [
        f"{one.name}={clean_line(one.shown, 80)} ({one.origin}{', ' if one.was else ''}{clean_line(one.was, 80)})"
        for one in plan.beside
    ]
    return clean_line(", ".join(told), 4_000)


def advice_of(known: Known, step: Step) -> tuple[str, bool]:
    """What the condition of the step, or else of its section, says, and whether it is false."""
    when = step.options.when or known.runbook.section_of(step).when
    if not when:
        return "", False
    decision = known.decide(when)
    word = {Truth.TRUE: "recommended", Truth.FALSE: "not indicated", Truth.UNKNOWN: "cannot tell"}[decision.truth]
    return f"{word}: {decision.because}", decision.truth is Truth.FALSE


def _section(known: Known, step: Step) -> str:
    return known.runbook.section_of(step).slug


def _unknown(unit: Unit) -> list[str]:
    attempt = unit.attempt
    if unit.state is not State.UNKNOWN or attempt is None:
        return []
    return [
        f"it was begun at {attempt.at:%H:%M:%S} UTC by {attempt.actor} on {attempt.host}, and nobody recorded how it "
        "ended. Check, then mark it done or failed, or run it again"
    ]


def _conditions(known: Known, step: Step, unit: str) -> list[str]:
    """``needs`` and ``guard``; unknown blocks."""
    blocked = []
    for name in () if f"needs:{unit}" in known.record.overridden else step.options.needs:
        needed = known.runbook.step(name)
        if needed is None or known.state_of(needed) is not State.DONE:
            blocked.append(f"{name} has to be done first")
        elif not known.is_fresh(needed, known.record.unit(last_unit(needed))) and needed.commands:
            blocked.append(f"the result of {name} is too old: run it again")
    if step.options.guard and not (decision := known.decide(step.options.guard)).holds:
        word = "is false" if decision.truth is Truth.FALSE else "cannot be told"
        blocked.append(f"its guard {step.options.guard} {word}: {decision.because}")
    return blocked


def _guards(known: Known, step: Step, prepared: Prepared | None) -> list[str]:
    """The guards of the runbook, which have to hold before anything but reading, where the step runs."""
    blocked = []
    for guard in known.runbook.guards:
        name = guard_name(guard.require, guard.check)
        asked = known.record.guards.get(name)
        around = around_guard(known, guard, step, prepared)
        if asked is None or known.now - asked.at > GUARD_AGE:
            blocked.append(f"{_GUARD}{name} has not been asked in the last 15 minutes")
        elif guard.check and (around is None or asked.where != around.digest):
            there = f" on {clean_line(around.target)}" if around is not None and around.target else ""
            blocked.append(f"{_GUARD}{name} has not been asked{there} with the environment and the folder of this step")
        elif not asked.holds:
            there = f" on {clean_line(asked.target)}" if asked.target else ""
            blocked.append(f"{_GUARD}{name} does not hold{there}: {asked.reason}")
    return blocked


def guard_name(require: tuple[str, ...], check: str) -> str:
    """What a guard is called in the journal."""
    return clean_line(f"require {', '.join(require)}" if require else check, 400)
