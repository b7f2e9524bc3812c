"""Where a redirect may lead: to another place on the same host. The token goes nowhere else."""

from urllib.parse import urljoin, urlsplit

from oncall_tui.domain.text import clean_line
from oncall_tui.sources.connection import Connection, is_same_host
from oncall_tui.sources.errors import Refused

MOST = 3
"""Redirects that one request may take."""


def is_redirect(status: int) -> bool:
    """Whether an answer sends us elsewhere."""
    return 300 <= status < 400


def home_address(connection: Connection, asked: str, location: str) -> str:
    """The address that a redirect from ``asked`` leads to.

    Raises:
        Refused: it leads to another host, or nowhere.
    """
    try:
        target = urljoin(asked, location)
    except ValueError:
        raise away(connection, location) from None
    if not location or not is_same_host(connection.url, target):
        raise away(connection, location)
    return target


def away(connection: Connection, location: str) -> Refused:
    """The error for a redirect that is not followed: the host that it names, and what it usually means."""
    try:
        where = clean_line(urlsplit(location).hostname or "", 100) or "another address"
    except ValueError:
        where = "another address"
    return Refused(
        f"{connection.name}: {connection.host} sends us to {where}; the token stays here.",
        "A login page in between (VPN, single sign-on), or `url` of this source is an old address.",
    )


def in_circles(connection: Connection) -> Refused:
    """The error for redirects without an end."""
    return Refused(
        f"{connection.name}: {connection.host} sends us round in circles.",
        "Look at `url` of this source, and at the proxy in front of the server.",
    )
