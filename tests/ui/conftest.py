"""What holds for every test of the screen: no animation, and no clipboard or browser of the machine."""

import inspect
from collections.abc import Awaitable, Callable

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.resting import rest
from tests.ui.silence_desk import Waiting

Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that the screen has asked the browser of a desktop to open; none is opened."""
    monkeypatch.setenv("DISPLAY", ":0")
    addresses: list[str] = []

    def open_nothing(address: str) -> bool:
        addresses.append(address)
        return True

    monkeypatch.setattr("oncall_tui.ui.browser.open_apart", open_nothing)
    return addresses


@pytest.fixture(autouse=True)
def given(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """The programs that were given text for the clipboard; none runs, and none takes it."""
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    asked: list[tuple[str, bytes]] = []

    def take_nothing(argv: tuple[str, ...], text: bytes) -> bool:
        asked.append((argv[0], text))
        return False

    monkeypatch.setattr("oncall_tui.ui.clipboard.run_tool", take_nothing)
    return asked


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Waiting:
    """The timers of the form of a silence; they ring when the test says so."""
    return Waiting().install(monkeypatch)


@pytest.fixture
def snap_compare(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> Compare:
    """The plug-in's comparison, of a screen at rest: however slow the machine is, the cursor of a field is in sight."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _: None)

    def compare(
        app: App[None],
        run_before: Callable[[Pilot[None]], Awaitable[None] | None] | None = None,
        terminal_size: tuple[int, int] = (80, 24),
    ) -> bool:
        async def steps(pilot: Pilot[None]) -> None:
            done = run_before(pilot) if run_before is not None else None
            if inspect.isawaitable(done):
                await done
            await rest(pilot)

        return snap_compare(app, run_before=steps, terminal_size=terminal_size)

    return compare
