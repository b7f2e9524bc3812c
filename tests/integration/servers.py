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
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

READY_DEADLINE_S = 60.0
STOP_DEADLINE_S = 60.0
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


@dataclass(frozen=True)
class PostgreSQL:
    """A started cluster with one database, of a superuser with a password."""

    host: str
    """The folder of its socket; no port is open."""
    port: int
    process: subprocess.Popen[bytes]
    log: Path
    database: str = "app"
    user: str = "oncall"
    password: str = "correct-horse-7"


@contextlib.contextmanager
def start_postgresql() -> Iterator[PostgreSQL]:
    """Run a new PostgreSQL cluster in a folder of its own; Debian's clusters are left alone.

    The server refuses to run as root: it then runs as ``postgres``, or as ``nobody``.
    """
    initdb, postgres = _postgresql_program("initdb"), _postgresql_program("postgres")
    psql = require_binary("psql")
    user = _unprivileged("postgres", "nobody") if os.geteuid() == 0 else None
    # Short, since the path of a socket may have 107 bytes; and not under tmp_path, which root keeps to itself.
    folder = Path(tempfile.mkdtemp(prefix="oncall-pg-"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        server = PostgreSQL(str(folder), 5432, *_started_cluster(folder, initdb, postgres, user))
        try:
            _wait_for_cluster(server, psql)
            yield server
        finally:
            server.process.send_signal(signal.SIGQUIT)
            server.process.wait(STOP_DEADLINE_S)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started_cluster(
    folder: Path, initdb: str, postgres: str, user: str | None
) -> tuple[subprocess.Popen[bytes], Path]:
    data, log = folder / "data", folder / "output.log"
    password = folder / "password"
    password.write_text(PostgreSQL.password)
    making = [initdb, "-D", str(data), "-U", PostgreSQL.user, "--auth=scram-sha-256", f"--pwfile={password}"]
    making += ["-E", "UTF8", "--no-locale", "--no-sync", "--no-instructions"]
    done = subprocess.run(making, user=user, cwd=folder, capture_output=True, check=False)
    if done.returncode:
        pytest.fail(f"initdb failed: {done.stderr.decode(errors='replace')[-2000:]}")
    command = [postgres, "-D", str(data), "-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, user=user, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    return process, log


def _wait_for_cluster(server: PostgreSQL, psql: str) -> None:
    env = {**os.environ, "PGPASSWORD": server.password}
    command = [
        psql,
        "-X",
        "-h",
        server.host,
        "-U",
        server.user,
        "-d",
        "postgres",
        "-c",
        f"CREATE DATABASE {server.database}",
    ]
    deadline = time.monotonic() + READY_DEADLINE_S
    while subprocess.run(command, env=env, capture_output=True, check=False).returncode:
        if server.process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"PostgreSQL did not start: {server.log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


def _postgresql_program(name: str) -> str:
    """A program of the server: Debian keeps them off the PATH, by version."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    return str(found[-1]) if found else require_binary(name)


def _unprivileged(*names: str) -> str:
    for name in names:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    pytest.fail(f"PostgreSQL does not run as root, and there is no user {' or '.join(names)}")


@contextlib.contextmanager
def start_redis(tmp_path: Path) -> Iterator[Server]:
    """Run redis-server on loopback, with nothing written to a disk; ``url`` is ``redis://127.0.0.1:PORT``."""
    binary = require_binary("redis-server")
    folder = tmp_path / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "output.log"
    for _ in range(START_ATTEMPTS):
        port = free_port()
        command = [binary, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        try:
            if _pings(process, port):
                yield Server(f"redis://127.0.0.1:{port}", process, log)
                return
        finally:
            _stop(process)
    pytest.fail(f"redis-server did not start: {log.read_text(errors='replace')[-2000:]}")


def _pings(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + READY_DEADLINE_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 2.0) as connection:
            connection.sendall(b"PING\r\n")
            if connection.recv(7) == b"+PONG\r\n":
                return True
        time.sleep(0.02)
    return False


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
