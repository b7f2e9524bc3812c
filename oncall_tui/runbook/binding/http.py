"""Values in HTTP requests: percent-encoded in the address, JSON in the body, one host from the configuration."""

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote, unquote

from oncall_tui.runbook.binding.templates import OPENED, TEMPLATE, Bound, Unbound, bare, error, refuse_surrogates
from oncall_tui.runbook.finding import Finding
from oncall_tui.runbook.options import Type

_BASE = re.compile(r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?")
_HEADER_VALUE = re.compile(r"[\x20-\x7e]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


def encode_http(body: str, values: Mapping[str, Bound], config: frozenset[str]) -> str:
    """The request with its values in place.

    Args:
        config: the names that come from the configuration alone, with no typing over them: one of them begins the URL.

    Raises:
        Unbound: a name has no value, or its value cannot stand there.
    """
    refused = check_http(body, config)
    if refused:
        raise Unbound(refused[0].problem)
    head, blank, content = _parted(body)
    first, *headers = head.split("\n")
    lines = [_request_line(first, values), *(_filled(line, values, _in_header) for line in headers)]
    return "\n".join(lines) + blank + _content(content, values)


def check_http(body: str, config: frozenset[str]) -> tuple[Finding, ...]:
    """Rule H1: the URL begins with one name of the configuration; no name in a method or in the name of a header."""
    head, _, content = _parted(body)
    first, *headers = head.split("\n")
    found: list[Finding] = []
    method, _, url = first.partition(" ")
    base = TEMPLATE.match(url.lstrip())
    if base is None or base[1] not in config:
        advice = "begin it with {{name}}, a parameter with from: config.…"
        found.append(
            error("H1", body, len(method) + 1, "the address does not begin with a name of the configuration", advice)
        )
    elif url.lstrip()[base.end() : base.end() + 1] not in ("", "/", "?", "#", " "):
        found.append(
            error(
                "H1",
                body,
                len(method) + 1,
                f"what follows {{{{{base[1]}}}}} could change the host",
                "write a / behind it",
            )
        )
    if OPENED.search(method):
        found.append(error("H1", body, 0, "the method is a value", "write it out"))
    at = len(first) + 1
    for line in headers:
        if OPENED.search(line.partition(":")[0]):
            found.append(error("H1", body, at, "a value in the name of a header", "write the name out"))
        at += len(line) + 1
    found += _strangers(body)
    if TEMPLATE.search(content) and not _is_json(content):
        found.append(error("H1", body, at, "values in a body that is no JSON", "write the body as JSON"))
    return tuple(found)


def _strangers(body: str) -> list[Finding]:
    """``{{`` that begins no name would be sent as it is."""
    inside = [met.span() for met in TEMPLATE.finditer(body)]
    opened = [met.start() for met in re.finditer(r"\{\{", body)]
    loose = [at for at in opened if not any(start <= at < end for start, end in inside)]
    return [error("H1", body, at, "{{ that begins no name", "write {{name}}, in lower case") for at in loose]


def _parted(body: str) -> tuple[str, str, str]:
    """Head, the blank line, and the body behind it."""
    return body.lstrip("\n").replace("\r\n", "\n").partition("\n\n")


def _is_json(content: str) -> bool:
    return content.lstrip()[:1] in ("{", "[", '"') and not TEMPLATE.match(content.lstrip())


def _value(name: str, values: Mapping[str, Bound]) -> Bound:
    if name not in values:
        raise Unbound(f"{name} has no value")
    refuse_surrogates(name, values[name].text)
    return values[name]


def _request_line(first: str, values: Mapping[str, Bound]) -> str:
    method, _, url = first.partition(" ")
    base = TEMPLATE.match(url.lstrip())
    if base is None:
        raise Unbound("the address does not begin with a name")
    origin = _value(base[1], values).text
    if not _BASE.fullmatch(origin):
        raise Unbound(f"{base[1]} is no address of the form https://host/path")
    rest = url.lstrip()[base.end() :]
    length = next((at for at, sign in enumerate(rest) if sign in "?#"), len(rest))
    path = _filled(rest[:length], values, _in_path)
    if any(segment in (".", "..") for segment in path.split("/")):
        raise Unbound("a value would turn the path into that of another place")
    start = origin.rstrip("/") if path.startswith("/") else origin
    return f"{method} {start}{path}{_filled(rest[length:], values, _in_query)}"


def _filled(text: str, values: Mapping[str, Bound], encode: Callable[[str, Bound], str]) -> str:
    return TEMPLATE.sub(lambda met: encode(met[1], _value(met[1], values)), text)


def _in_path(name: str, value: Bound) -> str:
    if not value.text:
        raise Unbound(f"{name} is empty, and stands in the path")
    if any(piece in (".", "..") for piece in re.split(r"[/\\;]", unquote(unquote(value.text)))):
        # There are servers that take %2F for a border before they look for "..".
        raise Unbound(f"{name} would turn the path into that of another place")
    return quote(value.text, safe="")


def _in_query(name: str, value: Bound) -> str:
    return quote(value.text, safe="")


def _in_header(name: str, value: Bound) -> str:
    if not _HEADER_VALUE.fullmatch(value.text):
        raise Unbound(f"{name} holds a character that no header may have")
    return value.text


def _content(content: str, values: Mapping[str, Bound]) -> str:
    """The body: inside strings without quotes, elsewhere as a whole value."""
    if not TEMPLATE.search(content):
        return content
    text, end = [], 0
    for met in _STRING.finditer(content):
        text += [_filled(content[end : met.start()], values, _as_json), _filled(met[0], values, _inside_json)]
        end = met.end()
    filled = "".join([*text, _filled(content[end:], values, _as_json)])
    try:
        json.loads(filled)
    except ValueError:
        raise Unbound("the body is no JSON with the values in it") from None
    return filled


def _as_json(name: str, value: Bound) -> str:
    is_bare = value.type in (Type.INT, Type.FLOAT, Type.BOOL)
    return bare(name, value) if is_bare else json.dumps(value.text)


def _inside_json(name: str, value: Bound) -> str:
    return json.dumps(value.text)[1:-1]
