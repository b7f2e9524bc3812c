"""Rows and details of alerts and deployments: the state in words and signs, never by colour alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from textual.content import Content

from oncall_tui.domain.alert import Alert, JoinRule, Record, Status, Suspect
from oncall_tui.domain.deployment import DeploymentStatus
from oncall_tui.domain.ids import DeploymentId
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.tally import Tally, tally_of
from oncall_tui.domain.verb import Verb
from oncall_tui.ui.acts import Act, Acts, ActState, refs_of
from oncall_tui.ui.present import alert_detail, alert_row, deployment_detail, deployment_row, headings
from oncall_tui.ui.present.alert_row import Scene, alert_columns
from oncall_tui.ui.present.deployment_row import deployment_columns
from oncall_tui.ui.widgets.columns import GAP, Column, place
from tests.unit.builders import ALERTMANAGER, NOW, PAGERDUTY, SENTRY, alert, before, deployment, record


def scene(acts: Acts | None = None, me: frozenset[str] = frozenset(), now: datetime = NOW) -> Scene:
    return Scene(now, acts or Acts(), me)


def acted(one: Alert, state: ActState, reason: str = "") -> Scene:
    acts = Acts()
    acts.set(refs_of(one), Act(state, NOW, reason))
    return scene(acts)


def held(by: str | None = "Ann", minutes: int | None = 25) -> Alert:
    at = None if minutes is None else before(minutes)
    one = alert(record(PAGERDUTY, status=Status.ACKNOWLEDGED, acknowledged_by=by, acknowledged_at=at))
    return replace(one, acknowledged_by=by, acknowledged_at=at)


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_sign_of_its_own(status: Status) -> None:
    signs = {alert_row.sign(alert(record(status=one)), scene()).plain for one in Status}
    assert len(signs) == len(Status)
    assert alert_row.sign(alert(record(status=status)), scene()).plain in signs


@pytest.mark.parametrize("level", Severity)
def test_a_severity_is_named(level: Severity) -> None:
    assert alert_row.severity(alert(record(severity=level))).plain == f"P{level.value}"


@pytest.mark.parametrize(
    ("state", "sign", "words"),
    [
        (ActState.PENDING, "…", "acknowledging …"),
        (ActState.CONFIRMED, "✓", "acknowledged"),
        (ActState.FAILED, "✗", "not acknowledged: no route"),
        (ActState.UNSENT, "●", "acknowledge not sent yet"),
    ],
)
def test_an_act_is_told_by_a_sign_and_in_words(state: ActState, sign: str, words: str) -> None:
    one = alert(record(PAGERDUTY))
    told = acted(one, state, "no route" if state is ActState.FAILED else "")
    assert alert_row.sign(one, told).plain == sign
    assert alert_row.remark(one, told).plain.startswith(words)


def test_a_failure_says_how_to_try_again() -> None:
    one = alert(record(PAGERDUTY))
    assert "a tries again" in alert_row.remark(one, acted(one, ActState.FAILED, "no route")).plain


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (held(), "Ann, 25 min ago"),
        (held("me"), "you, 25 min ago"),
        (held(None), "somebody, 25 min ago"),
        (held(minutes=None), "Ann"),
        (replace(held(), is_acknowledged_here_only=True), "Ann, here only, 25 min ago"),
        (alert(record(status=Status.PENDING)), "pending"),
        (alert(record(status=Status.SILENCED)), "silenced"),
        (
            alert(replace(record(status=Status.SILENCED), silenced_until=before(-226), silenced_by="ops")),
            "06:00 by ops",
        ),
        (alert(record(SENTRY, note="214 events, 88 users")), "214 events, 88 users"),
        (replace(alert(), suspects=(Suspect(DeploymentId("d"), "api 2.41", 720),)), "◆ api 2.41 12m before"),
        (replace(alert(), suspects=(Suspect(DeploymentId("d"), "api 2.41", 9),)), "◆ api 2.41 just before"),
        (alert(), ""),
    ],
)
def test_the_remark_is_the_most_useful_thing_to_know(one: Alert, words: str) -> None:
    told = alert_row.remark(one, scene(me=frozenset({"me"}))).plain
    assert words in told
    assert bool(told) is bool(words)


def test_who_holds_it_and_who_is_suspected_are_both_told() -> None:
    one = replace(held(), suspects=(Suspect(DeploymentId("d"), "api 2.41", 720),))
    assert alert_row.remark(one, scene()).plain == "Ann, 25 min ago  ◆ api 2.41 12m before"


MUTED = replace(record(ALERTMANAGER, "f1", status=Status.SILENCED), silenced_until=before(-226), silenced_by="ops")
INHIBITED = replace(record(ALERTMANAGER, "f1", status=Status.SILENCED, note="inhibited"), is_inhibited=True)
PAGE = replace(record(PAGERDUTY, "Q1"), assigned_to=("Bob",))


def beside(one: Alert, muted: Record) -> Alert:
    return replace(one, records=(*one.records, muted))


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (beside(alert(PAGE), MUTED), "~ until 06:00  Bob's page  silenced by ops"),
        (beside(alert(PAGE), INHIBITED), "~  Bob's page  inhibited"),
        (beside(alert(record(PAGERDUTY)), MUTED), "silenced until 06:00 by ops"),
        (beside(held(), MUTED), "~ until 06:00  Ann, 25 min ago  silenced by ops"),
        (
            replace(beside(held("root"), MUTED), is_acknowledged_here_only=True),
            "~ until 06:00  root, here only, 25 min ago  silenced by ops",
        ),
        (alert(INHIBITED), "inhibited"),
    ],
)
def test_what_is_silenced_says_so_beside_who_holds_it(one: Alert, words: str) -> None:
    assert alert_row.remark(one, scene()).plain == words


def test_a_silence_is_told_beside_an_act_and_a_suspect() -> None:
    one = replace(beside(alert(PAGE), MUTED), suspects=(Suspect(DeploymentId("d"), "api 2.41", 720),))
    told = alert_row.remark(one, acted(one, ActState.PENDING)).plain
    assert told == "acknowledging …  silenced until 06:00 by ops  ◆ api 2.41 12m before"


def test_a_silence_does_not_make_an_open_page_quiet() -> None:
    one = beside(alert(PAGE), MUTED)
    assert alert_row.sign(one, scene()) == alert_row.sign(alert(PAGE), scene())
    assert alert_row.title(one) == alert_row.title(alert(PAGE))


@pytest.mark.parametrize(
    ("minutes", "since", "age"),
    [(0, "02:14", "0s"), (30, "01:44", "30m"), (60 * 30, "19 Nov", "30h"), (60 * 72, "18 Nov", "3d")],
)
def test_since_and_age(minutes: int, since: str, age: str) -> None:
    one = alert(record(since=before(minutes)))
    assert alert_row.since(one, scene()).plain == since
    assert alert_row.age_of(one, scene()).plain == age


def test_sources_are_named_shortly_and_once() -> None:
    one = alert(record(PAGERDUTY), record(PAGERDUTY, "2"), record(ALERTMANAGER), record(SENTRY))
    assert alert_row.sources(one).plain == "pd am sen"


def test_an_alert_without_a_service_says_so() -> None:
    assert alert_row.service(alert(record(service=""))).plain == "–"


@pytest.mark.parametrize("width", range(77, 201))
def test_no_list_is_wider_than_its_table(width: int) -> None:
    tables: tuple[Sequence[Column[Any]], ...] = (alert_columns(scene), deployment_columns(lambda: NOW, lambda _: ()))
    for columns in tables:
        placed = place(columns, width)
        assert sum(one.width for one in placed) + GAP * (len(placed) - 1) <= width


@pytest.mark.parametrize("width", range(77, 201))
def test_further_columns_leave_names_and_titles_their_room(width: int) -> None:
    widths = {one.column.title: one.width for one in place(alert_columns(scene), width, lambda _: 14)}
    assert widths["alert"] >= 24
    assert widths["service"] == 14
    assert place(deployment_columns(lambda: NOW, lambda _: ()), width)[-1].width >= 20


# Details


def test_the_detail_tells_everything() -> None:
    first = replace(
        record(PAGERDUTY, "Q1", title="latency", labels={"team": "core"}),
        summary="p95 above 500 ms",
        url="https://pd.example/Q1",
        runbook="https://rb.example",
        assigned_to=("Ann", "Bob", "Ann"),
    )
    second = replace(record(ALERTMANAGER, "f1", title="HighLatency", note="3 alerts"), environment="prod")
    one = replace(
        alert(first, second),
        joined_by=(JoinRule.FINGERPRINT,),
        suspects=(Suspect(DeploymentId("pagerduty/d1"), "api 2.41.0", 720),),
    )
    by_id = {"pagerduty/d1": replace(deployment(author="bot"), summary="Bump the client")}
    told = alert_detail.detail(one, scene(), by_id).plain
    for words in (
        "P2  high  api",
        "latency",
        "● firing  since 02:14",
        "assigned to Ann, Bob",
        "p95 above 500 ms",
        "◆ api 2.41.0  ended 12 min before",
        "by bot  Bump the client",
        "one alert by fingerprint",
        "pagerduty  Q1",
        "alertmanager  f1",
        "3 alerts  prod",
        "team           core",
        "runbook        https://rb.example",
        "pagerduty      https://pd.example/Q1",
    ):
        assert words in told, words


def test_the_detail_tells_the_silence_the_open_page_and_which_record_is_muted() -> None:
    told = alert_detail.detail(beside(held(), MUTED), scene(), {}).plain
    assert "Ann, 25 min ago\nsilenced until 06:00 by ops; the page at the pager stays open\n" in told
    assert "     silenced until 06:00 by ops  since 02:14" in told
    alone = alert_detail.detail(alert(INHIBITED), scene(), {}).plain
    assert "~ inhibited  since 02:14, 0 s\n\nRECORDS" in alone
    silenced = alert_detail.detail(alert(MUTED), scene(), {}).plain
    assert "~ silenced  since 02:14, 0 s\nsilenced until 06:00 by ops\n" in silenced
    assert "     inhibited  since 02:14" in alone
    assert "pager" not in alone


def test_the_heading_counts_silenced_and_inhibited_apart() -> None:
    told = headings.alerts(tally_of([beside(held(), MUTED), alert(INHIBITED), alert(PAGE)]), 3).plain
    assert told == "ALERTS  3 active, 1 silenced, 1 inhibited, 1 not acknowledged"


@pytest.mark.parametrize(
    ("width", "muted"),
    [(0, ", 2 silenced, 1 inhibited"), (80, ", 2 silenced"), (74, ", 2 silenced"), (64, ""), (40, "")],
)
def test_what_is_muted_leaves_a_narrow_heading_before_what_is_not(width: int, muted: str) -> None:
    told = headings.alerts(Tally(9, 5, 2, 3, 1, 1), 9, width=width).plain
    assert told == f"ALERTS  9 active, 3 yours{muted}, 5 not acknowledged, 1 forgotten"


def test_the_detail_of_nothing_says_so() -> None:
    assert alert_detail.detail(None, scene(), {}).plain == "No alert under the cursor."
    assert deployment_detail.detail(None, (), NOW).plain == "No deployment under the cursor."


def test_the_detail_keeps_the_reason_of_a_failure() -> None:
    one = alert(record(PAGERDUTY))
    told = alert_detail.detail(one, acted(one, ActState.FAILED, "PagerDuty answered 500"), {}).plain
    assert "Not acknowledged: PagerDuty answered 500" in told


def test_the_detail_names_the_verb_that_failed() -> None:
    one, acts = alert(record(PAGERDUTY)), Acts()
    acts.set(refs_of(one), Act(ActState.FAILED, NOW, "PagerDuty answered 500", Verb.RESOLVE))
    told = alert_detail.detail(one, scene(acts), {}).plain
    assert "Not resolved: PagerDuty answered 500" in told and "acknowledge" not in told


def test_a_suspect_that_is_listed_no_more_is_told_all_the_same() -> None:
    one = replace(alert(), suspects=(Suspect(DeploymentId("gone"), "api 2.40", 60),))
    assert "◆ api 2.40" in alert_detail.detail(one, scene(), {}).plain


# Deployments


@pytest.mark.parametrize("status", DeploymentStatus)
def test_a_deployment_says_how_far_it_came(status: DeploymentStatus) -> None:
    told = deployment_row.status(deployment(status=status)).plain
    assert status.value in told
    assert told[0] in "…✓✗"


def test_a_deployment_names_the_worst_alert_that_it_is_suspected_of() -> None:
    mild, bad = alert(record(severity=Severity.P3, title="mild")), alert(record(severity=Severity.P1, title="bad"))
    told = deployment_row.accusation(deployment(), [mild, bad]).plain
    assert told == "suspected of 2 alerts  bad"
    assert deployment_row.accusation(deployment(), [mild]).plain == "suspected of 1 alert  mild"
    assert deployment_row.suspicion([mild]).plain == "◆"
    assert deployment_row.suspicion([]) == Content()


def test_a_deployment_without_suspicion_tells_what_it_was_about() -> None:
    assert deployment_row.accusation(replace(deployment(), summary="Fix typo"), []).plain == "Fix typo"


def test_the_detail_of_a_deployment() -> None:
    one = replace(
        deployment(author="Ann", environment="prod", at=NOW - timedelta(minutes=12)),
        summary="Fix typo",
        url="https://r.example",
        seen_by=(PAGERDUTY, SENTRY),
    )
    told = deployment_detail.detail(one, [alert(record(title="latency"))], NOW).plain
    for words in ("api 2.41.0", "finished 02:02, 12 min ago by Ann on prod", "Fix typo", "told by pagerduty, sentry"):
        assert words in told, words
    assert "SUSPECTED OF" in told
    assert "latency" in told
    assert "SUSPECTED OF" not in deployment_detail.detail(one, [], NOW).plain
