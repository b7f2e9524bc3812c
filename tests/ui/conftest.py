"""What holds for every test of the screen: no animation, and no clipboard or browser of the machine."""

import webbrowser

import pytest


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that the screen has asked the browser of a desktop to open; none is opened."""
    monkeypatch.setenv("DISPLAY", ":0")
    addresses: list[str] = []

    def open_nothing(url: str, *_rest: object, **_options: object) -> bool:
        addresses.append(url)
        return True

    monkeypatch.setattr(webbrowser, "open", open_nothing)
    return addresses
