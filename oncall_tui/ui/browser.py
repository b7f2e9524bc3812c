"""Opens an address in the user's browser, without ever waiting for it or giving it this terminal."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from oncall_tui.threads import DaemonThreads
from oncall_tui.ui.clipboard import copy

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp

_LIMIT_S = 5.0
_OPENING = (sys.executable, "-I", "-c", "import sys, webbrowser; sys.exit(not webbrowser.open(sys.argv[1]))")

_running: list["subprocess.Popen[bytes]"] = []
"""What has become the browser: a process that is forgotten while it runs is warned of."""


def has_display(environ: Mapping[str, str], platform: str) -> bool:
    """Whether a graphical browser can show a page from here; over SSH, as a rule, it cannot."""
    is_remote = "SSH_CONNECTION" in environ and "DISPLAY" not in environ
    return (platform in ("darwin", "win32") and not is_remote) or bool(environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY"})


async def browse(app: "OncallApp", address: str) -> None:
    """Open an address in the browser, or copy it where there is none; only http and https are ever opened."""
    if not address.startswith(("https://", "http://")):
        app.say(address, title="Not opened: only http and https addresses are", is_bad=True)
    elif await open_page(address):
        app.say(address, title="Opened in the browser")
    else:
        await copy(app, address, why="No browser here. ")


async def open_page(address: str) -> bool:
    """Open ``address``; False when there is no browser to open it with.

    Without a display nothing is tried: Python would start a text browser, which takes over this terminal.
    """
    if not has_display(os.environ, sys.platform):
        return False
    threads = DaemonThreads("browser")
    try:
        return await threads.run(lambda: open_apart(address))
    finally:
        threads.close()


def open_apart(address: str, argv: Sequence[str] = _OPENING) -> bool:
    """Open ``address`` in a process of its own. Blocks, for as long as it is allowed to.

    Python starts browsers with its own input and output: what they complain of would stand on the screen, and a text
    browser that BROWSER names would take the keys. Without a terminal it ends instead. A process that does not end has
    become the browser.
    """
    quiet = subprocess.DEVNULL
    try:
        opening = subprocess.Popen([*argv, address], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    except OSError:
        return False
    try:
        return opening.wait(_LIMIT_S) == 0
    except subprocess.TimeoutExpired:
        _running.append(opening)
        return True
