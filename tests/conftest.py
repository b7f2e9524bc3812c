"""What holds for every test: nothing of the terminal or the shell that the tests are started from."""

import signal
import zlib

import pytest
from hypothesis import settings

# How long an example takes says more of what else the machine does than of the code.
settings.register_profile("oncall", deadline=None)
settings.load_profile("oncall")

LONGEST_NAME = 80
"""Characters of a value that is a test's name."""

# Who is started in the background by a script ignores Ctrl+C, who is started by nohup the end of a terminal, and every
# process that a test starts would inherit it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def no_terminal_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some shells export the size of their window, and readline does so for the processes that a test starts."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("LINES", raising=False)


def pytest_make_parametrize_id(val: object) -> str | None:
    """A long value is named by its beginning, its length and a checksum: names go to every process and every log."""
    if not isinstance(val, str | bytes) or len(val) <= LONGEST_NAME:
        return None  # pytest's own name
    data = val.encode(errors="backslashreplace") if isinstance(val, str) else val
    beginning = ascii(val[: LONGEST_NAME // 2]).strip("b'\"")
    return f"{beginning}.. {len(val)} {zlib.crc32(data):08x}"
