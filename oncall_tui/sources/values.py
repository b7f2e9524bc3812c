"""Values out of foreign JSON: cleaned, typed, and forgiving where the vendor calls a field optional.

A required field that is missing raises ``ValueError``, which says that one object cannot be read; a missing optional
one is empty. Nothing here knows a vendor.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from oncall_tui.domain.text import clean, clean_line

JsonObject = Mapping[str, Any]
Item = TypeVar("Item")
Raw = TypeVar("Raw")

WRONG_SHAPE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
"""What the reading of an answer raises when the vendor said something that it does not document."""

_ADDRESS_LIMIT = 2_000
_UNSENDABLE = re.compile(r"[\s\x00-\x1f\x7f]")


def mapping(value: object) -> JsonObject:
    """The object, or an empty one for anything else, null above all."""
    return value if isinstance(value, Mapping) else {}


def objects(value: object) -> tuple[JsonObject, ...]:
    """The objects of a list; none for anything else."""
    return tuple(one for one in value if isinstance(one, Mapping)) if isinstance(value, Sequence) else ()


def line(value: object, limit: int = 400) -> str:
    """Text or a number as one cleaned line; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return clean_line(str(value), limit)


def block(value: object, limit: int = 2_000) -> str:
    """Text with its line breaks, cleaned; empty for anything else."""
    return clean(value, limit).strip() if isinstance(value, str) else ""


def first_line(*values: object) -> str:
    """The first of ``values`` that has something to say, on one line."""
    return next((text for text in map(line, values) if text), "")


def identity(value: object) -> str:
    """A vendor's id, exactly as it must be sent back.

    Raises:
        ValueError: it is absent, or holds what ``clean`` would change and an action could then not name.
    """
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not text or clean_line(text, 200) != text:
        raise ValueError("an object without a usable id")
    return text


def number(value: object) -> int | None:
    """A whole number, also one that the vendor writes as text (Sentry's ``count``); None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return int(value)
    except (ValueError, OverflowError):
        return None


def moment(value: object) -> datetime | None:
    """An ISO 8601 time in UTC, one without a zone taken for UTC; None when it is none."""
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value.strip())
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def web_address(value: object) -> str | None:
    """An ``http`` or ``https`` address that may be opened; None for any other scheme and for what is no address."""
    if not isinstance(value, str) or len(value) > _ADDRESS_LIMIT or _UNSENDABLE.search(value):
        return None
    try:
        parts = urlsplit(value)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return value if is_web and clean(value, _ADDRESS_LIMIT) == value else None


def not_shown(unreadable: int, what: str) -> tuple[str, ...]:
    """The warning for ``unreadable`` objects (a noun in the plural); empty when there are none."""
    return (f"{unreadable} of the {what} came in a shape nobody expected: not shown.",) if unreadable else ()


def read_each(found: Iterable[Raw], read: Callable[[Raw], Item]) -> tuple[tuple[Item, ...], int]:
    """What ``read`` makes of each object, and how many it could not read.

    One object in a shape that nobody expected must not hide the others.

    Raises:
        ValueError: not a single one could be read, which is a vendor that speaks another language.
    """
    items: list[Item] = []
    unreadable = 0
    for one in found:
        try:
            items.append(read(one))
        except WRONG_SHAPE:
            unreadable += 1
    if unreadable and not items:
        raise ValueError(f"none of {unreadable} objects could be read")
    return tuple(items), unreadable
