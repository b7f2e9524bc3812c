"""ctrl+z: back to the shell for a moment, where there is one that can bring the screen back."""

import os

NO_SHELL = "There is no shell behind this screen that could bring it back: ctrl+z does nothing here."


def has_shell() -> bool:
    """Whether a shell with job control started this program.

    Such a shell gives every job a process group of its own. Where the program belongs to the leader of its session
    (``tmux new oncall-tui``, ``ssh -t host oncall-tui``), nobody would ever say ``fg``: it would hang for good.
    """
    return hasattr(os, "getpgrp") and os.getpgrp() != os.getsid(0)
