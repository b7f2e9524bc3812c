"""Text to the clipboard, and what can truthfully be said of it.

A program of this machine says whether it took the text. The terminal, asked with OSC 52, says nothing: it may not know
the sequence or may be set to refuse it. tmux drops what programs in it send, unless ``set-clipboard`` is ``on``; but
what is loaded into its buffer it hands on itself (tmux(1), ``load-buffer -w``, since 3.2).
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oncall_tui.terminal import Answer
from oncall_tui.threads import DaemonThreads
from oncall_tui.ui.to_terminal import is_suspended

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp

_LIMIT_S = 2.0
"""How long a program may take: wl-copy waits for a compositor that does not answer."""
_COPIED = "Copied to the clipboard"
_TO_TMUX = "Copied to tmux, and sent to the terminal's clipboard"
_SENT = "Sent to the terminal's clipboard"

Runner = Callable[[tuple[str, ...], bytes], bool]
"""Gives a program this input; whether it took it."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that takes text from its standard input, and what is so when it has said yes."""

    argv: tuple[str, ...]
    words: str = _COPIED


def tools_for(environ: Mapping[str, str], platform: str, *, is_over_ssh: bool) -> Iterator[Tool]:
    """The programs to try, one after the other. Over SSH the clipboard of this machine is not the engineer's."""
    if not is_over_ssh:
        if platform == "darwin":
            yield Tool(("pbcopy",))
        if environ.get("WAYLAND_DISPLAY"):
            yield Tool(("wl-copy",))
        if environ.get("DISPLAY"):
            yield Tool(("xclip", "-selection", "clipboard"))
            yield Tool(("xsel", "--clipboard", "--input"))
    if environ.get("TMUX"):
        yield Tool(("tmux", "load-buffer", "-w", "-"), _TO_TMUX)


async def copy(app: "OncallApp", text: str, *, why: str = "") -> None:
    """Copy ``text`` and say what came of it, ``why`` first. The text is on the screen too, so that it is never lost."""
    threads = DaemonThreads("clipboard")
    tools = list(tools_for(os.environ, sys.platform, is_over_ssh=app.terminal.is_over_ssh))
    try:
        words = await threads.run(lambda: _first_taken(tools, text.encode(), run_tool)) if tools else None
    finally:
        threads.close()
    refusal = None if words is not None else _to_terminal(app, text)
    said = words or (f"Not copied: {refusal}" if refusal else _SENT)
    app.say(text, title=f"{why}{said}", is_bad=refusal is not None)


def _to_terminal(app: "OncallApp", text: str) -> str | None:
    """Send OSC 52 through Textual; why not, when it is of no use."""
    if app.terminal.clipboard.answer is Answer.NO:
        return app.terminal.clipboard.reason
    if app.is_web or is_suspended(app):
        return "there is no terminal to take it"
    app.copy_to_clipboard(text)
    return None


def _first_taken(tools: list[Tool], text: bytes, run: Runner) -> str | None:
    """The words of the first program that took the text; None when none did."""
    return next((tool.words for tool in tools if run(tool.argv, text)), None)


def run_tool(argv: tuple[str, ...], text: bytes) -> bool:
    """Whether a program took the text in time. One that is not installed, fails or hangs did not."""
    # Its output must not go to a pipe: xclip and wl-copy leave a child behind that keeps the pipe open.
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(
            argv, input=text, stdout=quiet, stderr=quiet, timeout=_LIMIT_S, check=False, start_new_session=True
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
