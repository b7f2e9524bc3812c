"""Cursors: the Link header with `rel`, `results` and `cursor` for both directions.

Source: "Pagination" in Sentry's API reference.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from aiohttp import web

T = TypeVar("T")
MAX_LIMIT = 100


def cut(request: web.Request, rows: Sequence[T], limit_name: str = "limit") -> tuple[Sequence[T], dict[str, str]]:
    """The rows of the page that `cursor` names, and its Link header.

    Raises:
        ValueError: with Sentry's message for a bad cursor or limit.
    """
    text = request.query.get(limit_name, str(MAX_LIMIT))
    if not text.isdigit() or not 1 <= int(text) <= MAX_LIMIT:
        raise ValueError(f"Invalid {limit_name} parameter. Must be between 1 and {MAX_LIMIT}.")
    limit = int(text)
    offset = _offset(request.query.get("cursor", "0:0:0"))
    links = [
        _link(request, "previous", max(0, offset - limit), offset > 0, is_previous=True),
        _link(request, "next", offset + limit, offset + limit < len(rows), is_previous=False),
    ]
    return rows[offset : offset + limit], {"Link": ", ".join(links)}


def _offset(cursor: str) -> int:
    """`<value>:<page offset or position>:<is previous>`; the position is what counts here."""
    parts = cursor.split(":")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        raise ValueError("Invalid cursor parameter.")
    return int(parts[1])


def _link(request: web.Request, rel: str, position: int, has_results: bool, *, is_previous: bool) -> str:
    cursor = f"0:{position}:{int(is_previous)}"
    query = [(name, value) for name, value in request.query.items() if name != "cursor"]
    url = request.url.with_query([*query, ("cursor", cursor)])
    results = "true" if has_results else "false"
    return f'<{url}>; rel="{rel}"; results="{results}"; cursor="{cursor}"'
