"""Environments in the spellings that tools use."""

import pytest

from oncall_tui.domain.environment import are_different_stages, canonical_environment, may_be_one_environment


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
