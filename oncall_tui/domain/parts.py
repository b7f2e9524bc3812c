"""The parts of an alert that lists show in a column of their own, sort by and group by, each as a text."""

from collections.abc import Callable, Mapping

from oncall_tui.domain.alert import Alert

Part = Callable[[Alert], str]
"""The text of one part; empty where nobody says."""

LABEL = "label:"
"""Begins the name of a part that is a label: ``label:team``."""


def label_part(name: str) -> Part:
    """The label of this name: of the first record that has it.

    Of 10,000 alerts parts are asked one after the other: loops are the quickest.
    """

    def value(alert: Alert) -> str:
        for record in alert.records:
            held = record.labels.get(name)
            if held:
                return held
        return ""

    return value


def _rule(alert: Alert) -> str:
    for record in alert.records:
        if record.name:
            return record.name
    return ""


def _source(alert: Alert) -> str:
    return alert.records[0].source if alert.records else ""


PARTS: Mapping[str, Part] = {
    "service": lambda alert: alert.service,
    "alert": _rule,
    "title": lambda alert: alert.headline,
    "cluster": label_part("cluster"),
    "source": _source,
    "env": lambda alert: alert.environment,
}
"""Every part that has a name of its own, called as in filters; ``source`` is the one that leads the alert."""

GROUPINGS = ("service", "alert", "cluster", "source", "env")
"""By which parts the screen groups, one after the other; any label can be named in the configuration."""


UNGROUPED = "none"
"""What is written where alerts are to stand in no groups."""


def part_of(name: str) -> Part | None:
    """The part of this name; None when there is none."""
    if name.startswith(LABEL) and name != LABEL:
        return label_part(name.removeprefix(LABEL))
    return PARTS.get(name)


def in_words(name: str) -> str:
    """A part as it stands in a sentence: ``label:team`` is ``team``."""
    words = {"alert": "alert name", "env": "environment"}
    return words.get(name, name.removeprefix(LABEL))
