"""Silenced and inhibited are told of an alert whoever holds it, and change nothing of its status."""

from dataclasses import replace
from datetime import datetime

import pytest

from oncall_tui.domain.alert import Alert, Record, Status
from oncall_tui.domain.correlate import correlate
from oncall_tui.domain.filtering import read_filter
from oncall_tui.domain.ids import SourceName, record_ref
from oncall_tui.domain.muting import Muting, in_words, is_inhibited, is_silenced, muting_by, muting_of
from oncall_tui.domain.query import matching
from oncall_tui.domain.tally import tally_of
from oncall_tui.journal.views import LocalAcknowledgement
from oncall_tui.response.local import with_local_acknowledgements
from tests.unit.builders import ALERTMANAGER, NOW, PAGERDUTY, PROMETHEUS, SENTRY, before, key, record

KEYS = (key("k"),)
UNTIL = before(-93)
HEARD = record(ALERTMANAGER, "f2", keys=KEYS)
MUTED = replace(
    record(ALERTMANAGER, "f1", status=Status.SILENCED, keys=KEYS),
    silence_ids=("s1",),
    silenced_by="ops",
    silenced_until=UNTIL,
)
UNREAD = replace(MUTED, id="f4", ref=record_ref(ALERTMANAGER, "f4"), silenced_by=None, silenced_until=None)
INHIBITED = replace(record(ALERTMANAGER, "f3", status=Status.SILENCED, keys=KEYS, note="inhibited"), is_inhibited=True)
BOTH = replace(MUTED, is_inhibited=True)
PAGE = record(PAGERDUTY, "Q1", keys=KEYS)
TAKEN = record(PAGERDUTY, "Q1", keys=KEYS, status=Status.ACKNOWLEDGED, acknowledged_by="Ann", acknowledged_at=NOW)
SEEN = record(PROMETHEUS, "f1", keys=KEYS)
ISSUE = record(SENTRY, "7", keys=KEYS)


def one(*records: Record) -> Alert:
    (found,) = correlate(records)
    return found


def longer(until: datetime, by: str) -> Record:
    eu = SourceName("alertmanager-eu")
    return replace(record(eu, "f1", status=Status.SILENCED, keys=KEYS), silenced_until=until, silenced_by=by)


@pytest.mark.parametrize(
    ("records", "status", "words"),
    [
        ([MUTED, SEEN], Status.SILENCED, "silenced until 03:47 by ops"),
        ([PAGE, MUTED, SEEN], Status.FIRING, "silenced until 03:47 by ops"),
        ([TAKEN, MUTED], Status.ACKNOWLEDGED, "silenced until 03:47 by ops"),
        ([PAGE, INHIBITED, SEEN], Status.FIRING, "inhibited"),
        ([INHIBITED], Status.SILENCED, "inhibited"),
        ([PAGE, BOTH], Status.FIRING, "silenced until 03:47 by ops, inhibited"),
        ([PAGE, UNREAD], Status.FIRING, "silenced"),
        ([PAGE, MUTED, HEARD], Status.FIRING, "1 of 2 silenced until 03:47 by ops"),
        ([INHIBITED, HEARD], Status.FIRING, "1 of 2 inhibited"),
        ([MUTED, longer(before(-600), "eve")], Status.SILENCED, "silenced until 03:47 by ops"),
        ([MUTED, longer(before(-5), "eve")], Status.SILENCED, "silenced until 02:19 by eve"),
        ([MUTED, ISSUE], Status.FIRING, "silenced until 03:47 by ops"),
        ([replace(ISSUE, status=Status.SILENCED)], Status.SILENCED, "silenced"),
    ],
)
def test_what_mutes_it_is_told_beside_the_status_that_the_pager_gives(
    records: list[Record], status: Status, words: str
) -> None:
    alert = one(*records)
    muting = muting_of(alert)
    assert alert.status is status
    assert muting is not None
    assert in_words(muting, NOW) == words


@pytest.mark.parametrize("records", [[PAGE], [TAKEN, SEEN], [HEARD, SEEN, ISSUE], [PAGE, HEARD]])
def test_what_is_heard_is_not_muted(records: list[Record]) -> None:
    assert muting_of(one(*records)) is None
    assert not is_silenced(one(*records)) and not is_inhibited(one(*records))


def test_a_page_says_nothing_of_silences() -> None:
    assert muting_by((PAGE,)) is None
    assert muting_by((INHIBITED,)) == Muting(is_silenced=False, is_inhibited=True)


def test_an_acknowledge_here_only_hides_no_silence() -> None:
    ack = LocalAcknowledgement(frozenset({MUTED.ref}), "user:root", NOW)
    (taken,) = with_local_acknowledgements([one(MUTED, SEEN)], [ack], NOW)
    assert (taken.status, taken.is_acknowledged_here_only) == (Status.ACKNOWLEDGED, True)
    assert muting_of(taken) == Muting(True, False, "ops", UNTIL)
    assert matching([taken], read_filter("is:silenced"), NOW) == (taken,)
    assert tally_of([taken]).silenced == 1


FOUND = {
    "paged": one(PAGE, MUTED),
    "taken": one(TAKEN, MUTED),
    "both": one(BOTH),
    "inhibited": one(INHIBITED, SEEN),
    "partly": one(MUTED, HEARD),
    "heard": one(PAGE, HEARD),
}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("is:silenced", ["paged", "taken", "both"]),
        ("silenced", ["paged", "taken", "both", "inhibited"]),
        ("-is:silenced", ["inhibited", "partly", "heard"]),
        ("is:inhibited", ["both", "inhibited"]),
        ("is:silenced,inhibited", ["paged", "taken", "both", "inhibited"]),
        ("status:firing is:silenced", ["paged"]),
        ("status:firing", ["paged", "partly", "heard"]),
        ("status:silenced", ["both", "inhibited"]),
        ("by:ops", ["paged", "taken", "both", "partly"]),
    ],
)
def test_filters_find_it_whatever_its_status(text: str, names: list[str]) -> None:
    assert matching(FOUND.values(), read_filter(text), NOW) == tuple(FOUND[name] for name in names)


def test_headings_count_silenced_and_inhibited_apart_and_each_once() -> None:
    told = tally_of(FOUND.values())
    assert (told.active, told.silenced, told.inhibited) == (6, 3, 1)
    assert told.firing == 3, "an open page still wakes people"
