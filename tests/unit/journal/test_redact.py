"""Secrets and personal data do not reach the disk; what an acknowledge needs does."""

import re
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from oncall_tui.journal.event import Json
from oncall_tui.journal.redact import _PATTERNS, _Pattern, redacted, redacted_text
from tests.unit.journal.helpers import note, opened

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"

SECRETS = {
    "git clone with github_pat_11ABCDEFG0abcdefghij": "git clone with [redacted token]",
    "Authorization: Bearer q7Zk3vM9xW2r": "Authorization: Bearer [redacted token]",
    "authorization: token token=y_NbAkKc66ryYTWUXYEu": "authorization: token token=[redacted token]",
    "Authorization: Basic YWxpY2U6c2VjcmV0": "Authorization: Basic [redacted token]",
    f"cookie jwt {JWT} end": "cookie jwt [redacted token] end",
    "key AKIAIOSFODNN7EXAMPLE leaked": "key [redacted token] leaked",
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG": "aws_secret_access_key = [redacted secret]",
    "slack xoxb-123456789012-abcdefABCDEF": "slack [redacted token]",
    "sntryu_0123456789abcdef0123": "[redacted token]",
    "post to https://hooks.slack.com/services/T00/B00/XXXX": "post to https://hooks.slack.com/[redacted webhook]",
    "postgres://shop:hunter2@db.internal/shop": "postgres://[redacted password]@db.internal/shop",
    "https://x?token=abcdef&page=2": "https://x?token=[redacted secret]&page=2",
    'password: "correct horse"': 'password: "[redacted secret] horse"',
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- and on": "[redacted private key] and on",
    "user alice.martin+shop@example.org cannot pay": "user [redacted e-mail] cannot pay",
    "refund to FR76 3000 6000 0112 3456 7890 189 failed": "refund to [redacted account] failed",
    "GB82WEST12345698765432": "[redacted account]",
    "card 4111 1111 1111 1111 declined": "card [redacted card] declined",
    "card 5500-0000-0000-0004.": "card [redacted card].",
    "client 81.2.69.142:5123 blocked": "client [redacted address]:5123 blocked",
    "from 2a00:1450:4007:80e::200e": "from [redacted address]",
}

KEPT = [
    "checkout 5xx > 1 % on 10.0.3.7:9100",
    "instance 127.0.0.1:9090 and fd12:3456::1 and ::1",
    "released v2.41.0.1 and 2.41.0",
    "at 2026-11-03T03:14:05.678901Z, epoch 1762139645678, 02:14:05",
    "order 4111 1111 1111 1112 is no card",
    "build FR76 3000 6000 0112 3456 7890 188 is no account",
    "mac 00:1b:44:11:3a:b7",
    "Basic authentication failed, token expired, bearer of bad news",
    "https://runbooks.example.org/checkout@night",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "ask @alice in #incident-sre",
]


@pytest.mark.parametrize(("text", "expected"), SECRETS.items())
def test_a_secret_is_replaced_by_what_it_was(text: str, expected: str) -> None:
    assert redacted_text(text) == (expected, 1)


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_like_one_is_kept(text: str) -> None:
    assert redacted_text(text) == (text, 0)


def test_all_of_a_payload_is_searched_and_the_redactions_are_counted() -> None:
    payload = redacted(
        {
            "text": "alice@example.org and bob@example.org",
            "details": {"labels": ["81.2.69.142", {"note": "fine"}], "api_key": "tiny", "retries": 3},
            "redactions": 2,
        }
    )
    assert payload == {
        "text": "[redacted e-mail] and [redacted e-mail]",
        "details": {"labels": ["[redacted address]", {"note": "fine"}], "api_key": "[redacted secret]", "retries": 3},
        "redactions": 6,
    }


def test_a_payload_without_secrets_has_no_count() -> None:
    assert redacted({"text": "fine", "n": None}) == {"text": "fine", "n": None}


def test_ids_are_kept_though_they_look_like_a_card() -> None:
    payload: dict[str, Json] = {
        "target": "4111111111111111",
        "alert": "sentry/4111111111111111",
        "records": ["pd/4111111111111111"],
    }
    assert redacted(payload) == payload


pieces = st.sampled_from([*SECRETS, *SECRETS.values(), *KEPT, "token=", "[redacted ", "://", "@", "[", "]"])


@settings(deadline=None)
@given(st.lists(pieces, max_size=6).map(" ".join))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once, _ = redacted_text(text)
    assert redacted_text(once) == (once, 0)


@settings(deadline=None)
@given(st.lists(st.sampled_from(KEPT), min_size=1, max_size=3), st.sampled_from(sorted(SECRETS)))
def test_no_surrounding_hides_a_secret(kept: list[str], secret: str) -> None:
    _, count = redacted_text("\n".join([*kept, secret, *kept]))
    assert count == 1


@pytest.mark.parametrize(
    "piece", ["a.", "1 ", "eyJ-", "a://", "password", "-----BEGIN PRIVATE KEY-----", "@a.", "FR76 ", "0:"]
)
def test_hostile_text_takes_time_in_proportion_to_its_length(piece: str) -> None:
    started = process_time()
    redacted_text(piece * (200_000 // len(piece)))
    assert process_time() - started < 30, "an expression that looks back over the whole text takes minutes here"


def test_a_secret_never_reaches_the_file(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with opened(path) as journal:
        (kept,) = journal.append("a", [note("postgres://shop:hunter2@db/shop, ask alice@example.org")])
        assert kept.payload["redactions"] == 2
        assert journal.read("a") == (kept,)
        written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert re.search(rb"redacted password", written)
    assert not re.search(rb"hunter2|alice@", written)


ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
CARD = re.compile(r"(?<![\w.-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w-])")


@given(st.text("AZ09245 .-_é\n", max_size=60))
def test_the_quick_expressions_find_what_the_plain_ones_do(text: str) -> None:
    quick = {one.what: one.expression for one in _PATTERNS}
    for plain, what in ((ACCOUNT, "account"), (CARD, "card")):
        assert [met.span() for met in quick[what].finditer(text)] == [met.span() for met in plain.finditer(text)]


@pytest.mark.parametrize(
    "one", [one for one in _PATTERNS if one.needles], ids=lambda one: f"{one.what} {one.needles[0]}"
)
@settings(max_examples=15)
@given(st.data())
def test_every_match_holds_a_needle(one: _Pattern, data: DataObject) -> None:
    text = data.draw(st.from_regex(one.expression, alphabet=st.characters(codec="ascii")))
    assert not one.expression.search(text) or any(needle in text.casefold() for needle in one.needles)
