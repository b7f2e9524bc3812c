"""Everything that a vendor, or what lies between, may do wrong: one row each, with what the engineer must be told.

``docs/guarantees.md`` has a row for every one of them.
"""

from datetime import timedelta
from email.utils import format_datetime

from tests.contract.gate import answering, flooding, silent, trickling
from tests.contract.making import (
    HEAD,
    HTML,
    MIB,
    answered,
    bomb,
    certified,
    chunk,
    clock_off,
    cut_off,
    half_pairs,
    hollow,
    led_away,
    led_on,
    like,
    new_words,
    plain,
    refused,
    retyped,
    scripted,
    stacked_bomb,
    swapped,
    unknown_name,
    waits_with_clock_ahead,
)
from tests.contract.stage import ELSEWHERE, SHORT_S, Fault
from tests.contract.vendor_server import NOW, page, redirect, status

_SHAPE = ("malformed", (), ("url",))
_WAIT_37 = {"Retry-After": "37"}
_WAIT_DATE = {"Retry-After": format_datetime(NOW + timedelta(seconds=120), usegmt=True)}
_LONG = 50 * MIB

NETWORK = (
    Fault("refused", refused, "unreachable", ("refuses the connection",), ("VPN", "`url`")),
    Fault(
        "unknown-name",
        unknown_name,
        "unreachable",
        ("nobody knows the name",),
        ("VPN", "`url`"),
        host=ELSEWHERE,
        settings={"allow_insecure": True},
    ),
    Fault("reset", scripted(answering(is_reset=True)), "unreachable", ("broke off",), ("asked again by itself",)),
    Fault(
        "reset-half-way",
        scripted(answering(HEAD + b'Content-Length: 9000\r\n\r\n{"status": "succ', is_reset=True)),
        "unreachable",
        ("broke off",),
        ("asked again by itself",),
    ),
    Fault("no-answer", scripted(answering()), "unreachable", ("broke off",), ("asked again by itself",)),
    Fault(
        "closed-half-way",
        scripted(answering(HEAD + b'Content-Length: 9000\r\n\r\n{"status": "succ')),
        "unreachable",
        ("broke off",),
        ("asked again by itself",),
    ),
    Fault(
        "not-http",
        scripted(answering(b"-ERR unknown command 'GET'\r\n\r\n")),
        "malformed",
        ("not HTTP",),
        ("port", "`url`"),
    ),
    Fault("silent", scripted(silent), "timed out", ("did not answer within 0.25 s",), ("`timeout`",), is_timed=True),
    Fault(
        "one-byte-a-second",
        scripted(trickling(HEAD + b"Content-Length: 9000\r\n\r\n", SHORT_S / 10)),
        "timed out",
        ("did not finish its answer within 0.5 s",),
        ("`timeout`",),
        is_timed=True,
    ),
    Fault(
        "one-byte-of-the-head-a-second",
        scripted(trickling(b"HTTP/1.1 200 OK\r\nX-Slow: ", SHORT_S / 10)),
        "timed out",
        ("did not finish its answer within 0.5 s",),
        ("`timeout`",),
        is_timed=True,
    ),
)

TLS = (
    Fault("self-signed", certified("self-signed"), "unreachable", ("TLS", "self-signed"), ("`ca_file`",), is_tls=True),
    Fault(
        "wrong-host", certified("for another host"), "unreachable", ("TLS", "mismatch"), ("another host",), is_tls=True
    ),
    Fault("expired", certified("expired"), "unreachable", ("TLS", "expired"), ("renew", "clock"), is_tls=True),
    Fault("not-yet-valid", certified("not yet valid"), "unreachable", ("TLS", "not yet valid"), ("NTP",), is_tls=True),
    Fault("plain-http", plain, "unreachable", ("TLS",), ("plain http", "`url`"), is_tls=True),
)

STATUSES = (
    Fault("401", answered(status(401)), "unauthorised", ("does not accept the credential (401)",), ("`token`",)),
    Fault("403", answered(status(403)), "unauthorised", ("does not allow this (403)",), ("scope",)),
    Fault("404", answered(status(404)), "refused", ("answered 404",), ("`url`",)),
    Fault("429", answered(status(429)), "rate limited", ("asks to wait (429)",), ("`interval`",)),
    Fault(
        "429-seconds",
        answered(status(429, _WAIT_37)),
        "rate limited",
        ("asks to wait for 37 s",),
        ("`interval`",),
        retry_after=37,
    ),
    Fault(
        "429-date",
        answered(status(429, _WAIT_DATE)),
        "rate limited",
        ("asks to wait for 120 s",),
        ("`interval`",),
        retry_after=120,
    ),
    Fault("429-date-clock-ahead", waits_with_clock_ahead, "rate limited", ("wait for 120 s",), retry_after=120),
    Fault("500", answered(status(500)), "refused", ("answered 500",), ("fault of its own",)),
    Fault("502-html", answered(status(502, body=HTML)), "refused", ("answered 502.",), ("proxy",)),
    Fault(
        "500-fifty-megabytes",
        scripted(flooding(b"HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n", chunk(b"oh no " * 200_000), 45)),
        "refused",
        ("answered 500",),
        ("fault of its own",),
    ),
    Fault("503", answered(status(503, _WAIT_37)), "refused", ("answered 503",), ("overloaded",), retry_after=37),
)

BODIES = (
    Fault("login-page", answered(page()), "malformed", ("web page instead of data",), ("login", "`url`")),
    Fault("empty-body", answered(status(200, body="")), "malformed", ("answered with nothing",), ("`url`",)),
    Fault("truncated-json", cut_off, "malformed", ("not JSON",), ("cut off",)),
    Fault("deep-json", answered(status(200, body="[" * 200_000)), *_SHAPE),
    Fault("another-shape", like(swapped), *_SHAPE),
    Fault("null", like(lambda answer: None), *_SHAPE),
    Fault("a-number", like(lambda answer: 7), *_SHAPE),
    Fault("wrong-types-inside", like(retyped), *_SHAPE),
    Fault("null-inside", like(hollow), *_SHAPE),
    Fault("unknown-words", like(new_words)),
    Fault("half-surrogates", half_pairs, shows="\ufffd|\ufffd\U0001f600"),
    Fault(
        "fifty-megabytes",
        scripted(flooding(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunk(b"[1," + b"1," * 500_000), 50)),
        "malformed",
        ("longer than 32 MiB",),
        ("Narrow",),
    ),
    Fault(
        "fifty-megabytes-announced",
        scripted(flooding(HEAD + f"Content-Length: {_LONG}\r\n\r\n".encode(), b"[1," + b"1," * 500_000, 50)),
        "malformed",
        ("longer than 32 MiB",),
        ("Narrow",),
    ),
    Fault("bomb", scripted(answering(bomb())), "malformed", ("longer than 32 MiB",), ("Narrow",)),
    Fault("bomb-in-a-bomb", scripted(answering(stacked_bomb())), "malformed", ("packed",), ("proxy",)),
    Fault(
        "broken-packing",
        scripted(answering(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello")),
        "malformed",
        ("cannot be unpacked",),
        ("damaged",),
    ),
)

ELSEWISE = (
    Fault("led-away", led_away, "refused", ("sends us to localhost; the token stays here",), ("login", "`url`")),
    Fault("led-on", answered(led_on)),
    Fault("led-in-circles", answered(redirect("/round")), "refused", ("round in circles",), ("`url`",)),
    Fault("clock-ahead", clock_off(1), says=("60 min ahead of", "wrong by as much", "NTP")),
    Fault("clock-behind", clock_off(-1), says=("60 min behind", "wrong by as much", "NTP")),
)

FAULTS = NETWORK + TLS + STATUSES + BODIES + ELSEWISE
