"""Output of programs made safe, however it is cut into pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.text import clean
from oncall_tui.runbook.process.screening import HELD, LONGEST_LINE, Screening, redactor


def _screened(data: bytes, size: int, secrets: tuple[str, ...] = ()) -> str:
    screening = Screening(redactor(secrets))
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return "".join(screening.feed(one) for one in pieces) + screening.feed(b"", is_last=True)


HOSTILE = (
    b"plain\n",
    b"\x1b[31mred\x1b[0m\n",
    b"\x1b]52;c;Y3VybCBldmls\x07after\n",
    b"\x1b]0;title\x1b\\after\n",
    b"\x1bP$q\x1b\\x\n",
    b"\x1b[2J\x1b[H\x1b[?1049h gone\n",
    b"\x1bc\x1b7\x1b(0line\n",
    b"\x9b31mC1\xc2\x9b1mC1 in UTF-8\n",
    "é ü 日本 🧯\n".encode(),
    b"\xff\xfe broken \xc3\n",
    b"50 %\r60 %\r70 %\r\n",
    b"a\x00b\x08c\x7f\n",
    "\u202eevil\u200b\n".encode(),
    b"\x1b",
    b"\x1b[",
    b"\x1b]52;c;never ends",
)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 4096])
@pytest.mark.parametrize("data", HOSTILE)
def test_nothing_that_steers_a_terminal_is_left_whatever_the_pieces(data: bytes, size: int) -> None:
    text = _screened(data, size)
    assert clean(text, 100_000) == text
    assert "\x1b" not in text
    assert text == _screened(data, 100_000)


def test_colours_are_dropped_and_other_sequences_leave_a_mark() -> None:
    assert _screened(b"\x1b[1;31mred\x1b[0m and \x1b[5Amoved\n", 3) == "red and \ufffdmoved\n"


def test_a_clipboard_sequence_shows_nothing_of_its_content() -> None:
    assert "Y3Vyb" not in _screened(b"a\x1b]52;c;Y3VybCBldmls\x07b\n", 4)


def test_a_line_that_is_drawn_over_is_several_lines() -> None:
    assert _screened(b"50 %\r60 %\r\ndone\n", 5) == "50 %\n60 %\ndone\n"


@given(st.binary(max_size=400), st.integers(1, 50))
def test_any_bytes_in_any_pieces_come_out_clean(data: bytes, size: int) -> None:
    text = _screened(data, size)
    assert clean(text, 100_000) == text


@pytest.mark.parametrize("size", [1, 3, 10, 4096])
@pytest.mark.parametrize(
    "printed",
    [
        "password is hunter2hunter2 ok\n",
        "Authorization: Bearer abcdef1234567890abcdef\n",
        "postgres://app:s3cr3t@db/app\n",
        "key AKIAIOSFODNN7EXAMPLE here\n",
        "url ?k=hunter2%2Fhunter2\n",
        "col\x1b[1mhun\x1b[0mter2hunter2\n",
    ],
)
def test_a_secret_never_comes_out_whatever_the_pieces(printed: str, size: int) -> None:
    text = _screened(printed.encode(), size, ("hunter2hunter2", "hunter2/hunter2"))
    for secret in ("hunter2", "abcdef1234567890", "s3cr3t", "AKIAIOSFODNN7EXAMPLE"):
        assert secret not in text
    assert "[redacted" in text


def test_a_secret_across_the_border_of_a_line_that_does_not_end_is_seen() -> None:
    secret = "swordfish-swordfish"
    for before in range(LONGEST_LINE - 30, LONGEST_LINE + 5):
        screening = Screening(redactor([secret]))
        line = b"x" * before + secret.encode() + b"y" * HELD
        text = screening.feed(line[: before + 7]) + screening.feed(line[before + 7 :])
        text += screening.feed(b"", is_last=True)
        assert secret not in text
        assert text.count("[redacted secret]") == 1


def test_a_line_that_does_not_end_is_let_go_of_in_pieces() -> None:
    screening = Screening(redactor([]))
    shown = [screening.feed(b"x" * 10_000) for _ in range(10)]
    assert sum(map(len, shown)) >= 100_000 - LONGEST_LINE
    assert sum(map(len, shown)) + len(screening.feed(b"", is_last=True)) == 100_000


def test_the_lines_of_a_private_key_are_one_mark() -> None:
    key = "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----\nb\n"
    assert _screened(key.encode(), 9) == "a\n[redacted private key]\nb\n"


def test_a_key_that_never_ends_hides_no_more_than_a_key_is_long() -> None:
    text = _screened(b"-----BEGIN PRIVATE KEY-----\n" + b"line\n" * 400, 1000)
    assert text.count("line\n") > 150


def test_every_line_of_a_secret_of_several_lines_is_hidden() -> None:
    secret = "first-half-of-it\nsecond-half-of-it"
    assert _screened(b"x second-half-of-it\n", 4, (secret,)) == "x [redacted secret]\n"


def test_every_character_of_ascii_comes_out_as_cleaning_makes_it() -> None:
    for number in range(128):
        if chr(number) not in "\x1b\r":  # A sequence, and the end of a line.
            assert _screened(b"a" + bytes([number]) + b"b\n", 100) == clean(f"a{chr(number)}b\n")
