"""Callers of a vendor over httpx, and what they raise."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from oncall_tui.sources.errors import SourceError
from oncall_tui.sources.http import HttpCaller

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
URL = "https://vendor.example.com/base"
TOKEN = "t0p-s3cret-t0ken"
Build = Callable[..., HttpCaller]


class KnownToken:
    def __init__(self, value: str = TOKEN) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value


async def raised_by(caller: HttpCaller, path: str = "/things") -> SourceError:
    with pytest.raises(SourceError) as raised:
        await caller.get_json(path)
    assert TOKEN not in f"{raised.value!r} {raised.value.hint}"
    return raised.value
