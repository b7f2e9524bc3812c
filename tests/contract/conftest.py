"""Each test of the suite gets every kind of source, and a vendor of its own on loopback."""

from collections.abc import AsyncIterator

import pytest

from oncall_tui.sources.base import Source
from tests.contract.kinds import KINDS, Kind
from tests.contract.vendor_server import VendorServer, vendor_server


@pytest.fixture(params=KINDS, ids=str)
def kind(request: pytest.FixtureRequest) -> Kind:
    """The kind under test."""
    found: Kind = request.param
    return found


@pytest.fixture
async def vendor(kind: Kind) -> AsyncIterator[VendorServer]:
    """A vendor in trouble, until the test has it say something else."""
    async with vendor_server(kind.answers("")) as server:
        yield server


@pytest.fixture
async def source(kind: Kind, vendor: VendorServer) -> AsyncIterator[Source]:
    """A source that speaks to the vendor."""
    built = kind.build(vendor.url)
    yield built
    await built.close()
