"""Is this terminal good enough for the screen? Nothing is asked of it: what its environment tells is judged."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TextIO

from oncall_tui.config.model import NotifySettings
from oncall_tui.sources.base import CheckState, Finding, Topic
from oncall_tui.terminal import SMALLEST, Ability, Answer, Colours, Multiplexer, Program, Terminal, terminal_of

_DEFAULTS = NotifySettings()
_COLOURS = {Colours.TRUE: "24-bit colour", Colours.PALETTE: "256 colours", Colours.ANSI: "16 colours"}


def terminal_here(environ: Mapping[str, str], streams: Sequence[TextIO]) -> Terminal:
    """The terminal of this process. The answer may go to a pipe: the first stream that is a terminal counts."""
    encoding = next((one.encoding for one in streams if one.encoding), None)
    for stream in streams:
        with suppress(OSError, ValueError):
            if stream.isatty():
                size = os.get_terminal_size(stream.fileno())
                return terminal_of(environ, is_tty=True, size=(size.columns, size.lines), encoding=encoding)
    return terminal_of(environ, is_tty=False, size=(0, 0), encoding=encoding)


def about(terminal: Terminal) -> str:
    """The terminal in a few words."""
    if not terminal.is_tty:
        return "none here"
    program = "TERM " + (terminal.term or "not set") if terminal.program is Program.UNKNOWN else terminal.program.value
    inside = "" if terminal.multiplexer is Multiplexer.NONE else f" in {terminal.multiplexer.value}"
    return f"{program}{inside}{', over ssh' if terminal.is_over_ssh else ''}"


def terminal_findings(terminal: Terminal, notify: NotifySettings = _DEFAULTS) -> list[Finding]:
    """What is to be said about it, and about what ``[notify]`` wants of it."""
    if not terminal.is_tty:
        return [_finding(CheckState.OK, "Not judged: input and output go elsewhere.")]
    found = [_size(terminal), *_term(terminal), _encoding(terminal), _colours(terminal), *_abilities(terminal)]
    is_told_which = notify.protocol not in ("auto", "off") and notify.desktop != "off"
    if is_told_which and terminal.notifications.answer is Answer.NO:
        what = f'notify.protocol = "{notify.protocol}" has no effect here: {terminal.notifications.reason}.'
        advice = 'Write "auto", which then rings the bell only, or use another terminal.'
        found.append(_finding(CheckState.WARNING, what, advice))
    return found


def _size(terminal: Terminal) -> Finding:
    columns, lines = terminal.size
    if columns >= SMALLEST[0] and lines >= SMALLEST[1]:
        return _finding(CheckState.OK, f"{columns}x{lines}.")
    what = f"{columns}x{lines} is too small: the screen needs {SMALLEST[0]} columns and {SMALLEST[1]} lines."
    return _finding(CheckState.FAILED, what, "Enlarge the window, or make the letters smaller.")


def _term(terminal: Terminal) -> list[Finding]:
    if terminal.term not in ("dumb", "unknown"):
        return []
    what = f"TERM is {terminal.term}: this terminal says that it cannot draw, and the screen does not start in it."
    advice = "Start it from another one; if this one can draw, say so: `TERM=xterm-256color oncall-tui`."
    return [_finding(CheckState.FAILED, what, advice)]


def _encoding(terminal: Terminal) -> Finding:
    if terminal.is_utf8:
        return _finding(CheckState.OK, "UTF-8.")
    what = f"Its encoding is {terminal.encoding}: lines, signs and names in other letters come out wrong."
    return _finding(CheckState.WARNING, what, "Try `LC_ALL=C.UTF-8 oncall-tui`.")


def _colours(terminal: Terminal) -> Finding:
    known = _COLOURS.get(terminal.colours)
    if known is None:
        return _finding(CheckState.OK, f"No colour: {terminal.colours_reason}.")
    if terminal.colours is Colours.TRUE:
        return _finding(CheckState.OK, f"{known}.")
    state = CheckState.WARNING if terminal.colours is Colours.ANSI else CheckState.OK
    advice = "Themes are made for 24-bit colour; try another one with `T`." if state is CheckState.WARNING else ""
    return _finding(state, f"{known} only: {terminal.colours_reason}.", advice)


def _abilities(terminal: Terminal) -> list[Finding]:
    """What comes through to the desktop: none of it keeps the screen from working."""
    told = {"notifications": terminal.notifications, "links": terminal.hyperlinks, "copy": terminal.clipboard}
    good = [name for name, one in told.items() if one.answer is Answer.YES]
    found = [_finding(CheckState.OK, f"{', '.join(good).capitalize()}: yes.")] if good else []
    reasons: dict[Ability, list[str]] = {}
    for name, one in told.items():
        if one.answer is not Answer.YES:
            reasons.setdefault(one, []).append(name)
    for one, names in reasons.items():
        word = "not known" if one.answer is Answer.UNKNOWN else "no"
        found.append(_finding(CheckState.OK, f"{', '.join(names).capitalize()}: {word}, {one.reason}."))
    return found


def _finding(state: CheckState, what: str, advice: str = "") -> Finding:
    return Finding(state, what, advice, Topic.TERMINAL)
