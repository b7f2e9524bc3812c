"""How many alerts there are of each sort: what headings say."""

from collections.abc import Iterable
from dataclasses import dataclass

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.muting import muting_of


@dataclass(frozen=True, slots=True)
class Tally:
    """Alerts, counted."""

    active: int = 0
    """All of them."""
    firing: int = 0
    """Those that nobody has said to look at."""
    silenced: int = 0
    """Those that a silence mutes, also while a pager holds them or somebody has acknowledged them."""
    mine: int = 0
    """Those that are assigned to the user of this screen."""
    forgotten: int = 0
    """Those that somebody acknowledged, and to which nothing has happened for too long."""
    inhibited: int = 0
    """Those that nothing mutes but another alert."""


def tally_of(alerts: Iterable[Alert]) -> Tally:
    """The alerts, counted in one walk."""
    active = firing = silenced = mine = forgotten = inhibited = 0
    for alert in alerts:
        active += 1
        firing += alert.status is Status.FIRING
        muting = muting_of(alert)
        if muting is not None and muting.is_whole:
            silenced += muting.is_silenced
            inhibited += not muting.is_silenced
        mine += alert.is_mine
        forgotten += alert.is_forgotten
    return Tally(active, firing, silenced, mine, forgotten, inhibited)
