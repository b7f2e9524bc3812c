"""Query parameters shared by the lists: paging, time windows, includes.

Source: "Pagination" (classic) in PagerDuty's developer pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from aiohttp import web

from ..times import parse_time
from .errors import invalid

T = TypeVar("T")
MAX_LIMIT = 100
DEFAULT_LIMIT = 25
MAX_POSITION = 10_000
SIX_MONTHS_S = 184 * 86_400.0


def page(request: web.Request, key: str, found: Sequence[T], render: Callable[[T], Any]) -> web.Response:
    """One page of a list.

    Raises:
        Refusal: 400 when limit or offset is no number, or offset + limit exceeds 10,000.
    """
    limit, offset = _number(request, "limit", DEFAULT_LIMIT), _number(request, "offset", 0)
    limit = max(1, min(limit, MAX_LIMIT))
    if offset + limit > MAX_POSITION:
        raise invalid("Offset + limit exceeds maximum allowed value of 10000")
    rows = found[offset : offset + limit]
    return web.json_response(
        {
            key: [render(row) for row in rows],
            "limit": limit,
            "offset": offset,
            "total": len(found) if request.query.get("total") == "true" else None,
            "more": offset + limit < len(found),
        }
    )


def values(request: web.Request, name: str) -> frozenset[str]:
    """The values of an array parameter, `name[]=a&name[]=b`."""
    return frozenset(request.query.getall(f"{name}[]", []))


def window(request: web.Request, now: float, default_s: float) -> tuple[float, float]:
    """since and until in epoch seconds; by default the last `default_s` seconds.

    Raises:
        Refusal: 400 when one is no time, or the window is longer than six months.
    """
    since, until = _time(request, "since"), _time(request, "until")
    if until is None:
        until = now + 1.0 if since is None else min(now + 1.0, since + SIX_MONTHS_S)
    if since is None:
        since = until - default_s
    if until - since > SIX_MONTHS_S:
        raise invalid("Time range cannot be larger than 6 months")
    return since, until


def sorted_by(request: web.Request, found: Iterable[T], keys: dict[str, Callable[[T], Any]], default: str) -> list[T]:
    """The list in the order of `sort_by=field:asc,other:desc`.

    Raises:
        Refusal: 400 for a field that cannot be sorted by.
    """
    rows = list(found)
    orders = [order for order in request.query.get("sort_by", default).split(",") if order]
    for order in reversed(orders):
        field, _, direction = order.partition(":")
        if field not in keys or direction not in ("", "asc", "desc"):
            raise invalid(f"sort_by is invalid: {order}")
        rows.sort(key=keys[field], reverse=direction == "desc")
    return rows


def _number(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, str(default))
    if not text.isdigit():
        raise invalid(f"{name.capitalize()} must be a non-negative integer")
    return int(text)


def _time(request: web.Request, name: str) -> float | None:
    text = request.query.get(name)
    if not text:
        return None
    try:
        return parse_time(text)
    except ValueError:
        raise invalid(f"{name} is not a valid ISO 8601 date") from None
