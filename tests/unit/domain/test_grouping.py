"""Parts of alerts, groups by them, and what is told of a group."""

import pytest

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.columns import COLUMNS, BadColumn, NamedColumn, read_column
from oncall_tui.domain.grouping import facts_of, grouped
from oncall_tui.domain.parts import GROUPINGS, PARTS, in_words, part_of
from oncall_tui.domain.severity import Severity
from tests.unit.builders import ALERTMANAGER, PAGERDUTY, alert, before, record


def one(number: int, service: str, severity: Severity = Severity.P3, **more: object) -> Alert:
    return alert(record(PAGERDUTY, str(number), service=service, severity=severity, since=before(number), **more))  # type: ignore[arg-type]


MERGED = alert(
    record(PAGERDUTY, "Q1", title="api: slow", service="api"),
    record(ALERTMANAGER, "f1", name="Slow", environment="prod", labels={"cluster": "eu", "team": "core", "empty": ""}),
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("service", "api"),
        ("alert", "Slow"),
        ("title", "slow"),
        ("cluster", "eu"),
        ("source", "pagerduty"),
        ("env", "prod"),
        ("label:team", "core"),
        ("label:empty", ""),
        ("label:none", ""),
    ],
)
def test_a_part_is_found_in_any_record(name: str, text: str) -> None:
    part = part_of(name)
    assert part is not None
    assert part(MERGED) == text


@pytest.mark.parametrize("name", ["", "label:", "severity", "team"])
def test_what_is_no_part_is_none(name: str) -> None:
    assert part_of(name) is None


def test_every_grouping_is_a_part_and_has_a_word() -> None:
    assert all(part_of(name) is not None for name in GROUPINGS)
    assert [in_words(name) for name in (*GROUPINGS, "label:team")] == [
        "service",
        "alert name",
        "cluster",
        "source",
        "environment",
        "team",
    ]


def test_groups_come_in_the_order_of_their_first_alerts_and_keep_that_of_all() -> None:
    rows = [one(1, "b"), one(2, "a"), one(3, ""), one(4, "b")]
    groups = grouped(rows, PARTS["service"])
    assert {name: [alert.id for alert in held] for name, held in groups.items()} == {
        "b": ["pagerduty/1", "pagerduty/4"],
        "a": ["pagerduty/2"],
        "": ["pagerduty/3"],
    }
    assert list(groups) == ["b", "a", ""]


def test_facts_count_the_worst_first_and_knows_the_oldest() -> None:
    told = facts_of([one(1, "a"), one(9, "a", Severity.P1, status=Status.SILENCED), one(3, "a")])
    assert told.by_severity == ((Severity.P1, 1), (Severity.P3, 2))
    assert (told.count, told.worst, told.oldest, told.firing) == (3, Severity.P1, before(9), 2)


def test_of_nothing_there_are_no_facts() -> None:
    with pytest.raises(ValueError, match="empty"):
        facts_of([])


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("service", NamedColumn("service")),
        (" remark ", NamedColumn("remark")),
        ("since@0", NamedColumn("since", 0)),
        ("label:team@120", NamedColumn("label:team", 120)),
        ("label:a@b@90", NamedColumn("label:a@b", 90)),
    ],
)
def test_a_column_is_written_as_its_name_and_from_which_width_on(written: str, column: NamedColumn) -> None:
    assert read_column(written) == column


@pytest.mark.parametrize(
    "written", ["", "colour", "label:", "@90", "service@", "service@wide", "service@9999", "age@-1"]
)
def test_what_is_no_column_is_refused_with_what_would_do(written: str) -> None:
    with pytest.raises(BadColumn) as refused:
        read_column(written)
    assert "columns are severity, status" in str(refused.value) or "@100" in str(refused.value)


def test_every_part_can_be_a_column() -> None:
    assert set(PARTS) < set(COLUMNS)
