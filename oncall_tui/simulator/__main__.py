"""`python -m oncall_tui.simulator`: start the simulator, print one line of JSON when it is ready, stay."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from .crowd import CHANGED_PER_MINUTE
from .pagerduty.app import DEFAULT_LIMIT_PER_MINUTE
from .server import SimulatorOptions, running
from .world import DEFAULT_TICK_S

_PARENT_CHECK_S = 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM, SIGINT or, with --exit-with-parent, the end of the parent process."""
    chosen = _parser().parse_args(arguments)
    options = SimulatorOptions(
        clock=time.time,
        seed=chosen.seed,
        is_quiet=chosen.quiet,
        tick_s=chosen.tick,
        pagerduty_limit=chosen.pagerduty_limit,
        incidents=chosen.incidents,
        token_prefix=chosen.token_prefix,
        services=chosen.services,
        alerts=chosen.alerts,
        churn=chosen.churn,
        with_past=not chosen.no_past,
        with_all=chosen.all_incidents,
    )
    asyncio.run(_serve(options, exit_with_parent=chosen.exit_with_parent))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="oncall_tui.simulator", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the world's randomness")
    parser.add_argument("--quiet", action="store_true", help="leave the incident out")
    parser.add_argument("--tick", type=float, default=DEFAULT_TICK_S, metavar="SECONDS", help="between two scrapes")
    parser.add_argument(
        "--pagerduty-limit", type=int, default=DEFAULT_LIMIT_PER_MINUTE, metavar="N", help="requests a minute"
    )
    parser.add_argument("--incidents", type=int, default=0, metavar="N", help="further old open incidents")
    parser.add_argument("--services", type=int, default=0, metavar="N", help="services in all, at most 1,165")
    parser.add_argument("--alerts", type=int, default=0, metavar="N", help="alerts beside those of the story")
    parser.add_argument(
        "--churn", type=float, default=CHANGED_PER_MINUTE, metavar="SHARE", help="part of them that changes in a minute"
    )
    parser.add_argument("--no-past", action="store_true", help="leave out the pages of the last thirty days")
    parser.add_argument("--all-incidents", action="store_true", help="database, QR codes and logins in trouble, too")
    parser.add_argument("--token-prefix", default="", metavar="TEXT", help="put before each random token")
    parser.add_argument("--exit-with-parent", action="store_true", help="end when stdin closes or the parent does")
    return parser


async def _serve(options: SimulatorOptions, *, exit_with_parent: bool) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if exit_with_parent:
        threading.Thread(target=_watch_stdin, args=(loop, stop), daemon=True).start()
    async with running(options) as simulator:
        print(json.dumps(simulator.announcement()), flush=True)
        await _until(stop, os.getppid() if exit_with_parent else None)


async def _until(stop: asyncio.Event, parent: int | None) -> None:
    """Wait; a changed parent id means that the parent has died and this process was handed on."""
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), None if parent is None else _PARENT_CHECK_S)
        except TimeoutError:
            if os.getppid() != parent:
                return


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Read stdin to its end; os.read takes no lock that the interpreter would wait for at exit."""
    with suppress(OSError):
        while os.read(0, 4096):
            pass
    if not loop.is_closed():
        loop.call_soon_threadsafe(stop.set)


if __name__ == "__main__":
    sys.exit(main())
