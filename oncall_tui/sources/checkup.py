"""What the checks of every source have in common: questions that fail alone, and versions that are too old."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence

from oncall_tui.domain.counts import counted
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.base import CheckState, Finding, Topic
from oncall_tui.sources.errors import SourceError, Unauthorised
from oncall_tui.sources.values import WRONG_SHAPE

Question = Callable[[], Awaitable[Sequence[Finding]]]
"""Asks a vendor one thing; raises from the ``SourceError`` tree when it is not told."""

_NUMBERS = re.compile(r"v?(\d+)\.(\d+)")
_NAMED = 5


async def asked(question: Question, *, vendor: str) -> list[Finding]:
    """What one question finds; its error is a finding, so that the others are asked all the same."""
    try:
        return list(await question())
    except SourceError as error:
        return [failed(error)]
    except WRONG_SHAPE as error:
        # Python's words may quote the answer, and an answer may quote the token.
        what = f"The answer has a shape nobody expected ({type(error).__name__})."
        return [Finding(CheckState.FAILED, what, f"Is `url` that of {vendor}?", Topic.REACHABILITY)]


async def all_asked(first: Question, *others: Question, vendor: str) -> list[Finding]:
    """``first``, then the others at the same time: without an answer to the first none is asked."""
    found = await asked(first, vendor=vendor)
    if any(one.state is CheckState.FAILED and one.topic in (Topic.REACHABILITY, Topic.CREDENTIAL) for one in found):
        return found
    more = await asyncio.gather(*(asked(other, vendor=vendor) for other in others))
    return found + [finding for findings in more for finding in findings]


def failed(error: SourceError) -> Finding:
    """The finding that an error is."""
    topic = Topic.CREDENTIAL if isinstance(error, Unauthorised) else Topic.REACHABILITY
    return Finding(CheckState.FAILED, str(error), error.hint, topic)


def version_finding(version: str, oldest: tuple[int, int], vendor: str) -> Finding:
    """The version that a server tells, held against the oldest that has what is read.

    A version that is no number, or below 1.0 where the vendor's own numbers begin above, is another product's with the
    same API: it is told and not judged.
    """
    told = clean_line(version, 60)
    numbers = _NUMBERS.match(told)
    found = (int(numbers[1]), int(numbers[2])) if numbers else None
    is_vendors_own = found is not None and (found[0] > 0 or oldest[0] == 0)
    if found is None or not is_vendors_own or found >= oldest:
        return Finding(CheckState.OK, f"Version {told}.", topic=Topic.VERSION)
    needed = f"{oldest[0]}.{oldest[1]}"
    advice = f"Update it to {needed} or later: some of what the screen asks for is not there yet."
    return Finding(CheckState.FAILED, f"Version {told} is too old: {vendor} {needed} is needed.", advice, Topic.VERSION)


def some_of(number: int, total: int, noun: str, one: str, many: str) -> str:
    """``1 of 12 targets has``, ``3 of 12 targets have``; of a single thing only its name: ``1 target has``."""
    thing = counted(total, noun) if number == total == 1 else f"{number:,} of {counted(total, noun)}"
    return f"{thing} {one if number == 1 else many}"


def named(names: Sequence[str], limit: int = _NAMED) -> str:
    """Names in a row, those beyond ``limit`` counted."""
    more = len(names) - limit
    return ", ".join(clean_line(one, 60) for one in names[:limit]) + (f" and {more} more" if more > 0 else "")
