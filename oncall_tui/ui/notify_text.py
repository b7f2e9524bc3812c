"""What a notification says, and the sequence that carries it: pure.

Sources: iTerm2, "Proprietary Escape Codes" (OSC 9); rxvt-unicode, urxvt(7) and foot-ctlseqs(7) (OSC 777); ConEmu, "ANSI
X3.64 and Xterm 256 colors", whose OSC 9 is followed by a number and is no notification.
"""

from collections.abc import Sequence

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.text import clean_line
from oncall_tui.terminal import Answer, Multiplexer, Protocol, Terminal
from oncall_tui.ui.to_terminal import for_tmux

_LONGEST = 200
"""Characters of a notification: more no desktop shows."""
_TITLE = "oncall-tui"
_END = "\x1b\\"
_CHOSEN = {"osc9": Protocol.OSC9, "osc777": Protocol.OSC777}


def in_words(alerts: Sequence[Alert], *, is_again: bool = False) -> str:
    """The first alert, and how many more there are; never more of it than service and headline."""
    first, *others = alerts
    more = f" and {len(others)} more" if others else ""
    where = f" {first.service}" if first.service else ""
    still = "Still not acknowledged: " if is_again else ""
    return clean_line(f"{still}{first.severity.name}{where}: {first.headline}", _LONGEST - len(more)) + more


def protocol_for(setting: str, terminal: Terminal) -> Protocol | None:
    """The sequence to send with ``notify.protocol`` set to this; None for none.

    ``auto`` sends OSC 777 to a terminal that nothing is known of: who does not know it ignores it, while OSC 9 has a
    second meaning.
    """
    if setting == "off" or not terminal.is_tty or terminal.term == "dumb":
        return None
    if setting in _CHOSEN:
        return _CHOSEN[setting]
    if terminal.notifications.answer is Answer.NO:
        return None
    return next((one for one in terminal.protocols if one in _CHOSEN.values()), Protocol.OSC777)


def sequence(protocol: Protocol, text: str, terminal: Terminal, environment: str = "") -> str:
    """The bytes that ask for a notification, ready for the terminal or for the tmux in front of it."""
    title = clean_line(f"{_TITLE} {environment}", 60)
    body = clean_line(text, _LONGEST)
    if protocol is Protocol.OSC9:
        # It begins with a letter: a number and a semicolon would be taken for ConEmu's progress bar and the like.
        data = f"\x1b]9;{title}: {body}{_END}"
    else:
        # The semicolon parts title and body.
        data = f"\x1b]777;notify;{title.replace(';', ',')};{body.replace(';', ',')}{_END}"
    return for_tmux(data) if terminal.multiplexer is Multiplexer.TMUX else data
