"""What one fault is, and what it may touch."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.contract.certificates import Certificates
from tests.contract.gate import Gate
from tests.contract.vendor_server import Answers, VendorServer

SHORT_S = 0.25
"""``timeout`` where a test waits for it to pass; a whole request may take twice as long."""

ELSEWHERE = "vendor.invalid"
"""A name that nobody knows, until the fault is mended."""


@dataclass
class Stage:
    """What a fault may touch."""

    vendor: VendorServer
    gate: Gate
    thief: VendorServer
    """Another host, to which nothing may be sent."""
    certificates: Callable[[], Certificates]
    patch: pytest.MonkeyPatch
    answers: Callable[[str], Answers]
    """What the vendor answers with this text in whatever people may write."""


@dataclass(frozen=True)
class Fault:
    """One fault. Without ``kind`` the records come all the same, and ``says`` stands in a warning (if anywhere)."""

    name: str
    begin: Callable[[Stage], Awaitable[None]]
    kind: str | None = None
    says: tuple[str, ...] = ()
    advises: tuple[str, ...] = ()
    shows: str = ""
    """What the title of an alert then holds."""
    retry_after: float | None = None
    is_tls: bool = False
    host: str = "127.0.0.1"
    is_timed: bool = False
    """It is told by a time limit, which the test sets to ``SHORT_S``."""
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name
