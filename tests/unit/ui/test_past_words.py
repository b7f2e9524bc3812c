"""Pages per day as bars, and histories in words."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from textual.content import Content

from oncall_tui.domain.history import Ending, Firing, History, PastNote, SameBy
from oncall_tui.domain.pages import Night, Notification, PageLog
from oncall_tui.ui.knowing import Told
from oncall_tui.ui.present import history, oncall, page_chart
from tests.ui.rota import PAST, log, staffed
from tests.unit.builders import NOW, before

NIGHT = Night()


def chart(pages: PageLog, days: int = 14, width: int = 100) -> list[str]:
    return page_chart.chart(pages, days, NOW, NIGHT, width).plain.splitlines()


def styles(content: Content, text: str) -> list[str]:
    """The styles of every piece that holds ``text``."""
    return [str(span.style) for span in content.spans if text in content.plain[span.start : span.end]]


def test_a_page_is_a_row_high_until_there_are_more_than_three() -> None:
    lines = chart(log())
    assert [line.count("██") for line in lines[1:4]] == [1, 1, 2]
    crowd = PageLog(before(60 * 24 * 20), NOW, tuple(Notification(str(n), before(n)) for n in range(12)))
    assert [line.count("██") for line in chart(crowd)[1:4]] == [1, 1, 1]


def test_only_as_many_days_as_there_is_room_for_and_the_totals_are_of_all() -> None:
    lines = chart(log(), 14, width=9 + 4 * 5)
    assert len(lines[-1].split()) == 1 + 5
    assert lines[0].startswith("4 pages in 14 days")


def test_nights_have_a_colour_of_their_own_and_numbers_too() -> None:
    drawn = page_chart.chart(log(), 14, NOW, NIGHT, 100)
    assert {"$accent", "$line-2"} <= set(styles(drawn, "██"))
    assert "22-07" in drawn.plain


def test_too_many_pages_a_day_stand_out() -> None:
    crowd = PageLog(before(60 * 24 * 20), NOW, tuple(Notification(str(n), before(60 * 24 + n)) for n in range(200)))
    drawn = page_chart.chart(crowd, 14, NOW, NIGHT, 100)
    assert styles(drawn, "a day") == ["$warning"]
    assert styles(page_chart.chart(log(), 14, NOW, NIGHT, 100), "a day") == ["$foreground"]


def test_a_single_page_in_a_single_day() -> None:
    one = PageLog(before(60 * 24 * 3), NOW, (Notification("A", before(60 * 20)),))
    assert chart(one, 2)[0] == "1 page in 2 days, 1.0 a day, 1 at night, 0 yours"


def told(past: History, now: datetime = NOW) -> str:
    return history.sentence(past, now).plain


def test_the_sentence() -> None:
    assert told(PAST) == (
        "fired twice in the 30 days before, last 2 days ago for 14 min, resolved by Ana\nnote: rolled back v2.40.8"
    )


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (Ending.OPEN, "still open"),
        (Ending.BY_ITSELF, "resolved by itself"),
        (Ending.MERGED, "merged into another incident"),
        (Ending.UNKNOWN, "it is not known how it ended"),
        (Ending.BY_SOMEBODY, "resolved by somebody"),
    ],
)
def test_every_ending_has_words(ending: Ending, words: str) -> None:
    one = Firing("Q1", "t", before(90), before(60), ending)
    assert words in told(replace(PAST, firings=(one,)))
    assert words in history.listing(replace(PAST, firings=(one,)), NOW).plain


def test_what_is_not_sure_is_said() -> None:
    doubtful = replace(PAST, same_by=SameBy.TITLE, is_cut=True)
    assert "fired at least twice in the 30 days before (by title and service)" in told(doubtful)
    none = replace(doubtful, firings=())
    assert told(none) == "Not once in the 30 days before this time (by title and service)."


def test_an_older_note_says_of_when_it_is() -> None:
    newest, *rest = PAST.firings
    older = replace(rest[0], note=PastNote("restarted\nworker", "Ben"))
    assert "note (20 days ago): restarted worker" in told(replace(PAST, firings=(replace(newest, note=None), older)))


def test_an_old_answer_stays_beside_the_reason_for_no_newer_one() -> None:
    both = history.pane(Told(PAST, NOW, NOW, trouble="no answer"), NOW, "H").plain
    assert "It could not be looked up: no answer" in both
    assert "fired twice" in both
    assert history.pane(Told(), NOW, "").plain == "HISTORY  not asked for yet"


def test_shifts_without_an_end_and_several_people_on_a_level() -> None:
    first = staffed().shifts[0]
    always = replace(first, since=None, until=None)
    other = replace(always, user="Zoe", is_me=False)
    text = oncall.oncall(replace(staffed(), shifts=(always, other), my_next=None), NOW, 120).plain
    assert "You are on call for Pay, level 1, without an end." in text
    assert "You have no other shift in the next 90 days." in text
    line = next(one for one in text.splitlines() if " 1  you" in one)
    assert "you +1" in line and "always" in line


def test_a_day_ahead_names_its_date_once_the_weekday_would_not_do() -> None:
    far = replace(staffed().shifts[0], until=NOW + timedelta(days=7))
    text = oncall.oncall(replace(staffed(), shifts=(far,)), NOW, 120).plain
    assert "until Sat 28 Nov 02:14" in text
