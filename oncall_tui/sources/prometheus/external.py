"""The external labels of a server, which it adds to every alert on the way to Alertmanager.

Read from ``/api/v1/status/config`` (HTTP API, "Config"), which gives the configuration as YAML in the one shape that
Prometheus writes: two blanks per level, one pair per line. That shape is read here; anything cleverer gives nothing.
"""

import re

import msgspec

_PAIR = re.compile(r"    ([a-zA-Z_][a-zA-Z0-9_]*): (.*)")
_PLAIN = re.compile(r"[^\s\"'&*!|>{}\[\],#%@`][^#]*")


class _Config(msgspec.Struct):
    yaml: str


class _ConfigAnswer(msgspec.Struct):
    data: _Config


_ANSWER = msgspec.json.Decoder(_ConfigAnswer)


def external_labels(body: bytes) -> dict[str, str]:
    """``global.external_labels`` of the configuration; empty when there are none or they cannot be read for sure."""
    try:
        lines = _ANSWER.decode(body).data.yaml.splitlines()
        start = lines.index("  external_labels:") + 1
    except ValueError:
        return {}
    labels: dict[str, str] = {}
    for line in lines[start:]:
        if not line.startswith("    "):
            break
        match = _PAIR.fullmatch(line)
        value = _scalar(match[2]) if match else None
        if match is None or value is None:
            return {}
        labels[match[1]] = value
    return labels


def _scalar(text: str) -> str | None:
    """A YAML scalar on one line; None when it is more than that."""
    if text.startswith('"'):
        try:
            return msgspec.json.decode(text, type=str)
        except ValueError:
            return None
    if text.startswith("'"):
        inner = text[1:-1]
        return (
            inner.replace("''", "'")
            if len(text) > 1 and text.endswith("'") and "'" not in inner.replace("''", "")
            else None
        )
    return text if _PLAIN.fullmatch(text) else None
