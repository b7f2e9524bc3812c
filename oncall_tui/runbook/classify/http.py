"""Judges an HTTP request by its method."""

import re
from urllib.parse import unquote

from oncall_tui.runbook.classify.answers import answers_credentials
from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.verdict import READ, change, destroy, reveals, shown
from oncall_tui.runbook.danger import Judgement

OVERRIDES = frozenset({"x-http-method-override", "x-http-method", "x-method-override"})
"""Headers that make a server take GET for another method."""
_METHODS = re.compile(r"method|override|original-url|rewrite-url", re.IGNORECASE)
_ACTING = names(
    """
    quitquitquit quit shutdown reload restart reboot delete destroy remove kill terminate stop abort drain flush
    flushall purge reset clear evict invalidate failover promote demote rollback restore rebalance
    drain_listeners reset_counters runtime_modify healthcheck build buildwithparameters trigger
    deploy enable disable refresh restart-service _delete_by_query _update_by_query _flush _forcemerge
    _close
    """
)
"""Last words of an address behind which servers act, also on GET: Envoy's admin interface, Spring's actuators, and
what people write themselves."""
_REQUEST = re.compile(r"(?P<method>[A-Z]+)[ \t]+(?P<address>\S+)(?:[ \t]+HTTP/[0-9.]+)?[ \t]*")
_HEADER = re.compile(r"(?P<name>[A-Za-z0-9-]+):[ \t]*[^\r\n]*")


def stands_for_method(header: str) -> bool:
    """Whether a header makes a server take the request for another one."""
    return header.lower().replace("_", "-") in OVERRIDES or bool(_METHODS.search(header.replace("_", "-")))


def acts(address: str) -> str:
    """The word of an address that says that it acts; empty for none."""
    place, _, query = address.partition("#")[0].partition("?")
    path = re.sub(r"^[A-Za-z][A-Za-z0-9+.-]*://", "", place)
    words = [unquote(word).lower() for word in re.split(r"[/;]", path)[1:] if word]
    if "_method=" in unquote(query).lower():
        return "_method"
    return next((word for word in words[-2:] if word in _ACTING), "")


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
        if stands_for_method(header["name"]):
            return change(f"{header['name']} stands for another method")
    if word := acts(met["address"]):
        return change(f"{method} of an address with {shown(word)} in it may change something")
    is_secret = answers_credentials(met["address"])
    return reveals(f"{method} of an address that answers with credentials") if is_secret else READ
