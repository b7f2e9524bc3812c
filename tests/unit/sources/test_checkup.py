"""What the checks of all sources share."""

import pytest

from oncall_tui.sources.base import CheckState, Finding, Topic
from oncall_tui.sources.checkup import all_asked, named, some_of, version_finding
from oncall_tui.sources.errors import Refused, Unauthorised, Unreachable

FINE = Finding(CheckState.OK, "Fine.")


async def fine() -> list[Finding]:
    return [FINE]


async def refused() -> list[Finding]:
    raise Refused("No.", "Ask for something else.", 400)


async def broken() -> list[Finding]:
    raise KeyError("a-token-of-theirs")


async def test_one_question_fails_without_the_others() -> None:
    found = await all_asked(fine, refused, broken, fine, vendor="a Prometheus API")
    assert [one.state.value for one in found] == ["ok", "failed", "failed", "ok"]
    assert (found[1].what, found[1].advice) == ("No.", "Ask for something else.")
    assert "KeyError" in found[2].what and "a-token-of-theirs" not in found[2].what
    assert "a Prometheus API" in found[2].advice


@pytest.mark.parametrize(
    ("error", "topic"),
    [(Unreachable("x: down."), Topic.REACHABILITY), (Unauthorised("x: wrong token."), Topic.CREDENTIAL)],
)
async def test_without_an_answer_to_the_first_nothing_else_is_asked(error: Exception, topic: Topic) -> None:
    async def first() -> list[Finding]:
        raise error

    async def never() -> list[Finding]:
        raise AssertionError("asked though nobody answers")

    (finding,) = await all_asked(first, never, vendor="it")
    assert finding.topic is topic


@pytest.mark.parametrize(
    ("version", "oldest", "is_fine"),
    [
        ("2.42.0+ds", (2, 14), True),
        ("2.14.0", (2, 14), True),
        ("2.13.1", (2, 14), False),
        ("1.8.2", (2, 14), False),
        ("v3.1.0", (2, 14), True),
        ("0.36.1", (2, 14), True),
        ("0.21.0", (0, 22), False),
        ("0.22.0", (0, 22), True),
        ("main", (2, 14), True),
    ],
)
def test_a_version_is_held_against_the_oldest_that_will_do(
    version: str, oldest: tuple[int, int], is_fine: bool
) -> None:
    finding = version_finding(version, oldest, "It")
    assert finding.state is (CheckState.OK if is_fine else CheckState.FAILED)
    assert version in finding.what
    assert (f"It {oldest[0]}.{oldest[1]} is needed" in finding.what) is not is_fine


def test_words_for_numbers() -> None:
    assert some_of(1, 1, "target", "has", "have") == "1 target has"
    assert some_of(0, 1, "target", "has", "have") == "0 of 1 target have"
    assert some_of(1, 3, "target", "has", "have") == "1 of 3 targets has"
    assert named(["a", "b", "c"], 2) == "a, b and 1 more"
