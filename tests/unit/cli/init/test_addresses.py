"""Addresses as people type and paste them."""

import pytest

from oncall_tui.cli.init.addresses import NoAddress, address, open_road


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("http://localhost:9090", "http://localhost:9090"),
        ("localhost:9090", "http://localhost:9090"),
        ("127.0.0.1:9090/", "http://127.0.0.1:9090"),
        ("[::1]:9090", "http://[::1]:9090"),
        ("prometheus.example.com", "https://prometheus.example.com"),
        ("prometheus:9090", "https://prometheus:9090"),
        (" https://prom.example.com/graph?g0.expr=up&g0.tab=1 ", "https://prom.example.com"),
        ("https://example.com/prometheus/targets", "https://example.com/prometheus"),
        ("https://example.com/prometheus/api/v1/query?query=up", "https://example.com/prometheus"),
        ("https://alerts.example.com/#/alerts?silenced=false", "https://alerts.example.com"),
        ("https://sentry.example.com/api/0/", "https://sentry.example.com"),
        ("HTTPS://Example.com", "https://Example.com"),
    ],
)
def test_what_is_pasted_becomes_the_base_address(typed: str, url: str) -> None:
    assert address(typed) == url


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "not an address"),
        ("ftp://example.com", "not an address"),
        ("http://", "not an address"),
        ("a b", "not an address"),
        ("http://example.com:port", "not an address"),
        ("https://ana:hunter2@example.com", "user name and the password out"),
        ("ana:hunter2@example.com", "user name and the password out"),
        ("7a5ecb9805841ba24f076716e57bf6e6", "looks like a token"),
        ("u+AbCdEfGhIjKlMnOpQrStUv", "looks like a token"),
    ],
)
def test_what_is_no_address_is_said_and_never_repeated(typed: str, words: str) -> None:
    with pytest.raises(NoAddress, match=words) as caught:
        address(typed)
    assert "hunter2" not in str(caught.value)
    assert len(typed) < 8 or typed not in str(caught.value)


def test_a_token_travels_in_the_open_only_on_this_machine() -> None:
    assert "plain http" in open_road("http://prometheus:9090")
    assert open_road("http://localhost:9090") == open_road("https://prometheus") == ""
