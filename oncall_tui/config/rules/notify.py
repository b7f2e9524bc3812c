"""Rules for ``[notify]``."""

from collections.abc import Iterator

from oncall_tui.config.keys import Finding
from oncall_tui.config.rules.draft import Draft
from oncall_tui.config.severities import parse_threshold

THRESHOLDS = ("bell", "desktop")
"""Every key that is one of P1 … P5 or ``off``."""


def notify_findings(draft: Draft) -> Iterator[Finding]:
    """A threshold that is neither a severity nor ``off``."""
    for name in THRESHOLDS:
        word = getattr(draft.config.notify, name)
        try:
            parse_threshold(word)
        except ValueError:
            advice = 'write "P1" to "P5" for this severity and worse, or "off"'
            yield Finding(("notify", name), f'"{word}" is not a severity', advice)
