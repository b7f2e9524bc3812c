"""Rules for ``[services.NAME]`` and the names that other tools have for a service."""

from collections.abc import Iterator

from oncall_tui.config.keys import Finding
from oncall_tui.config.rules.draft import Draft
from oncall_tui.config.rules.urls import url_findings


def service_findings(draft: Draft) -> Iterator[Finding]:
    """Blank names, bad addresses, and a name that leads to two services."""
    owners = {name.casefold(): name for name in draft.declared("services")}
    for name, settings in draft.config.services.items():
        key = ("services", name)
        if not name.strip():
            yield Finding(key, "a blank name", "name the service")
        if settings.url is not None:
            advice = "leave them out: the browser asks for them"
            yield from url_findings(settings.url, (*key, "url"), "https://grafana.example.com/d/api", advice)
        seen: set[str] = set()
        for number, alias in enumerate(settings.aliases):
            here = (*key, "aliases", number)
            owner = owners.setdefault(alias.casefold(), name)
            if not alias.strip():
                yield Finding(here, "is empty", "write a name, or leave it out")
            elif alias.casefold() in seen:
                yield Finding(here, f'"{alias}" stands here twice', "leave it out")
            elif owner != name:
                yield Finding(here, f'"{alias}" already means the service "{owner}"', "give each alias to one service")
            seen.add(alias.casefold())
