"""What httpx raises, as our tree of errors."""

import contextlib
from collections.abc import Iterator

from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Malformed, SourceError
from oncall_tui.sources.failures import unreachable
from oncall_tui.sources.mishaps import not_http, unanswered, unconnected, unfinished, unproxied, unwritable


@contextlib.contextmanager
def translated(connection: Connection, *, is_action: bool) -> Iterator[None]:
    """Turn what httpx and ``asyncio.timeout`` raise into the ``SourceError`` tree.

    ``may_have_arrived`` is set for an action that was on its way.
    """
    try:
        yield
    except SourceError:
        raise
    except Exception as problem:
        found = _found(connection, problem)
        if found is None:
            raise
        error, was_sent = found
    else:
        return
    error.may_have_arrived = is_action and was_sent
    raise error from None


def _found(connection: Connection, problem: Exception) -> tuple[SourceError, bool] | None:
    """The error, and whether the request may have been sent; None for what is a fault of ours."""
    import httpx

    name, host = connection.name, connection.host
    if isinstance(problem, TimeoutError):
        return unfinished(connection), True
    if isinstance(problem, httpx.ConnectTimeout | httpx.PoolTimeout):
        return unconnected(connection), False
    if isinstance(problem, httpx.TimeoutException):
        return unanswered(connection), True
    if isinstance(problem, httpx.ProxyError):
        return unproxied(connection), False
    if isinstance(problem, httpx.ConnectError):
        return unreachable(name, host, problem), False
    if isinstance(problem, httpx.DecodingError):
        return Malformed(f"{name}: an answer of {host} cannot be unpacked.", "It was damaged on the way."), True
    if isinstance(problem, httpx.UnsupportedProtocol | httpx.LocalProtocolError | httpx.InvalidURL | UnicodeError):
        return unwritable(connection), False
    if isinstance(problem, httpx.RemoteProtocolError):
        return _broken(connection, problem), True
    if isinstance(problem, httpx.HTTPError | httpx.StreamError):
        return unreachable(name, host, problem), True
    return None


def _broken(connection: Connection, problem: Exception) -> SourceError:
    """An answer that ends too early, or was never HTTP; only the words of h11 tell the one from the other."""
    if "disconnected" in str(problem) or "closed" in str(problem):
        return unreachable(connection.name, connection.host, ConnectionResetError())
    return not_http(connection)
