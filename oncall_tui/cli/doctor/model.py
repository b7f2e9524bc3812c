"""What an examination gives: areas with their findings, the worst of them, and what the process ends with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.sources.base import CheckState, Finding

_RANK = {CheckState.OK: 0, CheckState.WARNING: 1, CheckState.FAILED: 2}


@dataclass(frozen=True, slots=True)
class Area:
    """One thing that was looked at. A source is an area of its own."""

    name: str
    """``configuration``, ``source``, ``picture``, ``runbooks``, ``journal``, ``terminal``."""
    title: str
    """What people call it: the name of the source, else the name of the area."""
    about: str = ""
    """Where it is, or what it is."""
    findings: tuple[Finding, ...] = ()

    @property
    def state(self) -> CheckState:
        """The worst of its findings."""
        return worst(one.state for one in self.findings)

    def of(self, state: CheckState) -> tuple[Finding, ...]:
        """The findings in one state."""
        return tuple(one for one in self.findings if one.state is state)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that was found at ``taken_at`` (UTC)."""

    taken_at: datetime
    areas: tuple[Area, ...]
    file: str | None = None
    """The configuration file; None without one."""

    @property
    def state(self) -> CheckState:
        """The worst of everything."""
        return worst(area.state for area in self.areas)

    def count(self, state: CheckState) -> int:
        """How many findings are in this state."""
        return sum(len(area.of(state)) for area in self.areas)

    @property
    def code(self) -> ExitCode:
        """A warning is no failure: the screen works."""
        return ExitCode.UNFIT if self.state is CheckState.FAILED else ExitCode.FINE


def worst(states: Iterable[CheckState]) -> CheckState:
    """FAILED, then WARNING, then OK; of nothing OK."""
    return max(states, key=_RANK.__getitem__, default=CheckState.OK)


def rank(state: CheckState) -> int:
    """OK 0, WARNING 1, FAILED 2."""
    return _RANK[state]
