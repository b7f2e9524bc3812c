"""Rules for ``[oncall]``."""

from collections.abc import Iterator

from oncall_tui.config.keys import Finding
from oncall_tui.config.rules.draft import Draft
from oncall_tui.domain.pages import parse_night

PAGES_DAYS = (1, 30)
"""How few and how many days of pages can be counted."""


def oncall_findings(draft: Draft) -> Iterator[Finding]:
    """A night that is no span of hours, and days that nobody can count."""
    settings = draft.config.oncall
    try:
        parse_night(settings.night)
    except ValueError as error:
        yield Finding(("oncall", "night"), f'"{settings.night}" is {error}', 'write it like "22-07" or "22:30-06:45"')
    fewest, most = PAGES_DAYS
    if not fewest <= settings.pages_days <= most:
        yield Finding(("oncall", "pages_days"), f"{settings.pages_days} is out of bounds", f"write {fewest} to {most}")
