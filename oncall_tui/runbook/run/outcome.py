"""What an execution means for its step: ``expect`` is held against it, then values are captured."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from oncall_tui.runbook.execution import Ending, Executed, Kind
from oncall_tui.runbook.model import Step
from oncall_tui.runbook.run.answers import Unreadable, Value, evaluate
from oncall_tui.runbook.run.captured import Captured, CaptureError, captured
from oncall_tui.runbook.run.states import State


@dataclass(frozen=True, slots=True)
class Judged:
    """The state of a command, and what it leaves."""

    state: State
    reason: str = ""
    captures: Mapping[str, Captured] = field(default_factory=dict)


_ENDINGS = {
    Ending.CANCELLED: State.CANCELLED,
    Ending.TIMED_OUT: State.TIMED_OUT,
    Ending.FAILED_TO_START: State.FAILED,
    Ending.FAULT: State.FAILED,
}


def judged(step: Step, is_last: bool, executed: Executed) -> Judged:
    """What became of it.

    Args:
        is_last: whether it is the last command of the step: what the step expects and captures is held against it.
    """
    if executed.ending in _ENDINGS:
        return Judged(_ENDINGS[executed.ending], executed.reason)
    expect = step.options.expect if is_last else ""
    if expect:
        try:
            answer = evaluate(expect, names_of(executed))
        except Unreadable as error:
            return Judged(State.FAILED, f"what is expected cannot be told: {error}")
        if answer is not True:
            word = "is not so" if answer is False else "cannot be told"
            return Judged(State.FAILED, f"expected {expect}, which {word} ({_ended(executed)})")
    elif not _is_success(step, executed):
        return Judged(State.FAILED, executed.reason or _ended(executed))
    if step.options.capture is None or not is_last:
        return Judged(State.DONE, executed.reason)
    try:
        value = captured(step.options.capture, executed)
    except CaptureError as error:
        return Judged(State.FAILED, f"{step.options.capture.name} could not be captured: {error}")
    return Judged(State.DONE, executed.reason, {step.options.capture.name: value})


def names_of(executed: Executed) -> dict[str, Value]:
    """What ``expect`` can name. The output is as it was printed, without its last newline."""
    names: dict[str, Value] = {
        "exit": executed.exit,
        "stdout": executed.plain.removesuffix("\n") if executed.plain is not None else None,
        "stderr": executed.stderr.removesuffix("\n"),
        "rows": executed.count,
        "status": executed.status,
        "duration": executed.took_s,
    }
    if executed.rows:
        names |= {f"first.{name}": cell for name, cell in zip(executed.columns, executed.rows[0], strict=True)}
    return names


def _is_success(step: Step, executed: Executed) -> bool:
    if step.kind.executable is Kind.HTTP:
        return executed.status is not None and 200 <= executed.status < 400
    return executed.exit == 0


def _ended(executed: Executed) -> str:
    if executed.status is not None:
        return f"status {executed.status}"
    return f"signal {executed.signal}" if executed.signal is not None else f"exit {executed.exit}"
