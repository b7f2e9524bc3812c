"""Starts the screen on a configuration: themes from files, the real clock, the rooms opened after the first paint."""

import asyncio
import os
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, tzinfo
from types import ModuleType
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from oncall_tui.clock import utc_now
from oncall_tui.config.model import Config
from oncall_tui.config.paths import shipped, themes_dir
from oncall_tui.terminal.here import this_terminal
from oncall_tui.threads import IMPORTING, DaemonThreads
from oncall_tui.ui.app import OncallApp
from oncall_tui.ui.collecting import return_large_blocks
from oncall_tui.ui.quiet_keys import wait_for_keys
from oncall_tui.ui.read_ahead import ReadAhead
from oncall_tui.ui.rooms import Rooms
from oncall_tui.ui.terminal_end import run_to_the_end
from oncall_tui.ui.theme_choice import choose
from oncall_tui.ui.theme_depth import depth_of, draw_with
from oncall_tui.ui.theme_folder import ThemeFolder
from oncall_tui.ui.theme_watch import ThemeWatch

if TYPE_CHECKING:
    from oncall_tui.ui.notify_hook import Hook

_REQUESTS_ARE_OUT_S = 0.1
"""After the rooms were opened: nothing else has to be imported before the first answers come."""

_NO_SCREEN = (
    'oncall-tui: TERM is "{}": this terminal says that it cannot show a screen, and nothing was started. Without a '
    "screen oncall-tui status and oncall-tui alerts tell the same; if it can show one, set TERM to its name."
)


def run(config: Config, environ: Mapping[str, str] | None = None) -> int:
    """Show the screen until the user leaves; the exit code."""
    env = os.environ if environ is None else environ
    # A browser is no terminal, whatever the one is that its server was started from.
    if env.get("TERM", "").strip().lower() in ("dumb", "unknown") and "TEXTUAL_DRIVER" not in env:
        print(_NO_SCREEN.format(env["TERM"]), file=sys.stderr)
        return 2
    return run_to_the_end(build_app(config, env))


def build_app(config: Config, environ: Mapping[str, str]) -> OncallApp:
    """The app on the real clock and the real world."""

    async def open_them() -> Rooms:
        importing = DaemonThreads("import")
        assembly = await importing.run(_assembly)
        importing.close()
        rooms = cast(Rooms, await assembly.open_rooms(config, environ=environ))
        acts = threading.Thread(target=_prepare_to_act, name="prepare to act", daemon=True)
        asyncio.get_running_loop().call_later(_REQUESTS_ARE_OUT_S, acts.start)
        return rooms

    folder, own = shipped("themes"), ThemeFolder(themes_dir(environ)).look(at_once=True)
    depth = depth_of(environ)
    choice = choose(config.display.theme, folder, own, depth)
    timezone: tzinfo | None = UTC if config.display.utc else None
    app = OncallApp(
        replace(config, display=replace(config.display, theme=choice.name)),
        open_them,
        clock=utc_now,
        timezone=timezone,
        themes=choice.themes,
        problems=choice.problems,
        companions=[ThemeWatch(folder, own, wanted=config.display.theme), ReadAhead()],
        terminal=this_terminal(environ),
        hook=_hook(config, environ),
    )
    draw_with(app, depth)
    wait_for_keys(app)
    return app


def _hook(config: Config, environ: Mapping[str, str]) -> "Hook | None":
    """The program that is told of alerts; nothing of it is loaded for a configuration without one."""
    if config.notify.command is None:
        return None
    from oncall_tui.ui.notify_hook import hook_of

    return hook_of(config, environ)


def _assembly() -> ModuleType:
    """The rooms' modules, which no paint needs: imported after the first one, in a thread.

    httpx comes before everything else that is large: most first answers wait for it and for nothing else.
    """
    from oncall_tui.sources import tls

    tls.warm_up()
    from oncall_tui import assembly
    from oncall_tui.sources import httpx_client

    httpx_client.warm_up()
    return assembly


def _prepare_to_act() -> None:
    """What acts and the journal need: imported while the first requests are under way, and not at the first key.

    First of all the memory that large answers take is to go back with them: they may be there soon.
    """
    return_large_blocks()
    with IMPORTING:
        import oncall_tui.journal.store
        import oncall_tui.response.wiring
        import oncall_tui.ui.acting

    del oncall_tui
