"""Which program the terminal is, what stands between, and how many colours the screen will have."""

from collections.abc import Mapping

from oncall_tui.terminal.model import Colours, Multiplexer, Program

# Which program

_TERM_NAMES = {
    "xterm-kitty": Program.KITTY,
    "xterm-ghostty": Program.GHOSTTY,
    "wezterm": Program.WEZTERM,
    "foot": Program.FOOT,
    "alacritty": Program.ALACRITTY,
    "rxvt": Program.RXVT,
    "linux": Program.LINUX,
    "konsole": Program.KONSOLE,
}
"""Terminal types that name one program; they travel over ssh, so they are believed first."""

_PROGRAM_NAMES = {
    "iTerm.app": Program.ITERM2,
    "iTerm2": Program.ITERM2,
    "WezTerm": Program.WEZTERM,
    "ghostty": Program.GHOSTTY,
    "Apple_Terminal": Program.APPLE,
    "vscode": Program.VSCODE,
    "kitty": Program.KITTY,
}
"""What programs write into ``TERM_PROGRAM``, and iTerm2 into ``LC_TERMINAL`` too, because ssh forwards that."""

_MARKS = {
    "KITTY_WINDOW_ID": Program.KITTY,
    "GHOSTTY_RESOURCES_DIR": Program.GHOSTTY,
    "WEZTERM_PANE": Program.WEZTERM,
    "ITERM_SESSION_ID": Program.ITERM2,
    "ALACRITTY_WINDOW_ID": Program.ALACRITTY,
    "WT_SESSION": Program.WINDOWS,
    "KONSOLE_VERSION": Program.KONSOLE,
    "VTE_VERSION": Program.VTE,
    "XTERM_VERSION": Program.XTERM,
}
"""Variables that only one program sets. A terminal started from another one inherits them: believed last."""


def term_of(environ: Mapping[str, str]) -> str:
    return environ.get("TERM", "").strip().lower()


def program_of(environ: Mapping[str, str]) -> Program:
    term = term_of(environ)
    for name, program in _TERM_NAMES.items():
        if term == name or term.startswith(f"{name}-"):
            return program
    for variable in ("TERM_PROGRAM", "LC_TERMINAL"):
        named = _PROGRAM_NAMES.get(environ.get(variable, ""))
        if named is not None:
            return named
    return next((program for name, program in _MARKS.items() if environ.get(name)), Program.UNKNOWN)


def multiplexer_of(environ: Mapping[str, str]) -> Multiplexer:
    """By the mark each sets for its panes; over ssh, where marks are lost, by the terminal type."""
    term = term_of(environ)
    marks = {"TMUX": Multiplexer.TMUX, "STY": Multiplexer.SCREEN, "ZELLIJ": Multiplexer.ZELLIJ}
    # Of two, one within the other, the terminal type tells the inner one.
    if term.startswith("tmux"):
        return Multiplexer.TMUX
    for name, multiplexer in marks.items():
        if environ.get(name):
            return multiplexer
    return Multiplexer.SCREEN if term.startswith("screen") else Multiplexer.NONE


# How many colours

_TRUE_COLOUR_PROGRAMS = frozenset(
    {Program.ITERM2, Program.KITTY, Program.WEZTERM, Program.GHOSTTY, Program.FOOT, Program.ALACRITTY, Program.VTE}
    | {Program.KONSOLE, Program.WINDOWS, Program.VSCODE}
)
"""Programs that show 24-bit colour, whether or not the environment still says so (over ssh COLORTERM is lost)."""


def colours_of(environ: Mapping[str, str], is_tty: bool, program: Program) -> tuple[Colours, str]:
    """The colours the screen is drawn in, by the rules that Rich and Textual go by (rich.console, textual.filter)."""
    term, colorterm = term_of(environ), environ.get("COLORTERM", "").strip().lower()
    if not is_tty:
        return Colours.MONO, "output does not go to a terminal"
    if "NO_COLOR" in environ:
        return Colours.MONO, "NO_COLOR is set"
    if term in ("dumb", "unknown"):
        return Colours.MONO, f'TERM is "{term}"'
    if colorterm in ("truecolor", "24bit"):
        return Colours.TRUE, f"COLORTERM is {colorterm}"
    name = f"TERM is {term}" if term else "TERM is not set"
    advice = ""
    if program in _TRUE_COLOUR_PROGRAMS and multiplexer_of(environ) is Multiplexer.NONE:
        advice = f"; {program.value} shows 24-bit colour: export COLORTERM=truecolor"
    if term.endswith(("-256color", "-kitty")):
        return Colours.PALETTE, f"{name}, and COLORTERM does not say truecolor{advice}"
    return Colours.ANSI, f"{name}, and nothing says that there are more{advice}"
