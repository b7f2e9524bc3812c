"""Whatever a vendor answers or the network does becomes words for the engineer, and never holds a token."""

import socket
import ssl
from datetime import UTC, datetime

import pytest

from oncall_tui.config.secrets import Secret
from oncall_tui.domain.ids import SourceName
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.credentials import bearer
from oncall_tui.sources.failures import reason_of, refusal, retry_after, unreachable

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
TOKEN = "u+AbC/dEf-123456789"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(111, "x"), "refuses the connection"),
        (socket.gaierror(-2, "x"), "nobody knows the name"),
        (ConnectionResetError(104, "x"), "broke off"),
        (ssl.SSLCertVerificationError(1, "self-signed certificate"), "TLS"),
        (OSError(113, "No route to host"), "No route to host"),
        (ExceptionGroup("x", [ConnectionRefusedError(111, "x")]), "refuses the connection"),
    ],
)
def test_the_cause_is_found_however_deep_it_lies(error: Exception, words: str) -> None:
    wrapped = RuntimeError("outer", OSError("middle"))
    wrapped.__cause__ = error
    assert words in str(unreachable("prom", "host", wrapped))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"status":"error","error":"parse error: x"}', "parse error: x"),
        (b'{"error":{"message":"Invalid Input","errors":["Status is bad","b"]}}', "Invalid Input: Status is bad; b"),
        (b'{"detail":"You do not have permission."}', "You do not have permission"),
        (b'"bad matcher"', "bad matcher"),
        (b"plain words\n", "plain words"),
        (b"<html>no</html>", ""),
        (b"[]", ""),
        (b"", ""),
        (b'{"error":{"error":{"error":{"error":{"error":"deep"}}}}}', ""),
    ],
)
def test_the_vendors_reason_is_found(body: bytes, reason: str) -> None:
    assert reason_of(body) == reason


@pytest.mark.parametrize(
    "body",
    [
        b'{"error": "refused: Bearer u+AbC/dEf-123456789"}',
        b'{"error": "refused: Bearer u\\u002bAbC\\/dEf\\u002d123456789"}',
        b"refused: u+AbC/dEf-123456789",
        b"u+AbC/dEf-123456789 " * 60,
    ],
)
def test_a_token_that_an_answer_repeats_is_not_told_however_it_is_written(body: bytes) -> None:
    connection = Connection(SourceName("vendor"), "https://vendor.example", credential=bearer(Secret(TOKEN)))
    error = refusal(connection, 500, {}, body, NOW)
    assert "u+AbC" not in f"{error} {error.hint}"
    assert "***" in str(error)


def test_retry_after_takes_the_first_header_that_says_something() -> None:
    assert retry_after({"retry-after": "x", "ratelimit-reset": "3"}, NOW) == 3
    assert retry_after({"retry-after": "1e12"}, NOW) == 86_400
