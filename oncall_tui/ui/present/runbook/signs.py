"""Signs, words and styles of steps. Nothing is told by colour alone."""

import re
from datetime import timedelta
from math import isfinite

from textual.content import Content

from oncall_tui.domain.service import format_value
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.model import Command, Mode, Runbook, Step
from oncall_tui.runbook.run.states import State

STATES: dict[State, tuple[str, str, str]] = {
    State.PENDING: ("○", "", "$dim"),
    State.BLOCKED: ("○", "blocked", "$dim"),
    State.RUNNING: ("●", "running", "bold $mark"),
    State.DONE: ("✓", "done", "$health-up"),
    State.FAILED: ("✗", "failed", "bold $error"),
    State.CANCELLED: ("✗", "cancelled, effects unknown", "bold $warning"),
    State.TIMED_OUT: ("✗", "timed out", "bold $error"),
    State.UNVERIFIED: ("!", "done, not verified", "bold $warning"),
    State.SKIPPED: ("»", "skipped", "$dim"),
    State.UNKNOWN: ("?", "unknown: begun, end not recorded", "bold $health-unknown"),
}
"""Sign, words and style of every state."""

DANGERS = {Danger.READ: "$dim", Danger.CHANGE: "$warning", Danger.DESTROY: "bold $error"}
_SIMPLE = re.compile(r"([a-z][a-z0-9_]*)\.value\s*(<=?|>=?)\s*(-?[0-9]{1,15}(?:\.[0-9]{1,9})?)")
_LETTERS = {Danger.READ: "r", Danger.CHANGE: "C", Danger.DESTROY: "D"}

LEVELS = {"ok": ("✓", "$health-up"), "warn": ("▲", "bold $health-degraded"), "crit": ("■", "bold $health-down")}


def state(value: State) -> Content:
    """The sign of a state."""
    sign, _, style = STATES[value]
    return Content.styled(sign, style)


def danger(value: Danger) -> Content:
    """The class of a step with its letter: ``C change``."""
    return Content.styled(f"{_LETTERS[value]} {value.word}", DANGERS[value])


def title(runbook: Runbook, step: Step, command: Command | None = None) -> str:
    """What a step is called: the author's name for it, else the first line of its command."""
    if runbook.mode is Mode.NATIVE and not _is_numbered(step.id):
        words = step.id.replace("_", " ")
        return words[:1].upper() + words[1:]
    text = command.text if command is not None else step.body
    first = next((line for line in text.splitlines() if line.strip()), step.id)
    return clean_line(first, 200)


def value(number: float | None, unit: str) -> str:
    """A value of a check with its unit: ``640 ms``, ``91 %``."""
    unit = clean_line(unit, 20)
    if number is None:
        return "UNKNOWN"
    if not isfinite(number):
        return f"{number}"
    if unit == "s":
        return span(timedelta(seconds=number)) if abs(number) < 1e9 else format_value(number, unit)
    if unit == "%":
        return f"{number:.3g} %" if abs(number) < 1000 else f"{number:.0f} %"
    return format_value(number, unit)


def wanted(expect: str, unit: str) -> str:
    """What a verification waits for, as the values beside it are told: ``p95.value < 0.5`` is ``p95 < 500 ms``."""
    simple = _SIMPLE.fullmatch(expect.strip()) if unit else None
    return f"{simple[1]} {simple[2]} {value(float(simple[3]), unit)}" if simple else clean_line(expect, 200)


def span(time: timedelta) -> str:
    """How long something took: ``40 ms``, ``0.8 s``, ``2:05``."""
    seconds = time.total_seconds()
    if abs(seconds) < 1:
        return f"{seconds * 1000:.0f} ms"
    if abs(seconds) < 60:
        return f"{seconds:.3g} s" if abs(seconds) < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(abs(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02} h" if hours else f"{minutes}:{rest:02} min"


def _is_numbered(step_id: str) -> bool:
    return step_id[:1] == "s" and step_id[1:].isdigit()


def clocked(seconds: float) -> str:
    """``0:05``, ``15:00``."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
