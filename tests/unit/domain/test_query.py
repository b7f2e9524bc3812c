"""Filter and order of alerts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.filtering import read_filter
from oncall_tui.domain.query import Order, Searcher, is_order, matching, ordered
from oncall_tui.domain.severity import Severity
from tests.unit.builders import ALERTMANAGER, NOW, PAGERDUTY, SENTRY, alert, before, record

SLOW = alert(
    record(PAGERDUTY, "Q1", title="p95 above 500 ms", service="api", severity=Severity.P2, since=before(9)),
    record(ALERTMANAGER, "f1", name="ApiLatency", labels={"team": "core"}, environment="prod"),
)
KEY_ERROR = alert(
    record(SENTRY, "7", title="KeyError: 'iban'", service="", severity=Severity.P3, since=before(30), note="new")
)
QUEUE = replace(
    alert(record(PAGERDUTY, "Q2", title="queue above 100", service="Points", severity=Severity.P2, since=before(40))),
    status=Status.ACKNOWLEDGED,
    acknowledged_by="Ada",
)
ALL = (SLOW, KEY_ERROR, QUEUE)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ALL),
        ("  -  ", ALL),
        ("P95", [SLOW]),
        ("above", [SLOW, QUEUE]),
        ("above -queue", [SLOW]),
        ("-above", [KEY_ERROR]),
        ("500 p95", [SLOW]),
        ("team=core", [SLOW]),
        ("prod", [SLOW]),
        ("apilatency", [SLOW]),
        ("alertmanager", [SLOW]),
        ("p3", [KEY_ERROR]),
        ("new", [KEY_ERROR]),
        ("acknowledged ada", [QUEUE]),
        ("q2", [QUEUE]),
        ("['[/]", []),
        ("above nothing", []),
    ],
)
def test_every_word_must_be_somewhere_and_none_that_is_unwanted(text: str, found: list[Alert]) -> None:
    assert matching(ALL, read_filter(text), NOW) == tuple(found)


def test_case_folds_as_people_expect_it() -> None:
    street = alert(record(title="Straße gesperrt"))
    assert matching([street], read_filter("STRASSE"), NOW) == (street,)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.SEVERITY, [SLOW, QUEUE, KEY_ERROR]),
        (Order.AGE, [SLOW, KEY_ERROR, QUEUE]),
        (Order.SERVICE, [SLOW, QUEUE, KEY_ERROR]),
        (Order.STATUS, [SLOW, KEY_ERROR, QUEUE]),
    ],
)
def test_orders(order: Order, expected: list[Alert]) -> None:
    assert ordered(ALL, order) == tuple(expected)


@given(st.permutations([alert(record(PAGERDUTY, str(n))) for n in range(5)]), st.sampled_from(Order))
def test_equal_rows_keep_their_place(alerts: list[Alert], order: Order) -> None:
    assert [one.id for one in ordered(alerts, order)] == [f"pagerduty/{n}" for n in range(5)]


def test_a_searcher_finds_what_one_look_finds_while_the_alerts_change() -> None:
    searcher = Searcher()
    pictures = [
        ALL,
        tuple(replace(one) for one in ALL),
        tuple(replace(one, acknowledged_by="Zoe", status=Status.ACKNOWLEDGED) for one in ALL),
        tuple(replace(one, records=tuple(replace(record, note="zebra") for record in one.records)) for one in ALL),
        ALL[1:],
        (),
    ]
    for alerts in pictures:
        for text in ("", "-", "zoe", "zebra", "-zebra", *(one.title for one in ALL)):
            wanted = read_filter(text)
            assert searcher.matching(alerts, wanted, NOW) == matching(alerts, wanted, NOW)
    zoe, zebra = read_filter("zoe"), read_filter("zebra")
    assert [bool(matching(alerts, zoe, NOW)) for alerts in pictures] == [False, False, True, False, False, False]
    assert [bool(matching(alerts, zebra, NOW)) for alerts in pictures] == [False, False, False, True, False, False]


def test_what_was_read_of_an_alert_is_not_read_again() -> None:
    searcher = Searcher()
    searcher.prepare(ALL)
    before = {alert.id: text for alert, text in zip(searcher._read.alerts, searcher._read.texts, strict=True)}
    changed = (replace(ALL[0], title="something else"), *(replace(one) for one in ALL[1:]))
    searcher.prepare(changed)
    after = {alert.id: text for alert, text in zip(searcher._read.alerts, searcher._read.texts, strict=True)}
    assert [after[one.id] is before[one.id] for one in changed] == [False, *[True] * (len(ALL) - 1)]


@given(st.lists(st.text("-ab :", max_size=5), max_size=12), st.integers(0, 2))
def test_whatever_was_looked_for_before_a_filter_finds_the_same(typed: list[str], changed: int) -> None:
    searcher = Searcher()
    texts = ("a", "b", "ab", "ba", "aab", "abb", "x")
    alerts = tuple(alert(record(PAGERDUTY, str(n), title=one, service="")) for n, one in enumerate(texts))
    for place, text in enumerate([*typed, *reversed(typed)]):
        if place == changed:
            alerts = (replace(alerts[0], title="bab"), *alerts[2:])
        wanted = read_filter(text)
        assert searcher.matching(alerts, wanted, NOW) == matching(alerts, wanted, NOW)


class Noticing(str):
    """A text that tells when something is looked for in it."""

    looked_at = 0

    def __contains__(self, words: str) -> bool:  # type: ignore[override]  # only words are looked for
        Noticing.looked_at += 1
        return super().__contains__(words)


def test_a_word_that_grows_is_looked_for_only_where_its_beginning_was_found() -> None:
    searcher = Searcher()
    searcher.prepare(ALL)
    searcher._read.texts = [Noticing(text) for text in searcher._read.texts]
    looks = []
    for text in ("q", "qu", "queue", "queue ab", "queue", "qu", "queue -abov", "queue -a", "q", "api"):
        Noticing.looked_at = 0
        found = searcher.matching(ALL, read_filter(text), NOW)
        looks.append((len(found), Noticing.looked_at))
    assert looks == [(2, 3), (1, 2), (1, 1), (1, 2), (1, 0), (1, 0), (0, 2), (0, 0), (2, 0), (1, 3)]


def test_what_depends_on_the_moment_is_looked_for_anew() -> None:
    searcher = Searcher()
    wanted = read_filter("age>20m")
    assert searcher.matching(ALL, wanted, NOW) == (KEY_ERROR, QUEUE)
    assert searcher.matching(ALL, wanted, NOW + timedelta(minutes=15)) == ALL
    assert searcher.matching(ALL, read_filter("age>20m p95"), NOW + timedelta(minutes=15)) == (SLOW,)


def test_only_what_was_asked_for_last_is_remembered() -> None:
    searcher = Searcher()
    for number in range(50):
        searcher.matching(ALL, read_filter(f"p{number}"), NOW)
    assert 1 < len(searcher._read._found) < 20


def test_reversed_what_is_equal_keeps_its_order_and_what_says_nothing_stays_behind() -> None:
    rows = [
        alert(record(PAGERDUTY, "1", service="b", labels={"team": "x"})),
        alert(record(PAGERDUTY, "2", service="")),
        alert(record(PAGERDUTY, "3", service="A", labels={"team": "Y"})),
        alert(record(PAGERDUTY, "4", service="b")),
    ]

    def ids(order: str, is_reversed: bool) -> str:
        return "".join(one.id[-1] for one in ordered(rows, order, is_reversed=is_reversed))

    assert [ids("service", False), ids("service", True)] == ["3142", "1432"]
    assert [ids("label:team", False), ids("label:team", True)] == ["1324", "3124"]
    assert ids(Order.SEVERITY, True) == "1234"


def test_an_order_that_there_is_none_of_is_refused() -> None:
    assert [is_order(one) for one in ("age", "label:team", "label:", "colour", "since")] == [True, True, *[False] * 3]
    with pytest.raises(ValueError, match="colour"):
        ordered(ALL, "colour")
