"""How many alerts there are of each sort: what headings say."""

from collections.abc import Iterable
from dataclasses import dataclass

from oncall_tui.domain.alert import Alert, Status


@dataclass(frozen=True, slots=True)
class Tally:
    """Alerts, counted."""

    active: int = 0
    """All of them."""
    firing: int = 0
    """Those that nobody has said to look at."""
    silenced: int = 0
    mine: int = 0
    """Those that are assigned to the user of this screen."""
    forgotten: int = 0
    """Those that somebody acknowledged, and to which nothing has happened for too long."""


def tally_of(alerts: Iterable[Alert]) -> Tally:
    """The alerts, counted in one walk."""
    active = firing = silenced = mine = forgotten = 0
    for alert in alerts:
        active += 1
        firing += alert.status is Status.FIRING
        silenced += alert.status is Status.SILENCED
        mine += alert.is_mine
        forgotten += alert.is_forgotten
    return Tally(active, firing, silenced, mine, forgotten)
