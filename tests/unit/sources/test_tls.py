"""TLS contexts that are made before they are needed."""

import ssl
import threading

import pytest

from oncall_tui.sources import tls
from oncall_tui.sources.errors import Unreachable
from oncall_tui.sources.tls import Trust


def test_authorities_that_cannot_be_loaded_beforehand_are_no_news_to_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    tried = threading.Event()

    def fail(trust: Trust) -> ssl.SSLContext:
        tried.set()
        raise Unreachable("no such file")

    monkeypatch.setattr(tls, "tls_context", fail)
    before = set(threading.enumerate())
    tls.warm_up()
    assert tried.wait(10)
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    assert capfd.readouterr() == ("", "")
