"""A real PgBouncer before a real PostgreSQL, for tests: on a port of loopback, its files in a folder of its own."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.servers import READY_DEADLINE_S, PostgreSQL, free_port, require_binary

_CONFIG = """\
[databases]
app = host={server.host} port={server.port} dbname={server.database} user={server.user} password={server.password}

[pgbouncer]
listen_addr = 127.0.0.1
unix_socket_dir =
listen_port = {port}
auth_type = plain
auth_file = {folder}/users
stats_users = watcher
pool_mode = transaction
ignore_startup_parameters = {ignored}
"""


@dataclass(frozen=True)
class Pooler:
    """A started PgBouncer; ``watcher`` may ask how it is, and has the password of the server's user."""

    port: int
    host: str = "127.0.0.1"
    user: str = "watcher"


@contextlib.contextmanager
def start_pgbouncer(server: PostgreSQL, ignored: str = "extra_float_digits") -> Iterator[Pooler]:
    """Run PgBouncer before ``server``; it refuses to run as root, and then runs as the server does."""
    binary = require_binary("pgbouncer", "/usr/sbin/pgbouncer")
    folder = Path(tempfile.mkdtemp(prefix="oncall-pb-"))
    try:
        # The socket of the server is in a folder that only its own user may enter.
        user = Path(server.host).owner() if os.geteuid() == 0 else None
        names = (server.user, Pooler.user)
        (folder / "users").write_text("".join(f'"{name}" "{server.password}"\n' for name in names))
        port = free_port()
        config = _CONFIG.format(server=server, folder=folder, port=port, ignored=ignored)
        (folder / "pgbouncer.ini").write_text(config)
        for path in (folder, *folder.iterdir()):
            if user is not None:
                shutil.chown(path, user)
        command = [binary, "--quiet", str(folder / "pgbouncer.ini")]
        process = subprocess.Popen(command, user=user, cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait(process, port)
            yield Pooler(port)
        finally:
            process.kill()
            process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + READY_DEADLINE_S
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 2.0):
            return
        time.sleep(0.02)
    pytest.fail("pgbouncer did not start")
