"""What holds for every test: nothing of the terminal that the tests are started from."""

import pytest


@pytest.fixture(autouse=True)
def no_terminal_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some shells export the size of their window, and readline does so for the processes that a test starts."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("LINES", raising=False)
