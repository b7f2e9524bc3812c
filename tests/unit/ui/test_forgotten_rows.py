"""Acknowledged and forgotten, on the row, in the details and in the heading."""

from dataclasses import replace

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.tally import tally_of
from oncall_tui.ui.present import alert_detail, alert_row, headings
from tests.unit.builders import PAGERDUTY, alert, before, record
from tests.unit.ui.test_rows import held, scene


def forgotten(minutes: int = 72, event: int = 42) -> Alert:
    one = held("Ann", minutes)
    records = (replace(one.records[0], last_event_at=before(event)),)
    return replace(one, records=records, is_forgotten=True)


def test_the_row_says_so_with_a_sign_and_in_words() -> None:
    one = forgotten()
    assert alert_row.sign(one, scene()).plain == "!"
    assert alert_row.remark(one, scene()).plain == "Ann, 72 min ago, nothing for 42 min"
    assert alert_row.remark(forgotten(42, 42), scene()).plain == "Ann, nothing for 42 min"
    assert "$bright" in str(alert_row.title(one).spans), "it is not as quiet as what somebody looks at"
    assert "$dim" in str(alert_row.title(held()).spans)


def test_the_details_say_so_and_when_the_pager_pages_again() -> None:
    told = alert_detail.detail(forgotten(), scene(), {}).plain
    assert "Ann, 72 min ago, nothing for 42 min" in told
    snoozed = replace(held().records[0], pages_again_at=before(-60))
    told = alert_detail.detail(replace(held(), records=(snoozed,)), scene(), {}).plain
    assert "the pager pages again at 03:14" in told
    assert "nothing for" not in told


def test_the_heading_counts_them() -> None:
    tally = tally_of([forgotten(), held(), alert(record(PAGERDUTY, status=Status.FIRING))])
    told = headings.alerts(tally, 3).plain
    assert told.endswith("1 not acknowledged, 1 forgotten")
    assert "forgotten" not in headings.alerts(tally_of([held()]), 1).plain
