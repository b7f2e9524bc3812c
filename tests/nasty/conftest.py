"""Hostile vendors, started once for all tests of this folder."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.cli.demo import write_config
from tests.nasty.vendor import PASSES

ROOT = Path(__file__).parent.parent.parent
Announcement = Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="session")
def vendors() -> Iterator[Mapping[str, Announcement]]:
    """What the hostile vendors announced, by pass."""
    command = [sys.executable, "-m", "tests.nasty.vendor"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None and process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(timeout=20)
        process.stdout.close()


@pytest.fixture(params=PASSES)
def announcement(request: pytest.FixtureRequest, vendors: Mapping[str, Announcement]) -> Announcement:
    """The vendors of one pass."""
    return vendors[request.param]


@pytest.fixture
def config(announcement: Announcement, tmp_path: Path) -> Path:
    """A configuration of the hostile vendors of one pass: that of the demo, checks and chart included."""
    return patient_config(tmp_path, announcement)


def patient_config(folder: Path, announcement: Announcement) -> Path:
    """That of the demo, for a pager that is late: one process answers for all vendors, and everything at once."""
    config = write_config(folder, announcement)
    kind = 'kind = "pagerduty"\n'
    text = config.read_text(encoding="utf-8")
    assert kind in text
    config.write_text(text.replace(kind, f'{kind}timeout = "60s"\n'), encoding="utf-8")
    return config


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A user with nothing but an empty home."""
    inherited = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    places = {name: str(tmp_path) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")}
    keyring: dict[str, Any] = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    return {**inherited, **places, **keyring, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "TERM": "xterm-kitty"}
