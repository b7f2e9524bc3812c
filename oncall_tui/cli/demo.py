"""``oncall-tui demo``: the screen on a small world of its own, without a server, an account or a network.

The world runs in a process of its own and speaks the vendors' protocols on loopback; the screen runs its real clients
against it. Everything lives in a temporary folder: the user's configuration, journal and credentials are not touched.
"""

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from oncall_tui.cli.session import Session
from oncall_tui.cli.stage.build import build_stage
from oncall_tui.config.load import load

VENDORS = ("prometheus", "alertmanager", "pagerduty", "sentry")
_TEMPLATE = Path(__file__).with_name("demo_config.toml")
_START_LIMIT_S = 30.0
_PRIVATE = 0o600


@click.command()
@click.option("--serve-only", is_flag=True, help="Start only the servers, print one line of JSON, stay until stopped.")
@click.option("--quiet", is_flag=True, help="Leave the incident out: a good day.")
@click.option("--all-incidents", is_flag=True, help="Database, QR codes and logins are in trouble, too.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the randomness of the world.")
@click.pass_obj
def demo(session: Session, serve_only: bool, quiet: bool, all_incidents: bool, seed: int) -> None:
    """Show the screen on an embedded demo world: within half a minute a bad deployment starts an incident."""
    chosen = {"--quiet": quiet, "--all-incidents": all_incidents}
    arguments = ["--seed", str(seed), *(option for option, is_chosen in chosen.items() if is_chosen)]
    with _temporary_folder() as folder, _world(arguments) as (process, announcement):
        config = write_config(folder, announcement)
        if serve_only:
            _serve(process, config, announcement)
        else:
            session.start_screen(load(config))


def write_config(folder: Path, announcement: Mapping[str, Mapping[str, str]]) -> Path:
    """A configuration for the announced servers in ``folder``, with each token in a file of mode 0600 beside it."""
    text = _TEMPLATE.read_text(encoding="utf-8").replace("@folder@", folder.as_posix())
    control = announcement.get("control", {})
    stage = build_stage(folder / "stage", control.get("url", ""), control.get("token", ""))
    told = {"directory": str(stage.root), **{name.lower(): value for name, value in stage.environment.items()}}
    told["health_url"] = control.get("url", "http://127.0.0.1:9")
    for key, value in told.items():
        text = text.replace(f"@{key}@", value)
    for vendor in VENDORS:
        for key, value in announcement[vendor].items():
            if key != "token":
                text = text.replace(f"@{vendor}_{key}@", value)
        _write_private(folder / f"{vendor}.token", announcement[vendor]["token"])
    path = folder / "oncall.toml"
    _write_private(path, text)
    return path


def _write_private(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE), "w", encoding="utf-8") as file:
        file.write(text)


def _serve(process: "subprocess.Popen[str]", config: Path, announcement: Mapping[str, Mapping[str, str]]) -> None:
    """Print what a client needs and wait for a signal, or for the end of the world."""
    vendors = {vendor: announcement[vendor] for vendor in VENDORS}
    control = {"control": announcement["control"]} if "control" in announcement else {}
    click.echo(json.dumps({"config": str(config), **vendors, **control}))
    sys.stdout.flush()
    process.wait()
    raise click.ClickException(f"The demo servers ended by themselves with code {process.returncode}.")


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="oncall-tui-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _world(arguments: list[str]) -> "Iterator[tuple[subprocess.Popen[str], Mapping[str, Mapping[str, str]]]]":
    """The simulator as a process, ready, and what it announced; ended when the block is left, however it is left."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    command = [sys.executable, "-m", "oncall_tui.simulator", "--exit-with-parent", *arguments]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process, _announcement(process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _announcement(process: "subprocess.Popen[str]") -> Any:
    """The line that the simulator prints when it is ready."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    stdout = process.stdout
    assert stdout is not None
    threading.Thread(target=lambda: lines.put(stdout.readline()), daemon=True).start()
    try:
        line = lines.get(timeout=_START_LIMIT_S)
        return json.loads(line)
    except (queue.Empty, ValueError):
        hint = "Run `python -m oncall_tui.simulator` to see why."
        raise click.ClickException(f"The demo servers did not start within {_START_LIMIT_S:.0f} s. {hint}") from None


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(0)
