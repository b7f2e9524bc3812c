"""Who is on call for each policy and level, until when, and who comes then. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from oncall_tui.domain.situation import OnCall, Policy


@dataclass(frozen=True, slots=True)
class LevelRota:
    """One level of a policy. Shifts of one person that follow each other without a break are one shift."""

    number: int
    now: tuple[OnCall, ...] = ()
    """Nobody when it is empty: an incident goes on to the next level at once."""
    next: tuple[OnCall, ...] = ()
    """Who comes at the next change, as far as shifts are known; empty when nobody does."""
    gap_from: datetime | None = None
    """From this moment on nobody is on call, until ``next`` begins."""


@dataclass(frozen=True, slots=True)
class PolicyRota:
    """One policy with all of its levels, the first level first."""

    name: str
    levels: tuple[LevelRota, ...]
    is_used: bool = True

    @property
    def empty_levels(self) -> tuple[int, ...]:
        """The levels at which nobody is on call now."""
        return tuple(one.number for one in self.levels if not one.now)

    @property
    def is_nobody(self) -> bool:
        """Whether an incident would page no one at all."""
        return all(not one.now for one in self.levels)


def rota(shifts: Sequence[OnCall], policies: Sequence[Policy], now: datetime) -> tuple[PolicyRota, ...]:
    """Every policy by name, those that no service pages by last; those that only shifts tell of are among them."""
    told: dict[str, list[OnCall]] = {}
    for one in shifts:
        told.setdefault(one.policy_id or one.policy, []).append(one)
    known = {one.id: one for one in policies}
    for key, found in told.items():
        known.setdefault(key, Policy(key, found[0].policy, max(one.level for one in found)))
    rotas = (_policy(one, told.get(one.id, []), now) for one in known.values())
    return tuple(sorted(rotas, key=lambda one: (not one.is_used, one.name.casefold())))


def unattended(rotas: Iterable[PolicyRota]) -> tuple[PolicyRota, ...]:
    """The policies that services page by, and for whom nobody is on call now at any level."""
    return tuple(one for one in rotas if one.is_used and one.is_nobody)


def my_shifts(
    shifts: Iterable[OnCall], now: datetime, later: OnCall | None = None
) -> tuple[tuple[OnCall, ...], OnCall | None]:
    """What the user of the screen is on call for now, the first level first, and the next shift to come.

    ``later`` is a shift further ahead than ``shifts`` reach, taken where they have none.
    """
    mine = continuous([one for one in shifts if one.is_me])
    current = sorted((one for one in mine if one.is_current(now)), key=lambda one: (one.level, one.policy.casefold()))
    coming = [one for one in mine if one.since is not None and one.since > now]
    if not coming and later is not None and later.since is not None and later.since > now:
        coming = [later]
    return tuple(current), min(coming, key=lambda one: (one.since or now, one.level), default=None)


def continuous(shifts: Iterable[OnCall]) -> tuple[OnCall, ...]:
    """Shifts that follow each other without a break, of one person on one level of one policy, as one shift."""
    joined: list[OnCall] = []
    last: dict[tuple[str, str, int], int] = {}
    for one in sorted(shifts, key=lambda one: (one.since is not None, one.since)):
        key = (one.policy_id or one.policy, one.user, one.level)
        before = joined[last[key]] if key in last else None
        if before is None or not _follows(one, before):
            last[key] = len(joined)
            joined.append(one)
        elif before.until is not None and (one.until is None or one.until > before.until):
            joined[last[key]] = replace(before, until=one.until)
    return tuple(joined)


def _follows(one: OnCall, before: OnCall) -> bool:
    return before.until is None or one.since is None or one.since <= before.until


def _policy(policy: Policy, shifts: Sequence[OnCall], now: datetime) -> PolicyRota:
    levels = max([policy.levels, *(one.level for one in shifts)], default=0)
    joined = continuous(shifts)
    of_level = ([one for one in joined if one.level == number] for number in range(1, levels + 1))
    found = tuple(_level(number, held, now) for number, held in enumerate(of_level, start=1))
    return PolicyRota(policy.name, found, policy.is_used)


def _level(number: int, shifts: Sequence[OnCall], now: datetime) -> LevelRota:
    current = tuple(one for one in shifts if one.is_current(now))
    begins = min((one.since for one in shifts if one.since is not None and one.since > now), default=None)
    coming = tuple(one for one in shifts if begins is not None and one.since == begins)
    covered = [one.until for one in current]
    ends = None if None in covered else max((one for one in covered if one is not None), default=None)
    is_gap = ends is not None and (begins is None or begins > ends)
    return LevelRota(number, current, coming, ends if is_gap else None)
