"""A terminal as far as its environment tells: which program, how many colours, what it understands."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

SMALLEST = (80, 24)
"""Columns and lines that the screen needs."""


class Program(StrEnum):
    """Terminal programs that are told apart."""

    ITERM2 = "iTerm2"
    KITTY = "kitty"
    WEZTERM = "WezTerm"
    GHOSTTY = "Ghostty"
    FOOT = "foot"
    ALACRITTY = "Alacritty"
    VTE = "GNOME Terminal or another on VTE"
    KONSOLE = "Konsole"
    WINDOWS = "Windows Terminal"
    APPLE = "Apple Terminal"
    VSCODE = "VS Code"
    XTERM = "xterm"
    LINUX = "the Linux console"
    RXVT = "rxvt"
    UNKNOWN = "unknown"


class Multiplexer(StrEnum):
    """Programs between this one and the terminal that keep a screen of their own."""

    NONE = "none"
    TMUX = "tmux"
    SCREEN = "screen"
    ZELLIJ = "zellij"


class Colours(IntEnum):
    """How many colours the screen will be drawn in."""

    MONO = 1
    ANSI = 16
    PALETTE = 256
    TRUE = 16_777_216


class Protocol(StrEnum):
    """Sequences that show a desktop notification."""

    OSC9 = "OSC 9"
    OSC777 = "OSC 777"
    OSC99 = "OSC 99"


class Answer(StrEnum):
    """Whether the terminal can do something."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Ability:
    """Whether the terminal can do something, and why it is thought so: one sentence without its full stop."""

    answer: Answer
    reason: str


@dataclass(frozen=True, slots=True)
class Terminal:
    """The terminal in front of the engineer, as far as its environment tells."""

    program: Program
    """Within a multiplexer: the terminal that it was started in, which may not be the one attached now."""
    multiplexer: Multiplexer
    is_tty: bool
    is_over_ssh: bool
    is_utf8: bool
    encoding: str
    size: tuple[int, int]
    """Columns and lines."""
    term: str
    """``TERM`` in lower case; empty when it is not set."""
    colours: Colours
    colours_reason: str
    protocols: tuple[Protocol, ...]
    """The notification sequences that the program is known to understand, the one to prefer first; maybe none."""
    notifications: Ability
    hyperlinks: Ability
    """OSC 8."""
    clipboard: Ability
    """OSC 52, to write."""
