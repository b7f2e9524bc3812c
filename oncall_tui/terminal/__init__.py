"""What the terminal is and what it is known to understand, read from the environment alone: pure, and asks nobody.

A terminal cannot be asked for everything, and a question that it does not know may appear as text on the screen. So
each ability is told as yes, no or unknown, with the reason in words (``known`` names the sources). Needs the standard
library only.
"""

from collections.abc import Mapping

from oncall_tui.terminal.detect import colours_of, multiplexer_of, program_of, term_of
from oncall_tui.terminal.known import KNOWN, konsole_clipboard, within
from oncall_tui.terminal.model import SMALLEST, Ability, Answer, Colours, Multiplexer, Program, Protocol, Terminal

__all__ = ["SMALLEST", "Ability", "Answer", "Colours", "Multiplexer", "Program", "Protocol", "Terminal", "terminal_of"]


def terminal_of(environ: Mapping[str, str], *, is_tty: bool, size: tuple[int, int], encoding: str | None) -> Terminal:
    """The terminal of a process: its environment, whether output goes to a terminal, columns and lines, encoding."""
    program, multiplexer = program_of(environ), multiplexer_of(environ)
    colours, colours_reason = colours_of(environ, is_tty, program)
    protocols, *told = KNOWN[program]
    notifications, hyperlinks, clipboard = (Ability(*one) for one in told)
    if program is Program.KONSOLE:
        clipboard = konsole_clipboard(environ)
    if multiplexer is not Multiplexer.NONE:
        notifications, hyperlinks, clipboard = within(multiplexer, environ)
    if not is_tty or term_of(environ) == "dumb":
        why = 'TERM is "dumb"' if is_tty else "output does not go to a terminal"
        protocols, notifications, hyperlinks, clipboard = (), *(Ability(Answer.NO, why),) * 3
    return Terminal(
        program=program,
        multiplexer=multiplexer,
        is_tty=is_tty,
        is_over_ssh=any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")),
        is_utf8=(encoding or "").lower().replace("_", "-") in ("utf-8", "utf8"),
        encoding=encoding or "unknown",
        size=size,
        term=term_of(environ),
        colours=colours,
        colours_reason=colours_reason,
        protocols=protocols,
        notifications=notifications,
        hyperlinks=hyperlinks,
        clipboard=clipboard,
    )
