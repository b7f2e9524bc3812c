"""``[severity]`` as the domain uses it: the user's words laid over the vendors' tables."""

from collections.abc import Mapping

from oncall_tui.config.model import SeveritySettings
from oncall_tui.domain.severity import (
    PAGERDUTY_PRIORITIES,
    PAGERDUTY_URGENCIES,
    PROMETHEUS_LABELS,
    SENTRY_LEVELS,
    SENTRY_PRIORITIES,
    Severity,
    SeverityMap,
)


def parse_severity(word: str) -> Severity:
    """``P1`` … ``P5`` in either case.

    Raises:
        ValueError: for any other word.
    """
    try:
        return Severity[word.strip().upper()]
    except KeyError:
        raise ValueError("not a severity; the severities are P1, P2, P3, P4 and P5") from None


OFF = "off"


def parse_threshold(word: str) -> Severity | None:
    """``P1`` … ``P5`` for this severity and worse; None for ``off``, in either case.

    Raises:
        ValueError: for any other word.
    """
    return None if word.strip().lower() == OFF else parse_severity(word)


def severity_map(settings: SeveritySettings) -> SeverityMap:
    """The vendors' tables with the user's words on top; words match in any case.

    Raises:
        ValueError: when a word is not mapped to P1 … P5; ``load`` has refused such a file before.
    """
    return SeverityMap(
        prometheus=_over(PROMETHEUS_LABELS, settings.prometheus),
        pagerduty_priority=_over(PAGERDUTY_PRIORITIES, settings.pagerduty_priority),
        pagerduty_urgency=_over(PAGERDUTY_URGENCIES, settings.pagerduty_urgency),
        sentry_priority=_over(SENTRY_PRIORITIES, settings.sentry_priority),
        sentry_level=_over(SENTRY_LEVELS, settings.sentry_level),
        unknown=parse_severity(settings.unknown),
    )


def _over(table: Mapping[str, Severity], words: Mapping[str, str]) -> Mapping[str, Severity]:
    return {**table, **{word.strip().lower(): parse_severity(level) for word, level in words.items()}}
