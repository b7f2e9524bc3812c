"""Judges an HTTP request by its method."""

import re

from oncall_tui.runbook.classify.verdict import READ, change, destroy, shown
from oncall_tui.runbook.danger import Judgement

OVERRIDES = frozenset({"x-http-method-override", "x-http-method", "x-method-override"})
"""Headers that make a server take GET for another method."""
_REQUEST = re.compile(r"(?P<method>[A-Z]+)[ \t]+(?P<address>\S+)(?:[ \t]+HTTP/[0-9.]+)?[ \t]*")
_HEADER = re.compile(r"(?P<name>[A-Za-z0-9-]+):[ \t]*[^\r\n]*")


def judge_http(body: str) -> Judgement:
    """A request: its first line has the method, headers follow, a blank line parts the body from them. Never raises."""
    lines = body.strip("\n").split("\n")
    met = _REQUEST.fullmatch(lines[0].strip()) if lines else None
    if not met:
        return change("the first line is no method with an address")
    method = met["method"]
    if method == "DELETE":
        return destroy("DELETE removes what the address names")
    if method not in ("GET", "HEAD"):
        return change(f"{shown(method)} may change something")
    for line in lines[1:]:
        if not line.strip():
            break
        header = _HEADER.fullmatch(line.strip())
        if header is None:
            return change(f"{shown(line)} is no header")
        if header["name"].lower() in OVERRIDES:
            return change(f"{header['name']} stands for another method")
    return READ
