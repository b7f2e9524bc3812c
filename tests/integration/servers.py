"""Real monitoring servers on loopback, for tests that must not trust our own idea of a wire protocol.

Each helper is a context manager: it writes the configuration under the given folder, starts the
program on a free port, waits until it answers, and ends the process when the block is left::

    with start_prometheus(tmp_path, CONFIG_YAML, ["--web.enable-lifecycle"]) as server:
        httpx.get(f"{server.url}/api/v1/status/buildinfo")

A missing program skips the test with a reason; with ``ONCALL_REQUIRE_SERVERS=1`` it fails instead.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

READY_DEADLINE_S = 20.0
STOP_DEADLINE_S = 10.0
START_ATTEMPTS = 3
"""Another process may take the free port between our look and the server's bind."""

DEFAULT_ALERTMANAGER_CONFIG = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"


@dataclass(frozen=True)
class Server:
    """A started server: where it listens, its process, and the file with its output."""

    url: str
    """Base address without a trailing slash, such as ``http://127.0.0.1:41234``."""
    process: subprocess.Popen[bytes]
    log: Path


class _StartFailedError(Exception):
    """The process ended, or never became ready."""


def free_port() -> int:
    """Return a TCP port that nobody on 127.0.0.1 listens to right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def require_binary(*names: str) -> str:
    """Return the path of the first program found; else skip, or fail when servers are required.

    Args:
        names: the names a program goes by, Debian's first.
    """
    for name in names:
        if path := shutil.which(name):
            return path
    reason = f"{' / '.join(names)} is not installed"
    if os.environ.get("ONCALL_REQUIRE_SERVERS") == "1":
        pytest.fail(f"{reason}, and ONCALL_REQUIRE_SERVERS=1 demands it")
    pytest.skip(reason)


@contextlib.contextmanager
def start_prometheus(tmp_path: Path, config_yaml: str, flags: Sequence[str] = ()) -> Iterator[Server]:
    """Run Prometheus with *config_yaml* and an empty database under *tmp_path*."""
    binary = require_binary("prometheus")
    config = _written(tmp_path / "prometheus" / "prometheus.yml", config_yaml)
    command = [binary, f"--config.file={config}", f"--storage.tsdb.path={config.parent / 'data'}", *flags]
    with _serving(command, config.parent, "/-/ready") as server:
        yield server


@contextlib.contextmanager
def start_alertmanager(
    tmp_path: Path, config_yaml: str = DEFAULT_ALERTMANAGER_CONFIG, flags: Sequence[str] = ()
) -> Iterator[Server]:
    """Run Alertmanager with *config_yaml*, without clustering, its data under *tmp_path*."""
    binary = require_binary("prometheus-alertmanager", "alertmanager")
    config = _written(tmp_path / "alertmanager" / "alertmanager.yml", config_yaml)
    command = [binary, f"--config.file={config}", f"--storage.path={config.parent / 'data'}"]
    with _serving([*command, "--cluster.listen-address=", *flags], config.parent, "/-/ready") as server:
        yield server


@contextlib.contextmanager
def start_node_exporter(tmp_path: Path, flags: Sequence[str] = ()) -> Iterator[Server]:
    """Run node_exporter; its only page of interest is ``/metrics``."""
    binary = require_binary("prometheus-node-exporter", "node_exporter")
    folder = tmp_path / "node_exporter"
    folder.mkdir(parents=True, exist_ok=True)
    with _serving([binary, *flags], folder, "/") as server:
        yield server


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@contextlib.contextmanager
def _serving(command: Sequence[str], folder: Path, ready_path: str) -> Iterator[Server]:
    log = folder / "output.log"
    server = _started(command, log, ready_path)
    try:
        yield server
    finally:
        _stop(server.process)


def _started(command: Sequence[str], log: Path, ready_path: str) -> Server:
    failure = ""
    for _ in range(START_ATTEMPTS):
        port = free_port()
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, f"--web.listen-address=127.0.0.1:{port}"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait_until_ready(process, port, ready_path)
        except _StartFailedError as problem:
            _stop(process)
            failure = f"{problem}\n{log.read_text(errors='replace')[-2000:]}"
        except BaseException:
            _stop(process)
            raise
        else:
            return Server(f"http://127.0.0.1:{port}", process, log)
    pytest.fail(f"{command[0]} did not start: {failure}")


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    deadline = time.monotonic() + READY_DEADLINE_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise _StartFailedError(f"exit code {process.returncode}")
        if _answers(port, path):
            return
        time.sleep(0.02)
    raise _StartFailedError(f"no 200 from {path} within {READY_DEADLINE_S:.0f} s")


def _answers(port: int, path: str) -> bool:
    # http.client and not urllib: a proxy from the environment must not see loopback.
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2.0)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_DEADLINE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_DEADLINE_S)
