"""Opens an address in the user's browser, without ever waiting for it or giving it this terminal."""

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from oncall_tui.threads import DaemonThreads
from oncall_tui.ui.clipboard import copy

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


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
        return await threads.run(lambda: _open(address))
    finally:
        threads.close()


def _open(address: str) -> bool:
    import webbrowser

    try:
        return webbrowser.open(address)
    except (webbrowser.Error, OSError):
        return False
