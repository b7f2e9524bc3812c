"""Values out of foreign JSON: cleaned, typed, forgiving where a field is optional."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.text import clean
from oncall_tui.sources.values import (
    block,
    first_line,
    identity,
    line,
    mapping,
    moment,
    number,
    objects,
    read_each,
    web_address,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_no_json_breaks_a_value_and_no_text_comes_out_uncleaned(value: Any) -> None:
    for text in (line(value), block(value), first_line(value, value), web_address(value) or ""):
        assert clean(text) == text
    assert isinstance(mapping(value).get("x", 0), object)
    assert all(isinstance(one, dict) for one in objects(value))
    found = moment(value)
    assert found is None or found.tzinfo is UTC
    assert number(value) is None or isinstance(number(value), int)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T02:30:00Z", datetime(2026, 11, 20, 2, 30, tzinfo=UTC)),
        ("2026-11-20T02:30:00.123456+02:00", datetime(2026, 11, 20, 0, 30, 0, 123_456, tzinfo=UTC)),
        ("2026-11-20T02:30:00", datetime(2026, 11, 20, 2, 30, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("soon", None),
        (1_763_600_000, None),
        (None, None),
    ],
)
def test_a_moment_is_in_utc_or_none(text: Any, expected: datetime | None) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", "file:///etc/passwd", "//host/x", "http://", "http://a b", "http://[", "", None]
)
def test_only_web_addresses_may_be_opened(value: Any) -> None:
    assert web_address(value) is None
    assert web_address("https://ci.example/1?x=y#z") == "https://ci.example/1?x=y#z"


@pytest.mark.parametrize("value", [None, "", " P1", "P\n1", "P\u202e1", True, 1.5, [], "x" * 300])
def test_an_id_that_could_not_be_sent_back_is_none(value: Any) -> None:
    with pytest.raises(ValueError):
        identity(value)
    assert (identity("P1"), identity(7)) == ("P1", "7")


@pytest.mark.parametrize(
    ("value", "expected"), [("214", 214), (88, 88), (1e400, None), ("many", None), (True, None), (None, None)]
)
def test_numbers_may_be_text(value: Any, expected: int | None) -> None:
    assert number(value) == expected


def test_what_cannot_be_read_is_counted_and_nothing_at_all_is_an_error() -> None:
    found: list[dict[str, Any]] = [{"n": 1}, {}, {"n": 2}]
    assert read_each(found, lambda one: one["n"]) == ((1, 2), 1)
    assert read_each(found[:0], lambda one: one["n"]) == ((), 0)
    with pytest.raises(ValueError, match="none of 2"):
        read_each([found[1], found[1]], lambda one: one["n"])
