"""What terminal programs and multiplexers are known to understand, with the reason in words.

Sources: iTerm2, "Proprietary Escape Codes"; kitty, "Desktop notifications" and its changelog (OSC 777 since 0.24.0);
WezTerm, "Escape Sequences"; foot, foot-ctlseqs(7); Ghostty, "OSC 9" and its configuration reference; Alacritty, "Escape
sequence support"; "OSC 8 adoption in terminal emulators" (Alhadis) for links; microsoft/terminal #20012 for OSC 777 and
#204 for links; GNOME/vte #2495 and KDE bug 372116 for OSC 52; xterm, ctlseqs ("allowWindowOps"); rxvt-unicode,
urxvt(7); tmux(1), ``allow-passthrough``, ``set-clipboard``, ``terminal-features``; GNU screen bug 50952; zellij #1199
and #5099.
"""

import re
from collections.abc import Mapping

from oncall_tui.terminal.model import Ability, Answer, Multiplexer, Program, Protocol

_Told = tuple[Answer, str]
_YES, _NO, _UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

KNOWN: Mapping[Program, tuple[tuple[Protocol, ...], _Told, _Told, _Told]] = {
    Program.ITERM2: (
        (Protocol.OSC9,),
        (_YES, "iTerm2 shows OSC 9"),
        (_YES, "iTerm2 shows links since 3.1"),
        (_UNKNOWN, "iTerm2 asks for Settings > General > Selection > Applications in terminal may access clipboard"),
    ),
    Program.KITTY: (
        (Protocol.OSC9, Protocol.OSC777, Protocol.OSC99),
        (_YES, "kitty shows OSC 9, OSC 99, and OSC 777 since 0.24"),
        (_YES, "kitty shows links since 0.19"),
        (_YES, "kitty takes it unless clipboard_control forbids it"),
    ),
    Program.WEZTERM: (
        (Protocol.OSC777, Protocol.OSC9),
        (_YES, "WezTerm shows OSC 777 and OSC 9"),
        (_YES, "WezTerm shows links"),
        (_YES, "WezTerm takes it"),
    ),
    Program.GHOSTTY: (
        (Protocol.OSC777, Protocol.OSC9),
        (_YES, "Ghostty shows OSC 777 and OSC 9 unless desktop-notifications is off"),
        (_YES, "Ghostty shows links"),
        (_YES, "Ghostty takes it unless clipboard-write forbids it"),
    ),
    Program.FOOT: (
        (Protocol.OSC777, Protocol.OSC9, Protocol.OSC99),
        (_YES, "foot shows OSC 777, OSC 9 and OSC 99 while its window has no focus"),
        (_YES, "foot shows links since 1.7"),
        (_YES, "foot takes it unless security.osc52 forbids it"),
    ),
    Program.ALACRITTY: (
        (),
        (_NO, "Alacritty shows no notifications; it can mark its window on the bell"),
        (_YES, "Alacritty shows links since 0.11"),
        (_YES, "Alacritty takes it unless terminal.osc52 forbids it"),
    ),
    Program.VTE: (
        (Protocol.OSC777,),
        (_UNKNOWN, "only the VTE of some distributions, Fedora for one, shows OSC 777; the others ignore it"),
        (_YES, "VTE shows links since 0.50"),
        (_UNKNOWN, "most versions of VTE ignore it"),
    ),
    Program.KONSOLE: (
        (),
        (_UNKNOWN, "nothing is known of Konsole and notifications; it can notify on the bell"),
        (_UNKNOWN, "Konsole shows links since 20.08 where the profile allows it"),
        (_UNKNOWN, "Konsole takes it since 24.12"),
    ),
    Program.WINDOWS: (
        (Protocol.OSC777,),
        (_UNKNOWN, "only the newest versions of Windows Terminal show OSC 777; the others ignore it"),
        (_YES, "Windows Terminal shows links since 1.4"),
        (_YES, "Windows Terminal takes it"),
    ),
    Program.APPLE: (
        (),
        (_NO, "Apple Terminal shows no notifications; it marks its icon on the bell"),
        (_NO, "Apple Terminal shows no links of ours, but finds addresses in the text"),
        (_NO, "Apple Terminal ignores it"),
    ),
    Program.VSCODE: (
        (Protocol.OSC777,),
        (_UNKNOWN, "VS Code shows notifications with an extension only"),
        (_YES, "VS Code shows links"),
        (_YES, "VS Code takes it"),
    ),
    Program.XTERM: (
        (),
        (_NO, "xterm shows no notifications; it can mark its window on the bell"),
        (_NO, "xterm shows no links"),
        (_UNKNOWN, "xterm takes it only where disallowedWindowOps lets it"),
    ),
    Program.LINUX: (
        (),
        (_NO, "there is no desktop on the console"),
        (_NO, "there is no pointer for links on the console"),
        (_NO, "there is no clipboard on the console"),
    ),
    Program.RXVT: (
        (Protocol.OSC777,),
        (_UNKNOWN, "rxvt-unicode shows OSC 777 with an extension only"),
        (_NO, "rxvt shows no links"),
        (_UNKNOWN, "rxvt-unicode takes it with an extension only"),
    ),
    Program.UNKNOWN: (
        (),
        (_UNKNOWN, "the environment does not name the terminal"),
        (_UNKNOWN, "the environment does not name the terminal"),
        (_UNKNOWN, "the environment does not name the terminal"),
    ),
}


def konsole_clipboard(environ: Mapping[str, str]) -> Ability:
    """``KONSOLE_VERSION`` is 241200 for 24.12.0."""
    version = environ.get("KONSOLE_VERSION", "")
    if not version.isdecimal():
        return Ability(_UNKNOWN, "Konsole takes it since 24.12, and its version is not told")
    if int(version) < 241_200:
        return Ability(_NO, "Konsole takes it since 24.12 only")
    return Ability(_YES, "Konsole takes it since 24.12")


def within(multiplexer: Multiplexer, environ: Mapping[str, str]) -> tuple[Ability, Ability, Ability]:
    """Notifications, links and clipboard through a multiplexer, which decides what comes through."""
    if multiplexer is Multiplexer.SCREEN:
        told = "screen keeps it to itself"
        return Ability(_NO, told), Ability(_NO, told), Ability(_NO, told)
    if multiplexer is Multiplexer.ZELLIJ:
        return (
            Ability(_UNKNOWN, "zellij hands notifications on since 0.45"),
            Ability(_UNKNOWN, "zellij hands links on in some versions"),
            Ability(_UNKNOWN, "zellij hands it on where the terminal takes it"),
        )
    found = re.match(r"(\d+)\.(\d+)", environ.get("TERM_PROGRAM_VERSION", ""))
    version = (int(found[1]), int(found[2])) if found and environ.get("TERM_PROGRAM") == "tmux" else None
    needs = 'tmux hands links on with: set -as terminal-features ",*:hyperlinks"'
    links = Ability(_UNKNOWN, f"{needs}, since tmux 3.4")
    if version is not None and version < (3, 4):
        links = Ability(_NO, f"tmux {version[0]}.{version[1]} drops links; they come through since 3.4")
    clipboard = "tmux takes it with: set -s set-clipboard on"
    if environ.get("TMUX"):
        clipboard = "copied text is loaded into tmux, which hands it on where the terminal takes it"
    return (
        Ability(_UNKNOWN, "tmux hands notifications on with: set -g allow-passthrough on"),
        links,
        Ability(_UNKNOWN, clipboard),
    )
