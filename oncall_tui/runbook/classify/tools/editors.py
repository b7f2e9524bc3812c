"""Programs that take the terminal: what is typed there decides what they do."""

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.verdict import interactive
from oncall_tui.runbook.danger import Judgement

_NAMES = names(
    """
    vi vim nvim nano emacs ed ex pico joe mcedit visudo vipw less more most man info htop atop btop iotop
    glances k9s tmux screen mc telnet ftp sftp ncdu lazydocker ctop passwd login irb ipython bpython pgcli mycli
    cfdisk nmtui dialog whiptail iftop nethogs bpftrace tcpdump
    """
)


def _opens(call: Call) -> Judgement:
    """An editor, a pager, a monitor: all of them can start a shell or change what they show."""
    return interactive(f"{call.name} takes the terminal, and can change things from there")


RULES: dict[str, Rule] = dict.fromkeys(_NAMES, _opens)
"""By name."""
