"""Reading an answer that may have any shape: what does not fit is an error in our words, never a traceback."""

from collections.abc import Awaitable
from typing import TypeVar

from oncall_tui.sources.errors import Malformed

Result = TypeVar("Result")


async def understood(name: str, reading: Awaitable[Result]) -> Result:
    """What ``reading`` of the source ``name`` gives.

    Raises:
        SourceError: ``Malformed`` too, for what the vendor does not document.
    """
    try:
        return await reading
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        hint = "Is the address that of the API?"
        raise Malformed(f"{name} answered in a shape nobody expected: {error!r}", hint) from None
