"""Rules for what a source identifies itself with: tokens, headers, certificates, the proxy.

No finding repeats a value from here.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from oncall_tui.config.keys import Finding, Key
from oncall_tui.config.model import AnySource, PagerDutySettings, SentrySettings
from oncall_tui.config.rules.urls import is_open_road, url_findings
from oncall_tui.config.secrets import FORMS, is_reference, reference_problem

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_SECRET_HEADER = re.compile(r"authorization|cookie|token|secret|password|api-?key|auth", re.IGNORECASE)


def credential_findings(settings: AnySource, key: Key) -> Iterator[Finding]:
    """Literal or malformed secrets, a token on an open road, certificates that do not exist, a bad proxy."""
    yield from _token(settings, key)
    yield from _headers(settings, key)
    carries = settings.token is not None or any(_is_secret(*header) for header in settings.headers.items())
    if carries and not settings.allow_insecure and is_open_road(settings.url):
        yield Finding(
            (*key, "url"),
            "would send the token over plain http, where others can read it",
            "use https, or set allow_insecure = true if the road is safe",
        )
    yield from _certificates(settings, key)
    if settings.proxy is not None:
        advice = "leave the key out and set HTTPS_PROXY in the environment"
        yield from url_findings(settings.proxy, (*key, "proxy"), "http://proxy.example.com:3128", advice)


def _token(settings: AnySource, key: Key) -> Iterator[Finding]:
    here = (*key, "token")
    if settings.token is not None:
        yield from reference_findings(settings.token, here)
    elif isinstance(settings, PagerDutySettings | SentrySettings):
        yield Finding(here, "missing", f"write where the token is kept: {FORMS}")


def reference_findings(text: str, key: Key) -> Iterator[Finding]:
    """What keeps a text from being a reference to a secret."""
    if not is_reference(text):
        yield Finding(
            key,
            "a literal secret, which a configuration must not hold; take it for leaked if the file was shared",
            f"write where it is kept: {FORMS}",
        )
    elif problem := reference_problem(text):
        yield Finding(key, f"the reference {problem}", f"write {FORMS}")


def _headers(settings: AnySource, key: Key) -> Iterator[Finding]:
    for name, value in settings.headers.items():
        here = (*key, "headers", name)
        if not _HEADER.fullmatch(name):
            yield Finding(here, "is not a header name", 'write it like "X-Scope-OrgID"')
        if _is_secret(name, value):
            yield from reference_findings(value, here)
        elif not value.isprintable():
            yield Finding(here, "holds a line break or another control character", "write one line of text")


def _is_secret(name: str, value: str) -> bool:
    """A reference says that the value is secret; so do names that only ever carry credentials."""
    return is_reference(value) or _SECRET_HEADER.search(name) is not None


def _certificates(settings: AnySource, key: Key) -> Iterator[Finding]:
    for name in ("ca_file", "client_certificate", "client_key"):
        path: Path | None = getattr(settings, name)
        if path is not None and not path.is_file():
            yield Finding((*key, name), f"{path} is not a file", "write the path of a PEM file")
    if settings.client_key is not None and settings.client_certificate is None:
        yield Finding((*key, "client_key"), "has no certificate", "add client_certificate beside it")
