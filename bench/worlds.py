"""Servers to measure against, each a process of its own, and configurations that point at them."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.program import ROOT

Announced = Mapping[str, Mapping[str, str]]
"""Url, token and identities of each vendor."""

SERVICES = 1_000


def crowded(alerts: int, churn: float) -> Sequence[str]:
    """The arguments of a simulator with many services and alerts, of which a share changes every minute."""
    return (
        *("-m", "oncall_tui.simulator", "--exit-with-parent", "--quiet", "--pagerduty-limit", "1000000"),
        *("--services", str(SERVICES), "--alerts", str(alerts), "--churn", str(churn)),
    )


QUIET = ("-m", "oncall_tui.simulator", "--exit-with-parent", "--quiet")
"""The arguments of the simulator on a good day."""


def answering_after(seconds: float) -> Sequence[str]:
    """The arguments of vendors that answer every call after so long."""
    return ("-m", "bench.upstreams", str(seconds))


@contextmanager
def servers(arguments: Sequence[str]) -> Iterator[Announced]:
    """Run servers that announce themselves with a line of JSON and end when their standard input closes."""
    command = [sys.executable, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.kill()


@contextmanager
def home(announced: Announced, *, interval: str = "30s", checks: int = 0) -> Iterator[Path]:
    """A folder with a configuration ``oncall.toml`` for these servers, and room for a journal."""
    with TemporaryDirectory(prefix="oncall-tui-bench.") as name:
        folder = Path(name)
        (folder / "oncall.toml").write_text(configuration(announced, folder, interval, checks), encoding="utf-8")
        yield folder


def configuration(announced: Announced, folder: Path, interval: str, checks: int) -> str:
    """The configuration; its budgets never bind."""
    tables = []
    for vendor in ("prometheus", "alertmanager", "pagerduty", "sentry"):
        told = announced[vendor]
        token = folder / f"{vendor}.token"
        token.touch(mode=0o600)
        token.write_text(told["token"], encoding="utf-8")
        keys: dict[str, Any] = {
            "kind": vendor,
            "url": told["url"],
            "token": f"file:{token}",
            "interval": interval,
            "budget": 5_000,
        }
        if vendor == "sentry":
            keys["organization"] = told["organization"]
        if vendor == "pagerduty":
            keys["from_email"] = told["email"]
        # What JSON says of text and numbers, TOML says too.
        tables.append("\n".join([f"[sources.{vendor}]", *(f"{key} = {json.dumps(one)}" for key, one in keys.items())]))
    for number in range(checks):
        table = {"name": f"check {number}", "query": f"vector({number})", "warning": 1_000_000}
        lines = (f"{key} = {json.dumps(one)}" for key, one in table.items())
        tables.append("\n".join([f"[[services.shop-{number % 20}.checks]]", *lines]))
    tables.append(f"[journal]\npath = {json.dumps(str(folder / 'journal.sqlite3'))}")
    return "\n\n".join(tables) + "\n"
