"""Foreign JSON with letters that no text can hold."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.ids import SourceName
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Malformed
from oncall_tui.sources.json_text import decoded, decoded_as, told, whole

_CONNECTION = Connection(SourceName("pd"), "https://pd.example.com")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r"plain", "plain"),
        (r"\ud83d\ude00", "\U0001f600"),
        (r"\uD83D\uDE00", "\U0001f600"),
        (r"\ud83d", "\ufffd"),
        (r"\ude00", "\ufffd"),
        (r"\ude00\ud83d", "\ufffd\ufffd"),
        (r"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
        (r"\ud83d\ude00\ude00", "\U0001f600\ufffd"),
        (r"\ud83d\n", "\ufffd\n"),
        (r"\\ud83d", r"\ud83d"),
        (r"\\\ud83d", "\\\ufffd"),
        (r"\u00e9\ud83d", "\u00e9\ufffd"),
    ],
)
def test_half_pairs_are_replaced_and_whole_ones_kept(text: str, meant: str) -> None:
    body = f'{{"title": "{text}"}}'.encode()
    assert decoded(_CONNECTION, whole(body)) == {"title": meant}


@given(st.text(alphabet=st.sampled_from('\\ud8\ud83d\ude00\U0001f600\n"ac'), max_size=12))
def test_whatever_stands_in_a_text_only_half_pairs_change(text: str) -> None:
    found = decoded(_CONNECTION, whole(json.dumps([text]).encode()))
    meant = json.dumps([text])
    halves = "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in json.loads(meant)[0])
    assert found == [halves]


def test_a_body_without_surrogates_is_the_same_object() -> None:
    body = rb'{"a": "\u00e9 \ud83d\ude00"}'
    assert whole(body) is body


def test_bytes_that_are_no_text_do_not_hide_the_rest() -> None:
    assert decoded(_CONNECTION, b'{"title": "caf\xe9", "id": 1}') == {"title": "caf\ufffd", "id": 1}


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1", b'{"a": "\xe9', b"[" * 200_000, b"nul"])
def test_what_is_not_json_is_malformed_and_names_the_host(body: bytes) -> None:
    with pytest.raises(Malformed, match=r"pd: pd\.example\.com answered with"):
        decoded(_CONNECTION, body)


def test_json_in_another_shape_is_told_apart() -> None:
    numbers = msgspec.json.Decoder(list[int])
    assert decoded_as(_CONNECTION, numbers, b"[1]") == [1]
    with pytest.raises(msgspec.ValidationError):
        decoded_as(_CONNECTION, numbers, b"{}")
    with pytest.raises(msgspec.ValidationError), told(_CONNECTION, b"{}"):
        numbers.decode(b"{}")
    with pytest.raises(Malformed), told(_CONNECTION, b"[1"):
        numbers.decode(b"[1")
