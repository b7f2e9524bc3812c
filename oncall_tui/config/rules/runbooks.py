"""Rules for ``[runbooks]``."""

import re
from collections.abc import Iterator, Mapping

from oncall_tui.config.keys import Finding, Key
from oncall_tui.config.model import PrometheusSettings
from oncall_tui.config.rules.credentials import reference_findings
from oncall_tui.config.rules.draft import Draft

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")


def runbook_findings(draft: Draft) -> Iterator[Finding]:
    """Prefixes that are no addresses, and values that no parameter can hold."""
    settings = draft.config.runbooks
    for prefix in settings.url_prefixes:
        if not prefix.startswith(("https://", "http://")):
            what = f'"{prefix}" is no beginning of an address'
            yield Finding(
                ("runbooks", "url_prefixes", prefix), what, 'write one like "https://wiki.example.com/runbooks/"'
            )
    yield from _values(settings.values, ("runbooks", "values"))
    sources = draft.config.sources
    if settings.metrics and not isinstance(sources.get(settings.metrics), PrometheusSettings):
        known = ", ".join(name for name, one in sources.items() if isinstance(one, PrometheusSettings)) or "none"
        yield Finding(("runbooks", "metrics"), "is no Prometheus source", f"there is: {known}")
    for name in settings.environment:
        if not _VARIABLE.fullmatch(name):
            yield Finding(("runbooks", "environment", name), "is no name of a variable", "write one like AWS_PROFILE")
    for role, holders in settings.roles.items():
        if not holders or not all(one.strip() for one in holders):
            yield Finding(("runbooks", "roles", role), "names nobody", 'write users, e.g. ["ada", "bob"]')
    for name, database in settings.databases.items():
        if database.password is not None:
            yield from reference_findings(database.password, ("runbooks", "databases", name, "password"))


def _values(table: Mapping[str, object], key: Key) -> Iterator[Finding]:
    for name, value in table.items():
        if not _PART.fullmatch(name):
            yield Finding((*key, name), "no name", "letters, digits, _ and - only: steps write it as config.a.b")
        elif isinstance(value, Mapping):
            yield from _values(value, (*key, name))
        elif not isinstance(value, str | int | float):
            yield Finding((*key, name), "no single value", "write a text, a number, true or false")
