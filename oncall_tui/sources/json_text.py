"""Foreign JSON to objects, forgiving about single letters that no text can hold.

Half a surrogate pair, or a byte that is not UTF-8, stands in somebody's alert title; it must not hide all the others.
It becomes U+FFFD, as ``domain.text.clean`` would have made of it.
"""

import contextlib
import re
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from oncall_tui.sources.connection import Connection
from oncall_tui.sources.failures import not_json

Type = TypeVar("Type")

_ANYTHING: msgspec.json.Decoder[object] = msgspec.json.Decoder(object)
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
    return decoded_as(connection, _ANYTHING, body)


def decoded_as(connection: Connection, decoder: "msgspec.json.Decoder[Type]", body: bytes) -> Type:
    """What ``decoder`` makes of an answer of ``connection``.

    Raises:
        Malformed: it is not JSON.
        msgspec.ValidationError: it is JSON in another shape.
    """
    with told(connection, body):
        try:
            return decoder.decode(body)
        except UnicodeDecodeError:
            return decoder.decode(body.decode("utf-8", "replace").encode())


@contextlib.contextmanager
def told(connection: Connection, body: bytes) -> Iterator[None]:
    """Turn what msgspec raises for ``body`` that is not JSON into ``Malformed``; JSON in another shape passes."""
    try:
        yield
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise not_json(connection.name, connection.host, body) from None
