"""Standard streams that whoever started the program had closed, as some schedulers and init scripts do."""

import os
import sys

_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


def open_closed() -> None:
    """Put the null device where a standard stream is closed.

    Else the next file that is opened (the journal, a connection) would take its number, and what is printed or typed
    would go there; and Python has no stream object to ask whether it is a terminal.
    """
    for number, (name, mode) in enumerate(_STREAMS):
        try:
            os.fstat(number)
        except OSError:
            # The lowest free number is given: it is this one, since those below are open by now.
            os.open(os.devnull, os.O_RDWR)
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  (for as long as we run)
