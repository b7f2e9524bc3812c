"""What holds for every test: nothing of the terminal that the tests are started from."""

import pytest


@pytest.fixture(autouse=True)
def no_terminal_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """readline puts the size of the terminal into the environment, and the processes of ``pytest -n`` inherit it."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("LINES", raising=False)
