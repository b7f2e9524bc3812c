"""What stands before the body is foreign text too: status lines and headers as no server should send them."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oncall_tui.assembly import open_rooms
from oncall_tui.cli.demo import write_config
from oncall_tui.config.load import load
from oncall_tui.domain.situation import Situation, SourceState
from tests.nasty.conftest import Announcement
from tests.nasty.test_command_line import run
from tests.nasty.test_sources import assert_plain

TITLE = "\x1b]0;PWNED\x07"
WAITS = (
    TITLE,
    "9" * 30,
    "9" * 5_000,
    "-5",
    "NaN",
    "inf",
    "1e400",
    "٣",
    "Wed, 99 Foo 99999 99:99:99 GMT",
    "\x9b31m",
    "",
)
PLACES = (
    TITLE,
    f"/{TITLE}",
    f"http://evil{TITLE}.example/",
    "http://evil\u202e.example/",
    "http://[",
    "http://127.0.0.1:99999/",
    "javascript:alert(1)",
    "//" + "x" * 5_000,
    "",
)
OTHERS = (
    f"Date: {TITLE}",
    "Date: Fri, 31 Dec 9999 23:59:59 -2400",
    "Date: Mon, 01 Jan 0001 00:00:00 +2359",
    f"Date: Sat, 21 Nov 2026 08:00:00 GMT\r\nAge: {'9' * 30}",
    f'Link: <http://evil.example/{TITLE}>; rel="next"; results="true"; cursor="{TITLE}"',
    f'Link: <{TITLE}>; rel="{TITLE}", <<<;;;,',
    f"Server: {TITLE}\r\nX-{TITLE}: {TITLE}",
    f"Content-Type: {TITLE}; charset={TITLE}",
    f"Content-Encoding: {TITLE}",
    f"Transfer-Encoding: {TITLE}",
    "Content-Length: -1",
    "Content-Length: " + "9" * 30,
    f"WWW-Authenticate: Basic realm={TITLE}\r\nSet-Cookie: {TITLE}={TITLE}",
    "X-Long: " + "x" * 200_000,
    f"a header without a colon {TITLE}",
)
HEADS = (
    *(f"HTTP/1.1 429 x\r\nRetry-After: {wait}" for wait in WAITS),
    *(f"HTTP/1.1 302 Found\r\nLocation: {place}" for place in PLACES),
    *(f"HTTP/1.1 200 OK\r\n{other}" for other in OTHERS),
    f"HTTP/1.1 500 {TITLE}",
    f"HTTP/1.1 {TITLE} OK",
    f"{TITLE} 200 OK",
)


@asynccontextmanager
async def headers_of_all_kinds() -> AsyncIterator[str]:
    """The address of a server: below ``/7`` it says the seventh of ``HEADS``, with next to nothing behind it."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        head = HEADS[int(asked.split(b" ", 2)[1].split(b"/")[1])]
        writer.write(head.encode("utf-8", "replace") + b"\r\nConnection: close\r\n\r\n[]")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


@pytest.fixture
def folders(tmp_path: Path) -> Sequence[Path]:
    """One for the configuration of each head."""
    found = [tmp_path / f"{number}" for number in range(len(HEADS))]
    for one in found:
        one.mkdir()
    return found


async def _look(folder: Path, announcement: Announcement, url: str, environ: Mapping[str, str]) -> Situation:
    everywhere = {vendor: {**about, "url": url} for vendor, about in announcement.items()}
    rooms = await open_rooms(load(write_config(folder, everywhere)), environ=environ)
    try:
        return await rooms.look()
    finally:
        await rooms.close()


@pytest.mark.parametrize("announcement", ["words"], indirect=True)
async def test_headers_of_all_kinds_are_plain_text_or_nothing(
    announcement: Announcement, folders: Sequence[Path], environ: Mapping[str, str]
) -> None:
    async with headers_of_all_kinds() as url:
        looks = [_look(folder, announcement, f"{url}/{n}", environ) for n, folder in enumerate(folders)]
        situations = await asyncio.gather(*looks)
    latest = datetime.now(UTC) + timedelta(hours=1, minutes=1)
    for head, situation in zip(HEADS, situations, strict=True):
        assert_plain(situation)
        assert not situation.alerts, head
        for one in situation.freshness:
            assert one.state in (SourceState.FAILED, SourceState.OK, SourceState.EMPTY), head
            assert (one.failure is not None) is (one.state is SourceState.FAILED), head
            assert one.asked_to_wait_until is None or one.asked_to_wait_until < latest, head
        assert any(one.failure for one in situation.freshness), head


@pytest.mark.parametrize("announcement", ["words"], indirect=True)
async def test_headers_that_cannot_be_parsed_print_nothing_of_their_own(
    announcement: Announcement, folders: Sequence[Path], environ: Mapping[str, str]
) -> None:
    async with headers_of_all_kinds() as url:
        number = next(at for at, head in enumerate(HEADS) if "without a colon" in head)
        everywhere = {vendor: {**about, "url": f"{url}/{number}"} for vendor, about in announcement.items()}
        ended = await run(environ, "--config", str(write_config(folders[0], everywhere)), "services")
    ended.assert_plain()
    assert ended.code
    assert not [line for line in ended.stderr.splitlines() if not line.startswith(tuple(everywhere))]
