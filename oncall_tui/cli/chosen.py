"""Which alerts a listing shows, in which order and groups: options, and the saved filters of the configuration."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.filtering import Filter, read_filter
from oncall_tui.domain.grouping import grouped
from oncall_tui.domain.parts import GROUPINGS, LABEL, UNGROUPED, part_of
from oncall_tui.domain.query import Order, is_order, matching, ordered
from oncall_tui.domain.situation import Situation

if TYPE_CHECKING:
    from oncall_tui.config.model import FilterSettings

SAVED = "@"
"""Begins the name of a saved filter where a filter is written."""

Groups = dict[str, tuple[Alert, ...]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for."""

    wanted: Filter
    order: str = Order.SEVERITY
    is_reversed: bool = False
    grouping: str = ""
    """The part by which alerts stand together; empty for none."""

    def groups_of(self, situation: Situation) -> Groups:
        """The alerts by their group, one group without a name when there are to be none."""
        found = matching(situation.alerts, self.wanted, situation.taken_at)
        rows = ordered(found, self.order, is_reversed=self.is_reversed)
        part = part_of(self.grouping)
        return grouped(rows, part) if part is not None else {"": rows}


def choice_of(
    match: str, sort: str | None, is_reversed: bool, group_by: str | None, saved: Sequence["FilterSettings"]
) -> Choice:
    """What the options ask for; where one is not given, what the saved filter says.

    Raises:
        click.BadParameter: for a filter, an order or a group that there is none of.
    """
    named = _saved(match, saved) if match.startswith(SAVED) else None
    wanted = read_filter(match if named is None else named.filter)
    if wanted.problems:
        raise click.BadParameter("; ".join(map(str, wanted.problems)), param_hint="--match")
    order = sort or (named.sort.removeprefix("-") if named is not None else "") or Order.SEVERITY
    if not is_order(order):
        words = f"{order!r} is not one of {', '.join(one.value for one in Order)}, {LABEL}NAME."
        raise click.BadParameter(words, param_hint="--sort")
    is_turned = sort is None and named is not None and named.sort.startswith("-")
    grouping = group_by or (named.group if named is not None else "")
    grouping = "" if grouping == UNGROUPED else grouping
    if grouping and part_of(grouping) is None:
        words = f"{grouping!r} is not one of {', '.join(GROUPINGS)}, {LABEL}NAME, {UNGROUPED}."
        raise click.BadParameter(words, param_hint="--group-by")
    return Choice(wanted, order, is_turned is not is_reversed, grouping)


def _saved(match: str, saved: Sequence["FilterSettings"]) -> "FilterSettings":
    name = match.removeprefix(SAVED).strip().casefold()
    found = next((one for one in saved if one.name.casefold() == name), None)
    if found is None:
        known = ", ".join(f"{SAVED}{one.name}" for one in saved)
        words = f"{match} is no filter of the configuration" + (
            f": there are {known}." if known else ", which has none."
        )
        raise click.BadParameter(words, param_hint="--match")
    return found
