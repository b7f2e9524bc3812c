"""The lines around a step that has the terminal: what it is told before it, and how it ended. Plain text: Textual is
away meanwhile, and so are its colours."""

import signal

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.execution import Ending, Executed
from oncall_tui.runbook.run.live import Ended
from oncall_tui.runbook.run.plan import Plan

_LONGEST = 500


def lead(plan: Plan) -> str:
    """Before it starts."""
    name = clean_line(plan.unit, 40)
    return f"\n── oncall-tui: {name} has the terminal until it ends; ctrl+c goes to it, too\n\n"


def end_of(plan: Plan, ended: Ended) -> str:
    """After it, with what comes next."""
    lines = [f"── {clean_line(plan.unit, 40)} {how(ended.executed)}"]
    if ended.judged.state.is_trouble and ended.executed.exit == 0:
        lines.append(f"── {ended.judged.state.value}: {clean_line(ended.judged.reason, _LONGEST)}")
    if ended.unwritten:
        lines.append(f"── the journal does not hold this yet: {clean_line(ended.unwritten, _LONGEST)}")
    return "\n" + "\n".join(lines) + "\n── press Enter to go back to oncall-tui "


def how(executed: Executed) -> str:
    """How it ended, in words: ``ended with exit code 0 after 2.1 s``."""
    if executed.ending is not Ending.EXITED:
        return f"{_ENDINGS[executed.ending]}: {clean_line(executed.reason, _LONGEST)}"
    after = f"after {executed.took_s:.1f} s"
    if executed.signal is not None:
        return f"was ended by {_signal(executed.signal)} {after}"
    code = executed.exit or 0
    # As shells tell of a command that a signal has ended.
    by = f" ({_signal(code - 128)})" if code > 128 and code - 128 in signal.valid_signals() else ""
    return f"ended with exit code {code}{by} {after}"


def kept(executed: Executed) -> str:
    """What stands in its cell where others have their output; empty when nothing ran."""
    if executed.ending is Ending.FAILED_TO_START:
        return ""
    file = executed.output_file
    where = f"what it drew is in\n{file}" if file is not None else "what it drew is not recorded"
    return f"it had the terminal, {_code(executed)}; {where}\n"


def _code(executed: Executed) -> str:
    if executed.ending is not Ending.EXITED:
        return executed.ending.value
    return _signal(executed.signal) if executed.signal is not None else f"exit code {executed.exit}"


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


_ENDINGS = {
    Ending.FAILED_TO_START: "did not start",
    Ending.CANCELLED: "was cancelled",
    Ending.TIMED_OUT: "took too long",
}
