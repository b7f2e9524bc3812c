"""Rules for addresses: what may be called, and where a token may travel."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from oncall_tui.config.keys import Finding, Key


def url_findings(url: str, key: Key, example: str, advice: str) -> Iterator[Finding]:
    """What is wrong with an http address. Its text is never repeated: it may hold a password.

    Args:
        example: an address that would be right here.
        advice: where user name and password belong instead of the address.
    """
    if not url:
        yield Finding(key, "missing", f'write the address, e.g. "{example}"')
        return
    parts = split(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        yield Finding(key, "is not an http or https address", f'write it like "{example}"')
    elif parts.username is not None or parts.password is not None:
        yield Finding(key, "holds a user name or a password", advice)
    elif parts.query or parts.fragment:
        yield Finding(key, "has a query or a fragment", f'write only the address, like "{example}"')


def split(url: str) -> SplitResult | None:
    """The parts of an address, None when it has a bad port, a bad IPv6 host or a blank in it."""
    if any(char.isspace() for char in url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine."""
    host = host.rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_open_road(url: str) -> bool:
    """Whether a token sent to ``url`` could be read on the way: plain http to another machine."""
    parts = split(url)
    return parts is not None and parts.scheme == "http" and not is_loopback(parts.hostname or "")
