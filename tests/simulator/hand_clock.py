"""A clock that stands still until a test moves it."""

from __future__ import annotations

from oncall_tui.simulator.world import World

START = 1_795_400_000.0
"""2026-11-23 02:13:20 UTC, a Monday night."""


class HandClock:
    """Epoch seconds, moved by hand."""

    def __init__(self, now: float = START) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def walk(world: World, clock: HandClock, seconds: float) -> None:
    """Let the world live through some seconds."""
    clock.now += seconds
    world.advance()
