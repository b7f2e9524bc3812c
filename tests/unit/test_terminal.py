"""What is read of a terminal from its environment: tables of environments that terminals really set."""

import pytest

from oncall_tui.terminal import Answer, Colours, Multiplexer, Program, Protocol, Terminal, terminal_of
from oncall_tui.terminal.known import KNOWN

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def terminal(environ: dict[str, str], *, is_tty: bool = True, encoding: str | None = "utf-8") -> Terminal:
    """The terminal of this environment, 80 by 24."""
    return terminal_of(environ, is_tty=is_tty, size=(80, 24), encoding=encoding)


ENVIRONMENTS: list[tuple[dict[str, str], Program]] = [
    ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app", "LC_TERMINAL": "iTerm2"}, Program.ITERM2),
    ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2", "SSH_TTY": "/dev/pts/1"}, Program.ITERM2),
    ({"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}, Program.KITTY),
    ({"TERM": "xterm-kitty", "VTE_VERSION": "7600"}, Program.KITTY),
    ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, Program.WEZTERM),
    ({"TERM": "xterm-ghostty", "TERM_PROGRAM": "ghostty"}, Program.GHOSTTY),
    ({"TERM": "foot"}, Program.FOOT),
    ({"TERM": "foot-extra"}, Program.FOOT),
    ({"TERM": "footloose"}, Program.UNKNOWN),
    ({"TERM": "alacritty"}, Program.ALACRITTY),
    ({"TERM": "xterm-256color", "ALACRITTY_WINDOW_ID": "7"}, Program.ALACRITTY),
    ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, Program.VTE),
    ({"TERM": "xterm-256color", "KONSOLE_VERSION": "230805"}, Program.KONSOLE),
    ({"TERM": "xterm-256color", "WT_SESSION": "4a1"}, Program.WINDOWS),
    ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, Program.APPLE),
    ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, Program.VSCODE),
    ({"TERM": "xterm-256color", "XTERM_VERSION": "XTerm(379)"}, Program.XTERM),
    ({"TERM": "linux"}, Program.LINUX),
    ({"TERM": "rxvt-unicode-256color"}, Program.RXVT),
    ({"TERM": "xterm-256color"}, Program.UNKNOWN),
    ({"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TMUX": "/s,1,0", "KITTY_WINDOW_ID": "1"}, Program.KITTY),
    ({}, Program.UNKNOWN),
]


@pytest.mark.parametrize(("environ", "program"), ENVIRONMENTS)
def test_the_program_is_told_by_what_it_sets(environ: dict[str, str], program: Program) -> None:
    assert terminal(environ).program is program


@pytest.mark.parametrize(
    ("environ", "multiplexer"),
    [
        ({"TERM": "xterm-256color"}, Multiplexer.NONE),
        ({"TERM": "screen-256color", "TMUX": "/s,1,0"}, Multiplexer.TMUX),
        ({"TERM": "tmux-256color"}, Multiplexer.TMUX),
        ({"TERM": "tmux-256color", "STY": "1.pts"}, Multiplexer.TMUX),
        ({"TERM": "screen", "STY": "1.pts"}, Multiplexer.SCREEN),
        ({"TERM": "screen.xterm-256color"}, Multiplexer.SCREEN),
        ({"TERM": "xterm-256color", "ZELLIJ": "0"}, Multiplexer.ZELLIJ),
        ({"TERM": "xterm-256color", "TMUX": ""}, Multiplexer.NONE),
    ],
)
def test_what_stands_between_is_told_by_its_mark_or_over_ssh_by_the_type(
    environ: dict[str, str], multiplexer: Multiplexer
) -> None:
    assert terminal(environ).multiplexer is multiplexer


@pytest.mark.parametrize(
    ("environ", "colours", "word"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, Colours.TRUE, "COLORTERM is truecolor"),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, Colours.TRUE, "24bit"),
        ({"TERM": "xterm-256color"}, Colours.PALETTE, "COLORTERM does not say truecolor"),
        ({"TERM": "xterm-256color", "WT_SESSION": "1"}, Colours.PALETTE, "export COLORTERM=truecolor"),
        ({"TERM": "xterm-kitty"}, Colours.PALETTE, "export COLORTERM=truecolor"),
        ({"TERM": "xterm"}, Colours.ANSI, "nothing says that there are more"),
        ({}, Colours.ANSI, "TERM is not set"),
        ({"TERM": "linux"}, Colours.ANSI, "TERM is linux"),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, Colours.MONO, 'TERM is "dumb"'),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": ""}, Colours.MONO, "NO_COLOR is set"),
    ],
)
def test_colours_are_those_the_screen_is_drawn_in(environ: dict[str, str], colours: Colours, word: str) -> None:
    told = terminal(environ)
    assert told.colours is colours
    assert word in told.colours_reason


def test_within_a_multiplexer_no_colour_is_promised_by_the_terminal_outside() -> None:
    assert "export" not in terminal({"TERM": "screen-256color", "TMUX": "/s", "WT_SESSION": "1"}).colours_reason


@pytest.mark.parametrize(
    ("environ", "notifications", "hyperlinks", "clipboard", "first"),
    [
        ({"TERM_PROGRAM": "iTerm.app"}, YES, YES, UNKNOWN, Protocol.OSC9),
        ({"TERM": "xterm-kitty"}, YES, YES, YES, Protocol.OSC9),
        ({"TERM": "foot"}, YES, YES, YES, Protocol.OSC777),
        ({"TERM": "alacritty"}, NO, YES, YES, None),
        ({"VTE_VERSION": "7600"}, UNKNOWN, YES, UNKNOWN, Protocol.OSC777),
        ({"KONSOLE_VERSION": "230805"}, UNKNOWN, UNKNOWN, NO, None),
        ({"KONSOLE_VERSION": "241200"}, UNKNOWN, UNKNOWN, YES, None),
        ({"KONSOLE_VERSION": "new"}, UNKNOWN, UNKNOWN, UNKNOWN, None),
        ({"TERM_PROGRAM": "Apple_Terminal"}, NO, NO, NO, None),
        ({"TERM": "linux"}, NO, NO, NO, None),
        ({"TERM": "xterm-256color"}, UNKNOWN, UNKNOWN, UNKNOWN, None),
        ({"TERM": "screen", "STY": "1"}, NO, NO, NO, None),
        ({"TERM": "xterm", "ZELLIJ": "0"}, UNKNOWN, UNKNOWN, UNKNOWN, None),
        ({"TERM": "tmux-256color", "TMUX": "/s"}, UNKNOWN, UNKNOWN, UNKNOWN, None),
        (
            {"TERM": "screen-256color", "TMUX": "/s", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.3a"},
            UNKNOWN,
            NO,
            UNKNOWN,
            None,
        ),
        (
            {"TERM": "screen-256color", "TMUX": "/s", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.4"},
            UNKNOWN,
            UNKNOWN,
            UNKNOWN,
            None,
        ),
        ({"TERM": "dumb", "TERM_PROGRAM": "iTerm.app"}, NO, NO, NO, None),
    ],
)
def test_abilities(
    environ: dict[str, str], notifications: Answer, hyperlinks: Answer, clipboard: Answer, first: Protocol | None
) -> None:
    told = terminal(environ)
    answers = (told.notifications.answer, told.hyperlinks.answer, told.clipboard.answer)
    assert answers == (notifications, hyperlinks, clipboard)
    assert next(iter(told.protocols), None) is first


def test_within_tmux_the_reasons_say_which_settings_let_it_through() -> None:
    told = terminal({"TERM": "tmux-256color", "TMUX": "/s"})
    assert "allow-passthrough on" in told.notifications.reason
    assert "terminal-features" in told.hyperlinks.reason
    assert "loaded into tmux" in told.clipboard.reason
    assert "set-clipboard on" in terminal({"TERM": "tmux-256color"}).clipboard.reason, "a tmux on the near side of ssh"


def test_what_does_not_go_to_a_terminal_understands_nothing() -> None:
    told = terminal({"TERM": "xterm-kitty"}, is_tty=False)
    assert told.protocols == ()
    assert {told.notifications.answer, told.hyperlinks.answer, told.clipboard.answer} == {NO}
    assert told.colours is Colours.MONO


@pytest.mark.parametrize(("encoding", "is_utf8"), [("UTF-8", True), ("utf8", True), ("ANSI_X3.4-1968", False)])
def test_the_encoding(encoding: str, is_utf8: bool) -> None:
    assert terminal({"TERM": "xterm"}, encoding=encoding).is_utf8 is is_utf8


def test_an_encoding_that_nobody_names_is_not_taken_for_utf8() -> None:
    told = terminal({}, encoding=None)
    assert (told.is_utf8, told.encoding) == (False, "unknown")


@pytest.mark.parametrize("mark", ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"])
def test_over_ssh(mark: str) -> None:
    assert terminal({mark: "x"}).is_over_ssh
    assert not terminal({mark: ""}).is_over_ssh


def test_every_program_is_known_and_every_reason_is_a_sentence_without_its_stop() -> None:
    assert set(KNOWN) == set(Program)
    reasons = [reason for _, *told in KNOWN.values() for _, reason in told]
    assert all(reason and not reason.endswith(".") for reason in reasons)


def test_who_shows_notifications_for_sure_has_a_sequence_for_them() -> None:
    for protocols, (answer, _), *_ in KNOWN.values():
        assert (answer is YES) <= bool(protocols)
        assert not (answer is NO and protocols)
