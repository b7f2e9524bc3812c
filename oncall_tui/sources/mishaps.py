"""What may happen to a request before there is an answer, in the same words for every HTTP library."""

from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Malformed, Refused, TimedOut, Unreachable

_SLOW = "Overloaded, or a slow network? Look there, or raise `timeout` of this source."


def unconnected(connection: Connection) -> TimedOut:
    """Nobody took the connection in time."""
    words = f"{connection.name}: no connection to {connection.host} within {connection.timeout:g} s."
    return TimedOut(words, "VPN down? Is there a network?")


def unanswered(connection: Connection) -> TimedOut:
    """Nothing came in time."""
    return TimedOut(f"{connection.name}: {connection.host} did not answer within {connection.timeout:g} s.", _SLOW)


def unfinished(connection: Connection) -> TimedOut:
    """Something came, and not all of it in time."""
    whole = f"{connection.deadline:g} s"
    return TimedOut(f"{connection.name}: {connection.host} did not finish its answer within {whole}.", _SLOW)


def unproxied(connection: Connection) -> Unreachable:
    """The proxy refused, or was not there."""
    words = f"{connection.name}: the proxy does not let us through to {connection.host}."
    return Unreachable(words, "Look at `proxy` of this source, or HTTPS_PROXY of this machine.")


def unwritable(connection: Connection) -> Refused:
    """The request cannot be put into HTTP. Python's own words may quote a header, and with it the token."""
    words = f"{connection.name}: a request cannot be written for {connection.host}."
    return Refused(words, "Look at `url` and `headers` of this source.")


def not_http(connection: Connection) -> Malformed:
    """Somebody answered in another protocol."""
    return Malformed(
        f"{connection.name}: {connection.host} answers with something that is not HTTP.",
        "Another service may listen there: look at the port in `url` of this source.",
    )
