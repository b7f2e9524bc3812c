"""What is written to a terminal that may be gone.

Textual's writer is a thread with a short queue. An error ends the thread, and the next picture would wait for a place
in the queue for ever: the screen could not even end.
"""

import errno
import os
from typing import TextIO

_GONE = (errno.EIO, errno.EPIPE)


class Output:
    """A terminal to write to. Once it is gone, which whoever reads the keys tells, all goes to where nobody reads."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Write.

        Raises:
            OSError: there is a terminal, and it took nothing.
        """
        try:
            self._file.write(text)
        except OSError as error:
            self._give_up(error)

    def flush(self) -> None:
        """Send what was written. Raises what ``write`` does."""
        try:
            self._file.flush()
        except OSError as error:
            self._give_up(error)

    def fileno(self) -> int:
        """The descriptor."""
        return self._file.fileno()

    def _give_up(self, error: OSError) -> None:
        if error.errno not in _GONE:
            raise error
        # The file itself, not only this way to it: it holds what it could not send, and Python sends it at the end.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._file.fileno())
        os.close(nowhere)
