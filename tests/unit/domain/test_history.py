"""The times that an alert fired: the last one, how long it lasts as a rule, and clocks that disagree."""

from datetime import timedelta

from oncall_tui.domain.history import Firing, History, PastNote
from tests.unit.builders import NOW, before


def firing(minutes_ago: float, lasted: float | None, note: str = "") -> Firing:
    began = before(minutes_ago)
    ended = None if lasted is None else began + timedelta(minutes=lasted)
    return Firing(f"Q{minutes_ago}", "t", began, ended, note=PastNote(note) if note else None)


def history(*firings: Firing) -> History:
    return History(NOW - timedelta(days=30), NOW, firings)


def test_the_median_is_of_those_that_ended() -> None:
    assert history(firing(10, None), firing(90, 9), firing(300, 20), firing(900, 1)).typical == timedelta(minutes=9)
    assert history(firing(90, 10), firing(300, 20)).typical == timedelta(minutes=15)
    assert history(firing(10, None)).typical is None


def test_the_last_time_and_the_last_that_somebody_wrote_about() -> None:
    told = history(firing(10, 1), firing(90, 9, "rolled back"))
    assert (told.last, told.last_noted) == told.firings
    assert (history().last, history().last_noted) == (None, None)


def test_an_end_before_its_begin_lasted_no_time() -> None:
    assert firing(10, -5).lasted == timedelta(0)
    assert firing(10, None).lasted is None
