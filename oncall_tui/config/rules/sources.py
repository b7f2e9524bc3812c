"""Rules for ``[sources.NAME]``."""

import re
from collections.abc import Iterator

from oncall_tui.config.keys import Finding, Key
from oncall_tui.config.model import (
    AlertmanagerSettings,
    AnySource,
    PagerDutySettings,
    PrometheusSettings,
    SentrySettings,
)
from oncall_tui.config.rules.credentials import credential_findings
from oncall_tui.config.rules.draft import Draft
from oncall_tui.config.rules.urls import url_findings

BUDGET = (1, 6_000)
"""Fewest and most requests per minute."""

MAX_ANSWER_MIB = (1, 512)
"""How short and how long the longest answer may be set."""

_EXAMPLES: dict[type, str] = {
    PrometheusSettings: "https://prometheus.example.com",
    AlertmanagerSettings: "https://alertmanager.example.com",
    PagerDutySettings: "https://api.pagerduty.com",
    SentrySettings: "https://us.sentry.io",
}
_NAME = re.compile(r"[\w.-]{1,40}")
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_MATCHER = re.compile(r"""\s*([a-zA-Z_:][\w:.-]*|"[^"]+")\s*(=~|!~|!=|=)\s*\S.*""", re.DOTALL)


def source_findings(draft: Draft) -> Iterator[Finding]:
    """What breaks a rule in any source, and the absence of all sources."""
    if not draft.declared("sources"):
        yield Finding(
            ("sources",), "missing: nothing would be watched", "add at least one table like [sources.prometheus]"
        )
    for name in draft.declared("sources"):
        if not _NAME.fullmatch(name):
            yield Finding(("sources", name), "a bad name", "use letters, digits, - _ and . , 40 at most")
    for name, settings in draft.config.sources.items():
        key: Key = ("sources", name)
        yield from url_findings(
            settings.url, (*key, "url"), _EXAMPLES[type(settings)], "put them into the keys username and token"
        )
        yield from credential_findings(settings, key)
        yield from _bounds(settings, key)
        yield from _vendor(settings, key)


def _bounds(settings: AnySource, key: Key) -> Iterator[Finding]:
    fewest, most = BUDGET
    if not fewest <= settings.budget <= most:
        yield Finding((*key, "budget"), f"{settings.budget} is out of bounds", f"write {fewest} to {most}")
    least, longest = MAX_ANSWER_MIB
    if not least <= settings.max_answer_mib <= longest:
        what = f"{settings.max_answer_mib} is out of bounds"
        yield Finding((*key, "max_answer_mib"), what, f"write {least} to {longest}")


def _vendor(settings: AnySource, key: Key) -> Iterator[Finding]:
    """What only one kind of source has."""
    if isinstance(settings, PrometheusSettings | AlertmanagerSettings):
        for name in ("service_label", "environment_label"):
            if not _LABEL.fullmatch(getattr(settings, name)):
                yield Finding((*key, name), "is not a label name", 'write e.g. "service"')
    if isinstance(settings, AlertmanagerSettings):
        yield from _alertmanager(settings, key)
    elif isinstance(settings, PagerDutySettings):
        if settings.from_email is not None and "@" not in settings.from_email.strip("@"):
            yield Finding((*key, "from_email"), "is not an e-mail address", "write that of a PagerDuty user")
    elif isinstance(settings, SentrySettings) and not settings.organization.strip():
        yield Finding(
            (*key, "organization"), "missing", "write the slug of the organization, as in Sentry's address bar"
        )


def _alertmanager(settings: AlertmanagerSettings, key: Key) -> Iterator[Finding]:
    if settings.receiver is not None:
        try:
            re.compile(settings.receiver)
        except re.error as error:
            # Alertmanager reads RE2, which knows escapes that Python does not, e.g. \pL.
            if not error.msg.startswith("bad escape"):
                yield Finding((*key, "receiver"), f"a bad regular expression: {error}", 'write e.g. "team-a|team-b"')
    for number, matcher in enumerate(settings.filters):
        if not _MATCHER.fullmatch(matcher):
            yield Finding((*key, "filters", number), "is not a matcher", "write it like 'team=\"data\"'")
