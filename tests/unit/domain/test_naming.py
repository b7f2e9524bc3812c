"""Who is meant by a few letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.naming import meant_by, plain

STAFF = {
    "PM": ("Marie Lefort", "marie.lefort@w.example"),
    "PJ": ("Jules Durand", "jules@w.example"),
    "PA": ("André Léger", "andre@w.example"),
    "PN": ("Marie-Noëlle Durand", "mn@w.example"),
    "PX": ("api", ""),
    "PY": ("payments-api", ""),
}


def meant(words: str) -> list[str]:
    return list(meant_by(words, list(STAFF), lambda one: (one, *STAFF[one])))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("PM", ["PM"]),
        ("pm", ["PM"]),
        ("marie.lefort@w.example", ["PM"]),
        ("Marie Lefort", ["PM"]),
        ("  marie   LEFORT ", ["PM"]),
        ("lef", ["PM"]),
        ("lef mar", ["PM"]),
        ("andre leg", ["PA"]),
        ("ANDRÉ", ["PA"]),
        ("durand", ["PJ", "PN"]),
        ("marie", ["PM", "PN"]),
        ("noelle", ["PN"]),
        ("jul dur", ["PJ"]),
        ("efor", ["PM"]),
        ("jlsd", ["PJ"]),
        ("api", ["PX"]),
        ("pay api", ["PY"]),
        ("ap", ["PX", "PY"]),
        ("zz", []),
        ("", []),
        ("   ", []),
        ("mar mar", []),
        ("--", []),
    ],
)
def test_who_is_meant(words: str, found: list[str]) -> None:
    assert meant(words) == found


def test_one_word_is_not_found_twice_in_one_name() -> None:
    assert meant_by("jules jules", ["Jules Durand"], lambda one: (one,)) == ()


@given(st.text(), st.text())
def test_a_name_in_full_means_itself(name: str, other: str) -> None:
    found = meant_by(name, [other, name], lambda one: (one,))
    assert name in found or not plain(name)
    assert all(plain(one) == plain(name) for one in found)
