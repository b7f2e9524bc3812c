"""The alerts that ``oncall-tui silence --alert`` names: the matchers that they share, what else these cover."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.output import complain
from oncall_tui.domain.alert import labels_at_vendor
from oncall_tui.domain.covering import covering
from oncall_tui.domain.text import clean_line

if TYPE_CHECKING:
    from oncall_tui.cli.session import Rooms
    from oncall_tui.domain.alert import Record
    from oncall_tui.domain.ids import SourceName
    from oncall_tui.domain.silence import Matcher

_NAMED = 20


async def records_of(rooms: "Rooms", targets: Sequence[str], source: "SourceName") -> "tuple[Record, ...]":
    """What ``source`` has of exactly these alerts; one that it does not know is bad usage."""
    from oncall_tui.response.targets import alerts_named

    situation = await rooms.look()
    found: dict[str, Record] = {}
    for target in targets:
        records = [one for alert in alerts_named(situation, target) for one in alert.records if one.source == source]
        if not records:
            raise click.UsageError(f"{clean_line(target)} names no active alert of {source}.")
        found |= {one.ref: one for one in records}
    return tuple(found.values())


def shared_by(records: "Sequence[Record]", *, is_all: bool) -> "tuple[Matcher, ...]":
    """Matchers that hold for every one of ``records``. Without any a silence of nothing else (``is_all``) is none."""
    shared = covering([labels_at_vendor(one) for one in records])
    if is_all and not shared.exact:
        raise click.UsageError("These alerts have no label in common: name only those that share one, or silence each.")
    if shared.too_many:
        complain(f"Labels of too many values to match: {', '.join(shared.too_many)}.")
    return shared.matchers


def compare(meant: "Sequence[Record]", covered: "Sequence[Record]") -> None:
    """Say on stderr what a silence for ``meant`` would cover beside them, and which of them it would not."""
    wanted, reached = {one.ref for one in meant}, {one.ref for one in covered}
    beyond = [one.title for one in covered if one.ref not in wanted]
    missed = [one.title for one in meant if one.ref not in reached]
    if meant and beyond:
        complain(f"Beyond the alerts that are named it covers {_list(beyond)}.")
    if covered and missed:
        complain(f"Of the alerts that are named it does not cover {_list(missed)}.")


def _list(titles: Sequence[str]) -> str:
    told = ", ".join(f"“{clean_line(one)}”" for one in titles[:_NAMED])
    return f"{told} and {len(titles) - _NAMED} more" if len(titles) > _NAMED else told
