"""The httpx clients of a source: loaded before they are needed, made as they are needed."""

import subprocess
import sys
from contextlib import AsyncExitStack

import httpx

from oncall_tui.config.model import AlertmanagerSettings
from oncall_tui.domain.ids import SourceName
from oncall_tui.sources.connection import connection_of
from oncall_tui.sources.httpx_client import Clients

_WARMED = """
import sys
from oncall_tui.sources.httpx_client import warm_up
warm_up()
assert not {"click", "pygments", "rich"} & set(sys.modules), "the command line of httpx"
import asyncio, httpx
async def main():
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(204))) as client:
        return (await client.get("http://vendor.example")).status_code
assert asyncio.run(main()) == 204
"""


def test_httpx_is_loaded_without_its_command_line() -> None:
    done = subprocess.run([sys.executable, "-c", _WARMED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


async def test_there_are_as_many_clients_as_requests_at_once_need() -> None:
    connection = connection_of(SourceName("am"), AlertmanagerSettings(url="http://127.0.0.1:1"), None, {})
    clients = Clients(connection, 20, httpx.MockTransport(lambda _: httpx.Response(204)))
    async with AsyncExitStack() as busy:
        taken = [await busy.enter_async_context(clients.one()) for _ in range(8)]
        assert len(set(map(id, taken))) == 1
        taken += [await busy.enter_async_context(clients.one()) for _ in range(9)]
        assert len(set(map(id, taken))) == 3
    async with AsyncExitStack() as free:
        again = [await free.enter_async_context(clients.one()) for _ in range(8)]
        assert set(map(id, again)) == {id(taken[0])}
    await clients.close()
