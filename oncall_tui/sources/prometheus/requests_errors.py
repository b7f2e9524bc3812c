"""What ``requests`` and the ``urllib3`` below it raise, as our tree of errors."""

import contextlib
from collections.abc import Iterator
from http.client import BadStatusLine, HTTPException, IncompleteRead, RemoteDisconnected

from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import SourceError
from oncall_tui.sources.failures import causes, unreachable
from oncall_tui.sources.mishaps import not_http, unanswered, unconnected, unfinished, unproxied, unwritable
from oncall_tui.sources.prometheus.deadline import Deadline


@contextlib.contextmanager
def translated(connection: Connection, deadline: Deadline) -> Iterator[None]:
    """Turn what a request to ``connection`` raises into the ``SourceError`` tree."""
    import requests
    import urllib3

    try:
        yield
    except SourceError:
        raise
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, UnicodeError, TimeoutError) as problem:
        raise _found(connection, deadline, problem) from None


def _found(connection: Connection, deadline: Deadline, problem: Exception) -> SourceError:
    import requests
    import urllib3

    told = tuple(causes(problem))
    if isinstance(problem, requests.exceptions.ConnectTimeout):
        return unconnected(connection)
    # A read that times out inside a body is wrapped in a lost connection.
    if any(isinstance(one, TimeoutError | urllib3.exceptions.ReadTimeoutError) for one in told):
        return unfinished(connection) if deadline.is_over else unanswered(connection)
    if isinstance(problem, requests.exceptions.ProxyError):
        return unproxied(connection)
    if isinstance(problem, requests.exceptions.InvalidURL | requests.exceptions.InvalidHeader | UnicodeError):
        return unwritable(connection)
    if any(isinstance(one, IncompleteRead | RemoteDisconnected) for one in told):
        return unreachable(connection.name, connection.host, ConnectionResetError())
    if any(isinstance(one, BadStatusLine | HTTPException) for one in told):
        return not_http(connection)
    return unreachable(connection.name, connection.host, problem)
