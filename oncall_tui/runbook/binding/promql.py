"""Values in PromQL: inside double quotes as its strings want them, escaped for a regular expression behind ``=~``."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from oncall_tui.runbook.binding.templates import OPENED, TEMPLATE, Bound, Unbound, bare, error, refuse_surrogates
from oncall_tui.runbook.finding import Finding
from oncall_tui.runbook.options import Type

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    |(?P<double>"(?:[^"\\\n]|\\.)*")
    |(?P<other>'(?:[^'\\\n]|\\.)*'|`[^`]*`)
    |(?P<open>[A-Za-z_:][A-Za-z0-9_:]*[ \t\n]*\(|\()
    |(?P<close>\))
    |(?P<sign>=~|!~|[^\w\s"'`])
    |(?P<rest>[\w:]+|\s+)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_PUNCTUATION = re.compile(r"([!-/:-@\[-^`{-~])")


@dataclass(frozen=True, slots=True)
class _Place:
    """A ``{{name}}`` and where it stands."""

    name: str
    start: int
    end: int
    is_quoted: bool = False
    is_expression: bool = False
    """Inside a regular expression."""
    refused: str = ""
    """Why nothing may stand there."""


def encode_promql(body: str, values: Mapping[str, Bound]) -> str:
    """The query with its values in place.

    Raises:
        Unbound: a name has no value, or its value cannot stand there.
    """
    refused = check_promql(body, lambda name: values[name].type if name in values else None)
    if refused:
        raise Unbound(refused[0].problem)
    text, end = [], 0
    for place in _places(body):
        if place.name not in values:
            raise Unbound(f"{place.name} has no value")
        text += [body[end : place.start], _encoded(place, values[place.name])]
        end = place.end
    return "".join([*text, body[end:]])


def check_promql(body: str, type_of: Callable[[str], Type | None]) -> tuple[Finding, ...]:
    """Rule P2: values stand inside double quotes, numbers alone may stand without.

    Args:
        type_of: the type of a name; ``None`` for one that nobody defines, which is rule N1's.
    """
    found = []
    places = _places(body)
    for place in places:
        is_bare = not place.is_quoted and type_of(place.name) not in (Type.INT, Type.FLOAT, None)
        if place.refused or is_bare:
            problem = place.refused or f"{{{{{place.name}}}}} stands outside quotes, and is no number"
            found.append(error("P2", body, place.start, problem, 'write it inside "…"'))
    inside = [(place.start, place.end) for place in places]
    for met in OPENED.finditer(body):
        if not any(start <= met.start() < end for start, end in inside) and met[0] == "{{":
            found.append(error("P2", body, met.start(), "{{ that begins no name", "write {{name}}, in lower case"))
    return tuple(found)


def _places(body: str) -> list[_Place]:
    """Every ``{{name}}`` with what holds it."""
    found: list[_Place] = []
    before, calls, place = "", [""], 0
    while place < len(body):
        template = TEMPLATE.match(body, place)
        if template:
            found.append(_Place(template[1], template.start(), template.end()))
            place, before = template.end(), ""
            continue
        met = _TOKEN.match(body, place)
        if met is None:  # A quote that does not end: nothing behind it is where it seems to be.
            return found + [
                _refused(one, "stands behind a quote that does not end") for one in TEMPLATE.finditer(body, place)
            ]
        if met.lastgroup == "open":
            calls.append(met[0].rstrip("( \t\n").lower())
        elif met.lastgroup == "close":
            calls = calls[:-1] or [""]
        elif met.lastgroup in ("double", "other", "comment"):
            found += _inside(met, before, calls[-1])
        if met.lastgroup != "comment" and met[0].strip():
            before = met[0]
        place = met.end()
    return found


def _inside(met: re.Match[str], before: str, call: str) -> list[_Place]:
    """The names inside a quote or a comment."""
    found = []
    for one in TEMPLATE.finditer(met.string, met.start(), met.end()):
        if met.lastgroup != "double":
            found.append(_refused(one, "stands in a comment or in other quotes than double ones"))
        elif call == "label_replace":
            found.append(_refused(one, "stands in label_replace, which takes it for a regular expression"))
        elif len(met.string[met.start() : one.start()]) - len(met.string[met.start() : one.start()].rstrip("\\")) & 1:
            found.append(_refused(one, "stands behind a backslash"))
        else:
            found.append(_Place(one[1], one.start(), one.end(), True, before in ("=~", "!~")))
    return found


def _refused(met: re.Match[str], why: str) -> _Place:
    return _Place(met[1], met.start(), met.end(), refused=f"{{{{{met[1]}}}}} {why}")


def _encoded(place: _Place, value: Bound) -> str:
    if not place.is_quoted:
        return bare(place.name, value)
    refuse_surrogates(place.name, value.text)
    text = _PUNCTUATION.sub(r"\\\1", value.text) if place.is_expression else value.text
    return "".join(_character(one) for one in text)


def _character(one: str) -> str:
    if one in _ESCAPED:
        return _ESCAPED[one]
    code = ord(one)
    return f"\\u{code:04x}" if code < 0x20 or 0x7F <= code < 0xA0 else one
