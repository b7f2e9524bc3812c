"""Whose page it is, in words; and the reports that say whose was taken."""

from dataclasses import replace

import pytest

from oncall_tui.domain.ids import AlertId
from oncall_tui.domain.verb import Verb
from oncall_tui.domain.whose import page_of
from oncall_tui.response.report import ActReport, Outcome, with_holders
from tests.unit.builders import PAGERDUTY, alert, record


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), ""),
        (("Ana",), "Ana's page"),
        (("Ana", "Ben"), "the page of Ana and Ben"),
        (("Ana", "Ben", "Cy"), "the page of Ana and 2 others"),
    ],
)
def test_in_words(names: tuple[str, ...], words: str) -> None:
    assert page_of(names) == words


THEIRS = alert(replace(record(PAGERDUTY, "Q1"), assigned_to=("Ana",)))
MINE = alert(replace(record(PAGERDUTY, "Q2"), assigned_to=("Ana", "Me"), is_mine=True))


@pytest.mark.parametrize(
    ("verb", "outcome", "one", "taken"),
    [
        (Verb.ACKNOWLEDGE, Outcome.CONFIRMED, THEIRS, ("Ana",)),
        (Verb.ACKNOWLEDGE, Outcome.CONFIRMED, MINE, ()),
        (Verb.ACKNOWLEDGE, Outcome.ALREADY, THEIRS, ()),
        (Verb.ACKNOWLEDGE, Outcome.FAILED, THEIRS, ()),
        (Verb.NOTE, Outcome.CONFIRMED, THEIRS, ()),
    ],
)
def test_only_what_was_taken_is_told(verb: Verb, outcome: Outcome, one: object, taken: tuple[str, ...]) -> None:
    known = {THEIRS.id: THEIRS, MINE.id: MINE}
    asked = THEIRS if one is THEIRS else MINE
    (told,) = with_holders([ActReport(asked.id, "t", outcome, verb=verb)], known.get)
    assert told.taken_from == taken


def test_a_report_of_nothing_known_stays_as_it_is() -> None:
    one = ActReport(AlertId("gone"), "t", Outcome.CONFIRMED)
    assert with_holders([one], lambda _: None) == [one]
