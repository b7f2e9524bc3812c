"""Addresses as people type or paste them, brought into the form that a configuration takes. Pure."""

import re
from urllib.parse import urlsplit, urlunsplit

from oncall_tui.config.rules.urls import is_loopback, is_open_road, split

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PAGES = re.compile(r"/(graph|alerts|targets|query|rules|status|config|classic|silences|api/v[12]|api/0)(/.*)?$")
"""Pages of the vendors' own web pages, and their APIs: what people copy from the browser ends in one."""


_TOKEN = re.compile(r"[A-Za-z0-9_+=-]{20,}")
"""One long word without a dot, a colon or a slash: looking that name up would tell it to the network."""


class NoAddress(ValueError):
    """What was typed is no address that a configuration may hold; the text says why. It never repeats it."""


def address(typed: str) -> str:
    """The base address: a scheme where none was typed, without the page, the query and the last slash.

    Raises:
        NoAddress: it is none, or holds a user name or a password.
    """
    text = typed.strip()
    if is_like_token(text):
        raise NoAddress("That looks like a token, not like an address.")
    if not _SCHEME.match(text):
        host = text.rsplit("@", 1)[-1].split("/", 1)[0]
        name = host.rsplit(":", 1)[0].strip("[]")
        text = f"{'http' if is_loopback(name) else 'https'}://{text}"
    parts = split(text)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise NoAddress("That is not an address. Write it like https://prometheus.example.com or localhost:9090.")
    if parts.username is not None or parts.password is not None:
        raise NoAddress("Leave the user name and the password out of the address: they are asked for next.")
    return urlunsplit((parts.scheme, parts.netloc, _PAGES.sub("", parts.path).rstrip("/"), "", ""))


def is_like_token(typed: str) -> bool:
    """Whether it is longer and more mixed than what people are called."""
    return bool(_TOKEN.fullmatch(typed.strip()))


def host_of(url: str) -> str:
    """The host with its port, as it is spoken of."""
    return urlsplit(url).netloc or url


def open_road(url: str) -> str:
    """Why no token may be sent there, empty when it may."""
    if not is_open_road(url):
        return ""
    return f"A token would travel to {host_of(url)} over plain http, readable on the way. Use its https address."
