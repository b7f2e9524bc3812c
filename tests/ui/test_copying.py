"""What ``y`` copies, what ``o`` copies where there is no browser, and that neither claims more than is so."""

from dataclasses import replace

import pytest

from oncall_tui.terminal import Terminal, terminal_of
from tests.ui.desk import Desk, at_desk
from tests.unit.builders import PAGERDUTY, alert, record

ROWS = [alert(replace(record(PAGERDUTY, f"Q{i}", title=f"t{i}"), url=f"https://pd.example/{i}")) for i in range(3)]
TEXT = "P2 api: t2\nhttps://pd.example/2"


def terminal(**environ: str) -> Terminal:
    return terminal_of(environ, is_tty=True, size=(120, 36), encoding="utf-8")


KITTY = terminal(TERM="xterm-kitty")


async def done(desk: Desk) -> str:
    """The one message, once the copy is made."""
    copying = [one for one in desk.app.workers if one.group in ("clipboard", "browser")]
    if copying:
        await desk.app.workers.wait_for_complete(copying)
    await desk.settle()
    (toast,) = desk.toasts()
    return toast


async def test_y_copies_the_alert_under_the_cursor_and_says_what_is_known_of_it() -> None:
    async with at_desk(*ROWS, terminal=KITTY) as desk:
        await desk.press("2", "space", "j", "y")
        assert await done(desk) == f"Sent to the terminal's clipboard\n{TEXT}"
        assert desk.app.clipboard == TEXT


async def test_only_a_program_that_took_it_makes_it_copied(
    given: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oncall_tui.ui.clipboard.run_tool", lambda argv, _text: argv[0] == "xsel")
    async with at_desk(*ROWS, terminal=KITTY) as desk:
        await desk.press("2", "space", "j", "y")
        assert await done(desk) == f"Copied to the clipboard\n{TEXT}"
        assert desk.app.clipboard == "", "the terminal is not asked as well"


async def test_every_program_of_this_machine_is_asked_before_the_terminal(given: list[tuple[str, bytes]]) -> None:
    async with at_desk(*ROWS, terminal=KITTY) as desk:
        await desk.press("2", "space", "j", "y")
        await done(desk)
        assert given == [("xclip", TEXT.encode()), ("xsel", TEXT.encode())]


async def test_over_ssh_the_clipboard_of_the_machine_out_there_is_left_alone(given: list[tuple[str, bytes]]) -> None:
    async with at_desk(*ROWS, terminal=terminal(TERM="xterm-kitty", SSH_TTY="/dev/pts/1")) as desk:
        await desk.press("2", "space", "j", "y")
        assert await done(desk) == f"Sent to the terminal's clipboard\n{TEXT}"
        assert given == []


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        (terminal(TERM_PROGRAM="Apple_Terminal"), "Apple Terminal ignores it"),
        (terminal(TERM="screen", STY="1"), "screen keeps it to itself"),
    ],
)
async def test_a_terminal_that_is_known_to_refuse_is_not_asked_and_the_text_is_on_the_screen(
    where: Terminal, reason: str
) -> None:
    async with at_desk(*ROWS, terminal=where) as desk:
        await desk.press("2", "space", "j", "y")
        assert await done(desk) == f"Not copied: {reason}\n{TEXT}"
        assert desk.app.clipboard == ""


async def test_without_a_browser_the_address_is_copied(opened: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY")
    async with at_desk(*ROWS, terminal=KITTY) as desk:
        await desk.press("2", "o")
        assert await done(desk) == "No browser here. Sent to the terminal's clipboard\nhttps://pd.example/0"
        assert desk.app.clipboard == "https://pd.example/0"
        assert opened == []
