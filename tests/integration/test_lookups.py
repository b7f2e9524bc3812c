"""Names that nobody answers for, as without a VPN: no source waits for them, and the program ends without them."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.assembly import open_rooms
from oncall_tui.cli.doctor.examination import Subject, examination
from oncall_tui.cli.init.looking import Eyes
from oncall_tui.config.model import AlertmanagerSettings, AnySource, Config, JournalSettings, PrometheusSettings
from oncall_tui.domain.ids import SourceName
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import TimedOut
from oncall_tui.sources.prometheus.queries import Queries
from oncall_tui.sources.skew import Skew
from oncall_tui.terminal.here import NOWHERE

HOST = "silent.example"
TOLD = f"no connection to {HOST}"
SOURCES: dict[str, AnySource] = {
    "prometheus": PrometheusSettings(url=f"http://{HOST}:9090", timeout="1s", alerts=False),
    "alertmanager": AlertmanagerSettings(url=f"http://{HOST}:9093", timeout="1s"),
}


class Silence:
    """Lookups of ``HOST`` that hang until they are let go."""

    def __init__(self) -> None:
        self.is_over = threading.Event()
        self.ended = 0
        self._real = socket.getaddrinfo

    def lookup(self, host: Any, *arguments: Any, **options: Any) -> Any:
        if host not in (HOST, HOST.encode()):
            return self._real(host, *arguments, **options)
        self.is_over.wait(60)
        self.ended += 1
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


@pytest.fixture
def silence(monkeypatch: pytest.MonkeyPatch) -> Iterator[Silence]:
    found = Silence()
    monkeypatch.setattr(socket, "getaddrinfo", found.lookup)
    yield found
    found.is_over.set()


def test_a_look_ends_though_a_lookup_does_not(silence: Silence, tmp_path: Path) -> None:
    async def look() -> list[str]:
        config = Config(sources=SOURCES, journal=JournalSettings(path=tmp_path / "journal.sqlite3"))
        rooms = await open_rooms(config, environ={})
        try:
            situation = await rooms.look()
        finally:
            await rooms.close()
        return [one.failure.message for one in situation.freshness if one.failure is not None]

    said = asyncio.run(look())
    assert len(said) == 2
    assert all(TOLD in one for one in said)
    assert silence.ended == 0


def test_the_doctor_ends_though_a_lookup_does_not(silence: Silence, tmp_path: Path) -> None:
    config = Config(sources=SOURCES, journal=JournalSettings(path=tmp_path / "journal.sqlite3"))
    diagnosis = asyncio.run(examination(Subject(config, (), None, {"HOME": str(tmp_path)}, NOWHERE)))
    found = [one.what for area in diagnosis.areas if area.name == "source" for one in area.findings]
    assert sum(TOLD in one.lower() for one in found) == 2
    assert silence.ended == 0


def test_the_wizard_goes_on_though_a_lookup_does_not(silence: Silence) -> None:
    seen = Eyes().around("alertmanager", SOURCES["alertmanager"], None)
    assert TOLD in str(seen.error).lower()
    assert silence.ended == 0


async def test_a_query_is_given_up_though_its_thread_cannot_be(silence: Silence) -> None:
    connection = Connection(SourceName("prometheus"), f"http://{HOST}:9090", timeout=0.1)
    queries = Queries(connection, Skew(lambda: datetime.now(UTC)))
    with pytest.raises(TimedOut, match=rf"no connection to {HOST}:9090 within 0\.1 s"):
        await queries.instant("up")
    queries.close()
