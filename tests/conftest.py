"""What holds for every test: nothing of the terminal or the shell that the tests are started from."""

import signal

import pytest
from hypothesis import settings

# How long an example takes says more of what else the machine does than of the code.
settings.register_profile("oncall", deadline=None)
settings.load_profile("oncall")

# Who is started in the background by a script ignores Ctrl+C, and every process that a test starts would inherit it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_terminal_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some shells export the size of their window, and readline does so for the processes that a test starts."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("LINES", raising=False)
