"""The terminal of this process."""

import shutil
import sys
from collections.abc import Mapping

from oncall_tui.terminal import Terminal, terminal_of


def this_terminal(environ: Mapping[str, str]) -> Terminal:
    """The terminal that the screen is drawn on: the one behind the standard error, as Textual has it."""
    stream = sys.__stderr__
    columns, lines = shutil.get_terminal_size()
    is_tty = stream is not None and stream.isatty()
    encoding = None if stream is None else stream.encoding
    return terminal_of(environ, is_tty=is_tty, size=(columns, lines), encoding=encoding)


NOWHERE = terminal_of({}, is_tty=False, size=(80, 24), encoding=None)
"""No terminal at all: a test, a file, a browser."""
