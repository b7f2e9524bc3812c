"""Request parameters and answers of the Prometheus HTTP API.

Source: "HTTP API" in the Prometheus documentation, format overview; the error texts are those of 2.4x.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import promql_parser
from aiohttp import web
from multidict import MultiDict

from .promql import (
    MatrixResult,
    Result,
    ScalarResult,
    StringResult,
    VectorResult,
    format_value,
)


class ApiError(Exception):
    """An answer with ``"status": "error"``."""

    def __init__(self, status: int, error_type: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.message = message

    def response(self) -> web.Response:
        """Return the error as the API writes it."""
        body = {"status": "error", "errorType": self.error_type, "error": self.message}
        return _json(body, self.status)


def bad_parameter(name: str, reason: str) -> ApiError:
    """Return the 400 error for the parameter *name*."""
    return ApiError(400, "bad_data", f'invalid parameter "{name}": {reason}')


async def parameters(request: web.Request) -> MultiDict[str]:
    """Return the parameters of the address and, for a POST form, of the body."""
    merged: MultiDict[str] = MultiDict(request.query)
    if request.method == "POST":
        merged.extend((name, value) for name, value in (await request.post()).items() if isinstance(value, str))
    return merged


def time_parameter(params: Mapping[str, str], name: str, default: float | None = None) -> float:
    """Return a time parameter, unix seconds or RFC 3339, as unix seconds.

    Raises:
        ApiError: 400 when it is neither, or missing without a *default*.
    """
    text = params.get(name, "")
    if not text and default is not None:
        return default
    try:
        seconds = float(text)
    except ValueError:
        seconds = _from_rfc3339(text)
    if not math.isfinite(seconds):
        # Prometheus words it differently for the parameters that may be left out.
        prefix = "" if default is None else f"Invalid time value for '{name}': "
        raise bad_parameter(name, f'{prefix}cannot parse "{text}" to a valid timestamp')
    return round(seconds, 3)


def _from_rfc3339(text: str) -> float:
    """Return unix seconds, NaN when *text* is not a time with its zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return math.nan
    return math.nan if moment.tzinfo is None else moment.timestamp()


def duration_parameter(params: Mapping[str, str], name: str) -> float:
    """Return a duration parameter, seconds or such as ``5m``, in seconds.

    Raises:
        ApiError: 400 when it is neither.
    """
    text = params.get(name, "")
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = promql_parser.parse_duration(text) / timedelta(seconds=1)
        except ValueError:
            seconds = math.nan
    if not math.isfinite(seconds):
        raise bad_parameter(name, f'cannot parse "{text}" to a valid duration')
    return seconds


def success(data: Any, warnings: Sequence[str] = ()) -> web.Response:
    """Return a successful answer; *warnings* say, for example, that a store did not reply."""
    body: dict[str, Any] = {"status": "success", "data": data}
    if warnings:
        body["warnings"] = list(warnings)
    return _json(body, 200)


def _json(body: Any, status: int) -> web.Response:
    text = json.dumps(body, separators=(",", ":"))
    return web.Response(body=text.encode(), status=status, content_type="application/json")


def query_data(result: Result) -> dict[str, Any]:
    """Return a query's result as ``data`` of the answer: times in seconds, values as strings."""
    match result:
        case ScalarResult(t_ms, value):
            return {"resultType": "scalar", "result": _point(t_ms, value)}
        case StringResult(t_ms, text):
            return {"resultType": "string", "result": [_seconds(t_ms), text]}
        case VectorResult(t_ms, samples):
            rows = [{"metric": dict(labels), "value": _point(t_ms, value)} for labels, value in samples]
            return {"resultType": "vector", "result": rows}
        case MatrixResult(series):
            lines = [
                {"metric": dict(labels), "values": [_point(t, v) for t, v in zip(times, values, strict=True)]}
                for labels, times, values in series
            ]
            return {"resultType": "matrix", "result": lines}


def _point(t_ms: int, value: float) -> list[float | str]:
    return [_seconds(t_ms), format_value(value)]


def _seconds(t_ms: int) -> float:
    # A whole second is written without a fraction, as Prometheus does.
    return t_ms // 1000 if t_ms % 1000 == 0 else t_ms / 1000


def rfc3339(seconds: float | None) -> str:
    """Return unix seconds as RFC 3339 in UTC; None is Go's zero time."""
    if seconds is None:
        return "0001-01-01T00:00:00Z"
    moment = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return re.sub(r"\.?0*\+00:00$", "Z", moment)
