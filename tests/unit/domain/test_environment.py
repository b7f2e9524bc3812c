"""Environments in the spellings that tools use."""

import pytest

from oncall_tui.domain.environment import (
    are_apart,
    are_different_stages,
    are_several,
    canonical_environment,
    may_be_one_environment,
    short_environment,
)


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("prod", "production"),
        ("Production", "production"),
        ("Prod-EU", "production-eu"),
        ("production_eu", "production-eu"),
        ("stg", "staging"),
        ("qa 2", "qa-2"),
        ("", ""),
        ("--", ""),
    ],
)
def test_one_spelling(name: str, canonical: str) -> None:
    assert canonical_environment(name) == canonical


def test_what_is_not_told_may_be_anywhere() -> None:
    assert may_be_one_environment("", "production")
    assert may_be_one_environment("prod", "PRODUCTION")
    assert not may_be_one_environment("prod-eu", "prod-us")
    assert not may_be_one_environment("prod", "staging")


def test_only_known_stages_are_surely_different() -> None:
    assert are_different_stages("prod-eu", "staging")
    assert not are_different_stages("prod-eu", "production")
    assert not are_different_stages("blue", "staging")
    assert not are_different_stages("", "staging")


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("prod-eu", "prod-us", True),
        ("prod-eu", "production", False),
        ("Production_EU", "prod-eu", False),
        ("prod", "staging", True),
        ("blue", "green", False),
        ("", "prod", False),
        ("", "", False),
        ("eu", "prod-us", False),
    ],
)
def test_two_parts_of_one_stage_are_apart(one: str, other: str, apart: bool) -> None:
    assert are_apart(one, other) is are_apart(other, one) is apart


@pytest.mark.parametrize(
    ("names", "several"),
    [([], False), (["", "prod"], False), (["prod", "Production", ""], False), (["prod", "staging"], True)],
)
def test_several_are_more_than_one_in_any_spelling(names: list[str], several: bool) -> None:
    assert are_several(names) is several


@pytest.mark.parametrize(
    ("name", "short"), [("production_eu", "prod-eu"), ("STAGING", "stg"), ("blue", "blue"), ("", "")]
)
def test_in_few_cells(name: str, short: str) -> None:
    assert short_environment(name) == short
