"""What is written to a terminal that is gone goes nowhere, and what else goes wrong is told."""

import errno
import os
import pty
from io import StringIO

import pytest
from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread

from oncall_tui.ui.output import Output


def test_what_is_written_comes_to_the_terminal() -> None:
    master, slave = pty.openpty()
    with open(slave, "w", encoding="utf-8") as file:
        output = Output(file)
        output.write("häm")
        output.flush()
        assert output.fileno() == slave
        assert os.read(master, 100).decode() == "häm"
    os.close(master)


def test_a_terminal_that_is_gone_holds_up_no_writer() -> None:
    master, slave = pty.openpty()
    with open(slave, "w", encoding="utf-8") as file:
        os.close(master)
        writer = WriterThread(Output(file))  # type: ignore[arg-type]  # it is written to and flushed
        writer.start()
        for _ in range(3 * MAX_QUEUED_WRITES):
            writer.write("a picture that nobody sees")
        writer.stop()
        assert not writer.is_alive()
    # The file could be closed, with what it could not send.


@pytest.mark.parametrize("method", ["write", "flush"])
def test_what_else_goes_wrong_is_told(method: str) -> None:
    class Full(StringIO):
        """A disk, at its end."""

        def write(self, _text: str) -> int:
            raise OSError(errno.ENOSPC, "no space")

        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "no space")

    output = Output(Full())
    with pytest.raises(OSError, match="no space"):
        output.write("x") if method == "write" else output.flush()
