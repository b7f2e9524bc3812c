"""Rules for ``[[services.NAME.checks]]``."""

from collections.abc import Iterator

from oncall_tui.config.keys import Finding, Key
from oncall_tui.config.model import CheckSettings
from oncall_tui.config.rules.draft import Draft


def check_findings(draft: Draft) -> Iterator[Finding]:
    """Names that are taken, sources that cannot evaluate, limits in the wrong order."""
    for service, settings in draft.config.services.items():
        seen: set[str] = set()
        for number, check in enumerate(settings.checks):
            key: Key = ("services", service, "checks", number)
            if check.name and check.name in seen:
                yield Finding((*key, "name"), f'"{check.name}" names another check of this service too', "rename one")
            seen.add(check.name)
            yield from draft.source_findings(check.source, (*key, "source"))
            yield from _order(check, key)
            yield from _maximum(check, key)


def _order(check: CheckSettings, key: Key) -> Iterator[Finding]:
    """The critical limit lies further out than the warning, or the warning never shows."""
    if check.warning is None or check.critical is None:
        return
    if check.direction == "above" and check.critical < check.warning:
        problem = f"{check.critical:g} is below the warning {check.warning:g} though the direction is above"
        yield Finding((*key, "critical"), problem, 'exchange them, or write direction = "below"')
    if check.direction == "below" and check.critical > check.warning:
        problem = f"{check.critical:g} is above the warning {check.warning:g} though the direction is below"
        yield Finding((*key, "critical"), problem, 'exchange them, or write direction = "above"')


def _maximum(check: CheckSettings, key: Key) -> Iterator[Finding]:
    maximum = check.maximum
    if isinstance(maximum, str):
        if not maximum.strip():
            yield Finding((*key, "maximum"), "is empty", "write a number or PromQL, or leave it out")
    elif maximum is not None and maximum <= 0:
        yield Finding((*key, "maximum"), f"{maximum:g} cannot be a maximum", "write a number above 0")
