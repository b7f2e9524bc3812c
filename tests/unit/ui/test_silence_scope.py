"""What one silence is made for, out of what is selected; and what its form says of that, without a screen."""

from dataclasses import replace

import pytest

from oncall_tui.domain.alert import Alert, Record
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.silence import Matcher
from oncall_tui.ui.present.silences import Preview, covers, left_out
from oncall_tui.ui.silence_scope import NoScope, Scope, scope_of
from tests.unit.builders import ALERTMANAGER, PAGERDUTY, alert, before, record

EU, US = SourceName("alertmanager-eu"), SourceName("alertmanager-us")


def held(name: str, source: SourceName = ALERTMANAGER, **labels: str) -> Record:
    return record(source, name, title=f"{name} is wrong", labels={"alertname": "Errors", **labels})


ONE, TWO, OTHER = held("f1", instance="a:1"), held("f2", instance="b:1"), held("f3", instance="c:1")
PAGE = alert(record(PAGERDUTY, "Q9", title="a page"))
MARKED = [alert(ONE), alert(TWO, record(PAGERDUTY, "Q2", title="errors", since=before(9)))]


def drawn(scope: Scope, *covered: Record) -> list[str]:
    return covers(Preview((), covered), scope).plain.splitlines()


def test_it_is_of_all_that_one_alertmanager_holds_and_names_the_rest() -> None:
    scope = scope_of([*MARKED, PAGE])
    assert (scope.source, list(scope.alerts), scope.unknown) == (ALERTMANAGER, MARKED, (PAGE,))
    assert scope.proposed.matchers == (Matcher("alertname", "Errors"), Matcher("instance", "a:1|b:1", is_regex=True))
    assert left_out(scope).plain == "1 marked alert is left alone, no Alertmanager knows of it: a page"
    pages = [alert(record(PAGERDUTY, f"Q{i}", title=f"page {i}")) for i in range(3, 8)]
    assert left_out(scope_of([*MARKED, *pages])).plain == (
        "5 marked alerts are left alone, no Alertmanager knows of them: page 3, page 4, page 5 and 2 more"
    )
    assert not left_out(scope_of(MARKED))


def test_a_row_of_several_records_is_covered_when_all_of_them_are() -> None:
    row = alert(ONE, TWO)
    scope = scope_of([row])
    assert scope.records == (ONE, TWO)
    assert scope.covered([ONE]) == ()
    assert scope.covered([TWO, OTHER, ONE]) == (row,)


def test_two_alertmanagers_that_see_all_of_them_are_no_obstacle() -> None:
    rows = [alert(held(f"f{i}", EU), held(f"f{i}", US)) for i in range(2)]
    assert scope_of(rows).source == EU
    assert scope_of([*rows, alert(held("f7", US))]).source == US


@pytest.mark.parametrize(
    ("alerts", "words"),
    [
        (
            [alert(held("f1", EU)), alert(held("f2", US)), alert(held("f3", US))],
            "are of several Alertmanagers (1 of alertmanager-eu, 2 of alertmanager-us), and a silence stands at one of "
            "them: mark those of one, for instance by the filter source:alertmanager-eu.",
        ),
        (
            [alert(replace(ONE, labels={"a": "1"})), alert(replace(TWO, labels={"b": "1"}))],
            "have no label in common, so no matcher covers them all: mark only those that share one",
        ),
        ([PAGE], "Only what Alertmanager holds can be silenced."),
    ],
)
def test_what_no_one_silence_can_be_of_is_refused_with_what_to_do(alerts: list[Alert], words: str) -> None:
    with pytest.raises(NoScope) as caught:
        scope_of(alerts)
    assert words in str(caught.value)


def test_the_preview_counts_the_marked_and_names_what_is_covered_beyond_them() -> None:
    scope = scope_of(MARKED)
    assert drawn(scope, TWO, ONE)[0] == "covers all 2 marked alerts now"
    lines = drawn(scope, ONE, OTHER)
    assert lines[0] == "covers 1 of the 2 marked alerts now"
    assert lines[1] == "and 1 alert that is not marked:"
    assert "f3 is wrong" in lines[2]
    assert lines[3] == "Marked, and not covered: look at the matchers."
    assert "f2 is wrong" in lines[4]
    assert lines[5] == "Marked, and covered:"
    assert "f1 is wrong" in lines[6]
    assert drawn(scope)[0] == "covers 0 of the 2 marked alerts now"


def test_of_very_many_beyond_the_marked_the_rest_is_counted() -> None:
    lines = drawn(scope_of(MARKED), ONE, TWO, *(held(f"g{i}") for i in range(300)))
    assert lines[1] == "and 300 alerts that are not marked:"
    assert lines[202] == "and 100 more"
    assert len(lines) == 206


def test_a_label_of_too_many_values_is_told() -> None:
    rows = [alert(held(f"f{i}", pod=f"{i}" * 60)) for i in range(90)]
    assert left_out(scope_of(rows)).plain == "labels of too many values to match: pod"
