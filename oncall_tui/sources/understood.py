"""Reading an answer that may have any shape: what does not fit is an error in our words, never a traceback."""

from collections.abc import Awaitable
from typing import TypeVar

from oncall_tui.sources.errors import Malformed
from oncall_tui.sources.values import WRONG_SHAPE

Result = TypeVar("Result")


async def understood(name: str, reading: Awaitable[Result]) -> Result:
    """What ``reading`` of the source ``name`` gives.

    Raises:
        SourceError: ``Malformed`` too, for what the vendor does not document.
    """
    try:
        return await reading
    except WRONG_SHAPE as error:
        # Python's words may quote the answer, and an answer may quote the token.
        what = f"{name} answered in a shape nobody expected ({type(error).__name__})."
        raise Malformed(what, "Is the address that of the API?") from None
