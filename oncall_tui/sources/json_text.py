"""Foreign JSON to objects, forgiving about single letters that no text can hold.

Half a surrogate pair, or a byte that is not UTF-8, stands in somebody's alert title; it must not hide all the others.
It becomes U+FFFD, as ``domain.text.clean`` would have made of it.
"""

import re

import msgspec

from oncall_tui.sources.connection import Connection
from oncall_tui.sources.failures import not_json

_SUSPECT = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
# A pair, half of one, or any other escape: a backslash that is itself escaped begins nothing.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)


def whole(body: bytes) -> bytes:
    """JSON with half surrogate pairs replaced; the same bytes when there are none."""
    if b"\\ud" not in body and b"\\uD" not in body:
        return body
    if _SUSPECT.search(body) is None:
        return body
    return _ESCAPE.sub(lambda escape: rb"\ufffd" if escape[1] else escape[0], body)


def decoded(connection: Connection, body: bytes) -> object:
    """The objects of an answer of ``connection``.

    Raises:
        Malformed: it is not JSON.
    """
    try:
        found: object = msgspec.json.decode(body)
    except UnicodeDecodeError:
        return decoded(connection, body.decode("utf-8", "replace").encode())
    except (ValueError, RecursionError):
        raise not_json(connection.name, connection.host, body) from None
    return found
