"""Ids that somebody has written: which alert, which of its records, and what is said of those that name none."""

import pytest

from oncall_tui.domain.action import Acknowledge, Action, Archive, Merge, Note, Resolve
from oncall_tui.domain.alert import Alert, SourceKind
from oncall_tui.domain.situation import Failure, Freshness, Situation, SourceState
from oncall_tui.domain.verb import Verb
from oncall_tui.response.report import ActReport, Outcome
from oncall_tui.response.targets import act_by_id
from tests.unit.journal.helpers import NIGHT
from tests.unit.response.helpers import EU, PD, PROM, SENTRY, Desk, FakePager, alert, record

BOTH = alert(record(PD, "Q1"), record(SENTRY, "7"), record(PROM, "f1"))
OTHER = alert(record(PD, "Q2"))
ABROAD = alert(record(EU, "Q3"))
ISSUE = alert(record(SENTRY, "8"))


@pytest.fixture
def sentry(desk: Desk) -> FakePager:
    found = desk.pagers[SENTRY] = FakePager(verbs=frozenset({Verb.RESOLVE, Verb.ARCHIVE, Verb.ASSIGN}))
    for pager in (PD, EU):
        desk.pagers[pager].verbs = frozenset(Verb) - {Verb.ARCHIVE, Verb.ASSIGN}
    return found


async def act(desk: Desk, action: Action, *targets: str) -> list[ActReport]:
    alerts: tuple[Alert, ...] = (BOTH, OTHER, ABROAD, ISSUE)
    return await act_by_id(desk.responder, Situation(1, NIGHT, alerts=alerts), action, targets)


@pytest.mark.parametrize("target", ["pagerduty/Q1", "Q1"])
async def test_an_alert_means_its_page(desk: Desk, sentry: FakePager, target: str) -> None:
    (report,) = await act(desk, Resolve(), target)
    assert (report.alert_id, report.outcome, report.verb) == (BOTH.id, Outcome.CONFIRMED, Verb.RESOLVE)
    assert (desk.pagers[PD].calls, sentry.calls) == ([["Q1"]], [])


@pytest.mark.parametrize("target", ["sentry/7", "7"])
async def test_who_names_the_issue_of_an_alert_does_not_mean_its_page(
    desk: Desk, sentry: FakePager, target: str
) -> None:
    (report,) = await act(desk, Resolve(), target)
    assert (report.alert_id, report.outcome) == (BOTH.id, Outcome.CONFIRMED)
    assert (desk.pagers[PD].calls, sentry.calls) == ([], [["7"]])


async def test_a_record_that_cannot_do_it_stands_for_its_alert(desk: Desk, sentry: FakePager) -> None:
    await act(desk, Note("seen"), "prometheus/f1")
    await act(desk, Archive(), "Q1")
    await act(desk, Acknowledge(), "sentry/7")
    assert desk.pagers[PD].actions == [(Note("seen"), None), (Acknowledge(), None)]
    assert sentry.actions == [(Archive(), None)]


async def test_each_target_has_its_report_in_order(desk: Desk, sentry: FakePager) -> None:
    reports = await act(desk, Resolve(), "nothing", "8", "Q2", "pagerduty/Q2")
    assert [(one.alert_id, one.outcome) for one in reports] == [
        ("nothing", Outcome.GONE),
        (ISSUE.id, Outcome.CONFIRMED),
        (OTHER.id, Outcome.CONFIRMED),
        (OTHER.id, Outcome.CONFIRMED),
    ]
    assert {one.verb for one in reports} == {Verb.RESOLVE}
    assert (desk.pagers[PD].calls, sentry.calls) == ([["Q2"]], [["8"]])


async def test_merging_goes_into_an_incident_of_the_same_account(desk: Desk, sentry: FakePager) -> None:
    same, abroad, itself = await act(desk, Merge("Q2"), "Q1", "Q3", "pagerduty/Q2")
    assert desk.pagers[PD].actions == [(Merge("Q2"), None)]
    assert desk.pagers[PD].calls == [["Q1"]]
    assert desk.pagers[EU].calls == []
    assert same.outcome is Outcome.CONFIRMED
    for refused in (abroad, itself):
        assert refused.outcome is Outcome.FAILED
        assert refused.reason == "nothing was sent: it is no other incident of pagerduty, where Q2 is"


@pytest.mark.parametrize("into", ["Q77", "sentry/8"])
async def test_what_nothing_can_be_merged_into_is_told(desk: Desk, sentry: FakePager, into: str) -> None:
    (report,) = await act(desk, Merge(into), "Q1")
    assert report.outcome is Outcome.FAILED
    assert report.reason == f"nothing was sent: {into} names no incident that others can be merged into"
    assert desk.pagers[PD].calls == []


@pytest.mark.parametrize("target", ["pagerduty/Q9", "Q9"])
@pytest.mark.parametrize(
    "failure", [Failure("unreachable", "refused"), Failure("refused", "answered 503", is_fault_of_theirs=True)]
)
async def test_what_can_wait_is_written_down_for_a_pager_that_is_out_of_reach(
    desk: Desk, target: str, failure: Failure
) -> None:
    del desk.pagers[EU]
    desk.pagers[PD].offline = "pagerduty refuses the connection."
    silent = Freshness(PD, SourceKind.PAGERDUTY, SourceState.FAILED, failure=failure)
    picture = Situation(1, desk.clock(), freshness=(silent,))
    (report,) = await act_by_id(desk.responder, picture, Acknowledge(), [target])
    assert (report.alert_id, report.outcome) == ("pagerduty/Q9", Outcome.WAITING)
    (one,) = await desk.responder.outbox.waiting(desk.clock())
    assert (one.intent.source, one.intent.target) == (PD, "Q9")


@pytest.mark.parametrize(
    ("kind", "target", "action"),
    [
        ("unauthorised", "Q9", Acknowledge()),
        ("refused", "Q9", Acknowledge()),
        ("unreachable", "Q9", Resolve()),
        ("unreachable", "sentry/7", Acknowledge()),
    ],
)
async def test_nothing_else_is_taken_for_granted(desk: Desk, kind: str, target: str, action: Action) -> None:
    del desk.pagers[EU]
    silent = Freshness(PD, SourceKind.PAGERDUTY, SourceState.FAILED, failure=Failure(kind, "refused"))
    picture = Situation(1, desk.clock(), freshness=(silent,))
    (report,) = await act_by_id(desk.responder, picture, action, [target])
    assert report.outcome is Outcome.FAILED
    assert desk.pagers[PD].calls == []
