"""What httpx raises, as our tree of errors."""

import contextlib
from collections.abc import Iterator

from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Malformed, Refused, SourceError, TimedOut
from oncall_tui.sources.failures import unreachable

SLOW = "Overloaded, or a slow network? Look there, or raise `timeout` of this source."


@contextlib.contextmanager
def translated(connection: Connection, *, is_action: bool) -> Iterator[None]:
    """Turn what httpx and ``asyncio.timeout`` raise into the ``SourceError`` tree.

    ``may_have_arrived`` is set for an action that was on its way.
    """
    try:
        yield
    except SourceError:
        raise
    except (TimeoutError, UnicodeError) as problem:
        error, was_sent = _of_python(connection, problem)
    except Exception as problem:
        found = _of_httpx(connection, problem)
        if found is None:
            raise
        error, was_sent = found
    else:
        return
    error.may_have_arrived = is_action and was_sent
    raise error from None


def _of_python(connection: Connection, problem: TimeoutError | UnicodeError) -> tuple[SourceError, bool]:
    """The error, and whether the request may have been sent."""
    if isinstance(problem, UnicodeError):
        return _unwritable(connection), False
    whole = f"{connection.deadline:g} s"
    return TimedOut(f"{connection.name}: {connection.host} did not finish its answer within {whole}.", SLOW), True


def _of_httpx(connection: Connection, problem: Exception) -> tuple[SourceError, bool] | None:
    import httpx

    name, host, limit = connection.name, connection.host, f"{connection.timeout:g} s"
    if isinstance(problem, httpx.ConnectTimeout | httpx.PoolTimeout):
        return TimedOut(f"{name}: no connection to {host} within {limit}.", "VPN down? Is there a network?"), False
    if isinstance(problem, httpx.TimeoutException):
        return TimedOut(f"{name}: {host} did not answer within {limit}.", SLOW), True
    if isinstance(problem, httpx.ProxyError):
        failed = unreachable(name, host, problem)
        return type(failed)(f"{name}: the proxy does not let us through to {host}.", "Look at `proxy`."), False
    if isinstance(problem, httpx.ConnectError):
        return unreachable(name, host, problem), False
    if isinstance(problem, httpx.DecodingError):
        return Malformed(f"{name}: an answer of {host} cannot be unpacked.", "It was damaged on the way."), True
    if isinstance(problem, httpx.UnsupportedProtocol | httpx.LocalProtocolError | httpx.InvalidURL):
        return _unwritable(connection), False
    if isinstance(problem, httpx.RemoteProtocolError):
        return _broken(connection, problem), True
    if isinstance(problem, httpx.HTTPError | httpx.StreamError):
        return unreachable(name, host, problem), True
    return None


def _broken(connection: Connection, problem: Exception) -> SourceError:
    """An answer that ends too early, or was never HTTP; only the words of h11 tell the one from the other."""
    if "disconnected" in str(problem) or "closed" in str(problem):
        return unreachable(connection.name, connection.host, ConnectionResetError())
    return Malformed(
        f"{connection.name}: {connection.host} answers with something that is not HTTP.",
        "Another service may listen there: look at the port in `url` of this source.",
    )


def _unwritable(connection: Connection) -> Refused:
    """Python's own words may quote a header, and with it the token."""
    words = f"{connection.name}: a request cannot be written for {connection.host}."
    return Refused(words, "Look at `url` and `headers` of this source.")
