"""What a run of a runbook begins with: secrets that are read, typed, or cannot be had; and the end of the room."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oncall_tui.assembly import Rooms, open_rooms
from oncall_tui.assembly.runbooks import Begun
from oncall_tui.config.model import Config, JournalSettings, RunbooksSettings
from oncall_tui.domain.situation import Situation
from tests.unit.runbook.books import native

NOW = datetime(2026, 11, 21, 2, 14, tzinfo=UTC)
NOTHING = Situation(1, NOW)
BOOK = native(
    '# Purge\n\n```bash {#purge danger=read}\necho "$repair"\n```\n',
    "params:\n  repair:\n    type: secret\n    from: config.cdn.token\n",
)


@pytest.fixture
async def rooms(tmp_path: Path) -> AsyncIterator[Rooms]:
    kept = tmp_path / "token"
    kept.write_text("s3cret-of-the-file\n")
    kept.chmod(0o600)
    config = Config(
        journal=JournalSettings(path=tmp_path / "journal.db"),
        runbooks=RunbooksSettings(values={"cdn": {"token": f"file:{tmp_path}/absent"}}),
    )
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    opened = await open_rooms(config, environ=environ, clock=lambda: NOW, monotonic=None, actor="user:ana")
    yield opened
    await opened.close()


async def begun(rooms: Rooms, typed: Mapping[str, str]) -> Begun:
    assert not BOOK.findings
    return await rooms.runbooks.begin(BOOK, None, NOTHING, typed)


def given(begun: Begun) -> str | None:
    """What the step would get."""
    prepared = begun.run.plan("purge").prepared
    return None if prepared is None else prepared.values["repair"]


def in_journal(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.glob("journal.db*"))


async def test_a_secret_that_cannot_be_read_is_asked_for_and_says_why(rooms: Rooms) -> None:
    one = await begun(rooms, {})
    assert one.values["repair"].text is None
    assert "absent" in one.values["repair"].problem
    assert given(one) is None
    assert one.run.plan("purge").blocked


async def test_a_typed_secret_is_the_secret_and_in_no_journal(rooms: Rooms, tmp_path: Path) -> None:
    assert given(await begun(rooms, {"repair": "typed-s3cret"})) == "typed-s3cret"
    await rooms.journal.close()
    written = in_journal(tmp_path)
    assert b"purge" in written.lower()
    assert b"typed-s3cret" not in written


async def test_what_is_typed_may_name_where_a_secret_is_kept(rooms: Rooms, tmp_path: Path) -> None:
    assert given(await begun(rooms, {"repair": f"file:{tmp_path}/token"})) == "s3cret-of-the-file"


async def test_the_room_is_closed_with_the_others(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[str] = []
    monkeypatch.setattr(rooms.runbooks, "close", lambda: closed.append("runbooks"))
    await rooms.close()
    assert closed == ["runbooks"]
