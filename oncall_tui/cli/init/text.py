"""The words of the file: a commented TOML text that a human can go on with. Holds references, never a token."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from oncall_tui.cli.init.draft import Draft, DraftSource, LatencyDraft
from oncall_tui.config.model import PrometheusSettings
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.prometheus.discover import quantile_query

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_UNWRITTEN = re.compile("[\x7f-\x9f]")
_LISTED = 40
"""Services that are listed as a comment: a longer list is read by nobody."""

_HINTS: dict[str, tuple[str, ...]] = {
    "prometheus": (
        '# headers = { X-Scope-OrgID = "tenant" }   # Mimir, Cortex, Thanos with tenants',
        '# ca_file = "~/certificates/inside-ca.pem" # a private authority; proxy, client_certificate: the same way',
    ),
    "alertmanager": ("# filters = ['team=\"data\"']               # only the alerts that match",),
    "pagerduty": (
        '# urgencies = ["high"]                     # leave low urgency out',
        "# users = []                               # ids: only incidents assigned to them",
    ),
    "sentry": (
        '# query = "is:unresolved issue.priority:[high, medium]"   # which issues count as alerts',
        '# environments = ["production"]            # only issues that happen there',
    ),
}


def as_text(draft: Draft, today: date) -> str:
    """The whole file."""
    parts = [_head(today), *(_source(one) for one in draft.sources), _environments(draft), _display(draft)]
    parts += [_services(draft)]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def literal(value: object) -> str:
    """A TOML value: JSON writes texts, numbers and truth the same way."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(literal(one) for one in value)}]"
    text = json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)
    return _UNWRITTEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def key_of(name: str) -> str:
    """A TOML key, quoted where it must be."""
    return name if _BARE.fullmatch(name) else literal(name)


def _head(today: date) -> list[str]:
    return [
        f"# oncall-tui, written by `oncall-tui config init` on {today.isoformat()}. It is yours: change what you like.",
        "# `oncall-tui config check` tells what is wrong with it, docs/configuration.md explains every key.",
    ]


def _comment(text: str) -> str:
    """Foreign words on one line of comment."""
    return f"# {clean_line(text, 110)}"


def _source(source: DraftSource) -> list[str]:
    """A table with what differs from the defaults, and below it what one may want next."""
    settings = source.settings
    lines = [_comment(one) for one in source.said]
    lines += [f"[sources.{key_of(source.name)}]", f"kind = {literal(settings.__struct_config__.tag)}"]
    for field in msgspec.structs.fields(settings):
        value = getattr(settings, field.name)
        if field.name == "url" or value != _default(field):
            lines += _pair(field.encode_name, value, source)
    if not _is_given(settings.token) and isinstance(settings, PrometheusSettings):
        lines.append('# token = "env:PROMETHEUS_TOKEN"           # behind a login; with username it is the password')
    return [*lines, *_HINTS[str(settings.__struct_config__.tag)]]


def _pair(name: str, value: object, source: DraftSource) -> list[str]:
    """``key = value``; a list of ids has one line for each, with what people call it."""
    if isinstance(value, tuple) and any(one in source.names for one in value):
        rows = [f"    {literal(one)},  {_comment(source.names.get(one, ''))}".rstrip(" #") for one in value]
        return [f"{name} = [", *rows, "]"]
    return [f"{name} = {literal(value)}"]


def _default(field: msgspec.structs.FieldInfo) -> object:
    return field.default_factory() if field.default is msgspec.NODEFAULT else field.default


def _is_given(token: str | None) -> bool:
    return token is not None


def _environments(draft: Draft) -> list[str]:
    if not draft.environments:
        return [
            "# An environment that is marked as production is drawn unmistakably on every screen.",
            "# [environments.production]",
            "# production = true",
        ]
    lines = ["# Production is drawn unmistakably, on every screen and in every dialog."]
    for number, (name, is_production) in enumerate(draft.environments.items()):
        lines += [*([""] if number else []), f"[environments.{key_of(name)}]", f"production = {literal(is_production)}"]
    return lines


def _display(draft: Draft) -> list[str]:
    lines = ["[display]"]
    if draft.environment:
        lines.append(f"environment = {literal(draft.environment)}  # what this screen watches: shown in its corner")
    lines += ['# theme = "oncall-light"', "# utc = true                               # times in UTC, not the laptop's"]
    if draft.latency is not None:
        lines += ["", *_chart(draft.latency)]
    lines += ["", "# The bell and desktop notifications, for new alerts of P1 and P2:", "# [notify]"]
    return [*lines, "# only_on_call = true"]


def _chart(latency: LatencyDraft) -> Iterator[str]:
    yield "[display.chart]"
    yield f"title = {literal(f'Latency of {latency.service}, 24 h')}"
    yield f"service = {literal(latency.service)}"
    yield 'unit = "ms"'
    if latency.warning_ms is not None:
        yield f"limit = {latency.warning_ms}"
    for quantile in (0.50, 0.95, 0.99):
        query = f"1000 * {quantile_query(quantile, latency.label, latency.service)}"
        yield from ("", "[[display.chart.lines]]", f'name = "p{quantile * 100:.0f}"', f"query = {_promql(query)}")


def _promql(query: str) -> str:
    """PromQL reads best as it is: between single quotes, unless it holds one or what they cannot hold."""
    is_plain = "'" not in query and query.isprintable() and not _UNWRITTEN.search(query)
    return f"'{query}'" if is_plain else literal(query)


def _services(draft: Draft) -> list[str]:
    """Names that other tools have, the check, and an example to go on with."""
    tables = dict.fromkeys(draft.aliases)
    if draft.latency is not None:
        tables.setdefault(draft.latency.service)
    lines: list[str] = []
    if draft.services:
        listed = ", ".join(draft.services[:_LISTED]) + (", …" if len(draft.services) > _LISTED else "")
        lines += ["# Services need no table: these were found, and new ones appear by themselves.", *_wrapped(listed)]
    for name in tables:
        lines += ["", f"[services.{key_of(name)}]"]
        if draft.aliases.get(name):
            lines.append(f"aliases = {literal(draft.aliases[name])}  # what PagerDuty and Sentry call it")
        if draft.latency is not None and draft.latency.service == name:
            lines += _check(draft.latency)
    return [*lines, *([""] if lines else []), *_example(draft.services)]


def _check(latency: LatencyDraft) -> Iterator[str]:
    if latency.warning_ms is None:
        return
    query = f"1000 * {quantile_query(0.95, latency.label, latency.service)}"
    yield from ("", f"[[services.{key_of(latency.service)}.checks]]", 'name = "p95"', f"query = {_promql(query)}")
    yield from ('unit = "ms"', f"warning = {latency.warning_ms}", f"critical = {latency.critical_ms}", 'for = "2m"')


def _example(services: Sequence[str]) -> list[str]:
    name = key_of(services[0] if services else "checkout")
    return [
        "# A check is one PromQL value and its limits:",
        f"# [[services.{name}.checks]]",
        '# name = "queue"',
        "# query = 'max(queue_jobs_waiting)'",
        '# unit = "jobs"',
        "# warning = 100",
        "# critical = 500",
    ]


def _wrapped(text: str) -> list[str]:
    import textwrap

    return [f"# {line}" for line in textwrap.wrap(clean_line(text, 4_000), 110, break_long_words=False)]
