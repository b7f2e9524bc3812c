"""What the Alertmanager source makes of the answers it gets."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import respx

from oncall_tui.config.model import AlertmanagerSettings
from oncall_tui.domain.alert import JoinKey, JoinRule, Record, Status, labels_at_vendor
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import Severity, SeverityMap
from oncall_tui.sources.alertmanager import Alertmanager
from oncall_tui.sources.base import CheckState, Topic
from oncall_tui.sources.retry import NO_RETRY

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
URL = "https://am.example.com"


def _alert(status: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "labels": {"alertname": "Slow", "job": "api", "severity": "critical"},
        "annotations": {"summary": "slow"},
        "fingerprint": "00ab12cd34ef5678",
        "startsAt": "2026-11-21T02:50:00.000Z",
        "status": status or {"state": "active", "silencedBy": [], "inhibitedBy": []},
    } | more


def _silence(vendor_id: str, by: str, ends: str) -> dict[str, Any]:
    return {"id": vendor_id, "createdBy": by, "endsAt": ends, "comment": "", "status": {"state": "active"}}


def _source(**settings: Any) -> Alertmanager:
    return Alertmanager(
        SourceName("am"),
        AlertmanagerSettings(url=URL, **settings),
        token=None,
        headers={},
        severities=SeverityMap(),
        clock=lambda: NOW,
        retry=NO_RETRY,
    )


async def _alerts(source: Alertmanager) -> tuple[Record, ...]:
    report = await source.poll()
    await source.close()
    assert report.records is not None, report.failure
    return report.records.alerts


@respx.mock
async def test_only_labels_that_are_drawn_otherwise_are_kept_as_they_came() -> None:
    odd = {"alertname": "Slow", "long": "x" * 401, "text": "a\nb", "blank": "a  b", "right": "\u202ea", "team": "é"}
    respx.get(f"{URL}/api/v2/alerts").respond(json=[_alert(labels=odd), _alert(fingerprint="11ab12cd34ef5678")])
    hostile, plain = await _alerts(_source())
    assert dict(hostile.raw_labels) == {name: odd[name] for name in ("long", "text", "blank", "right")}
    assert labels_at_vendor(hostile) == odd
    assert hostile.labels["text"] == "a b"
    assert (plain.raw_labels, labels_at_vendor(plain)) == ((), plain.labels)


@respx.mock
async def test_annotations_are_kept() -> None:
    told = {"summary": "slow", "dashboard": "https://graphs.example.com", "odd": "\u202eb"}
    respx.get(f"{URL}/api/v2/alerts").respond(json=[_alert(annotations=told)])
    (one,) = await _alerts(_source())
    assert one.annotations == {**told, "odd": "\ufffdb"}
    assert one.raw_annotations == (("odd", "\u202eb"),)


@respx.mock
async def test_an_active_alert_costs_one_request() -> None:
    route = respx.get(f"{URL}/api/v2/alerts").respond(json=[_alert()])
    source = _source(environment="prod")
    (record,) = await _alerts(source)
    assert dict(route.calls.last.request.url.params) == {"active": "true", "silenced": "true", "inhibited": "true"}
    assert source.spending.sent == 1
    assert (record.id, record.ref) == ("00ab12cd34ef5678", "am/00ab12cd34ef5678")
    assert (record.status, record.severity) == (Status.FIRING, Severity.P1)
    assert (record.title, record.name, record.service, record.environment) == ("slow", "Slow", "api", "prod")
    assert record.keys == {JoinKey(rule, record.id) for rule in (JoinRule.FINGERPRINT, JoinRule.RECEIVER_LABELS)}
    assert record.url == f"{URL}/#/alerts"
    assert record.since == datetime(2026, 11, 21, 2, 50, tzinfo=UTC)


@respx.mock
async def test_of_several_silences_the_one_that_ends_last_is_told() -> None:
    status = {"state": "suppressed", "silencedBy": ["s1", "s2", "gone"], "inhibitedBy": []}
    respx.get(f"{URL}/api/v2/alerts").respond(json=[_alert(status)])
    silences = [_silence("s1", "jo", "2026-11-21T04:00:00Z"), _silence("s2", "kim", "2026-11-21T05:00:00.000Z")]
    respx.get(f"{URL}/api/v2/silences").respond(json=silences)
    (record,) = await _alerts(_source())
    assert record.status is Status.SILENCED
    assert (record.silenced_by, record.silenced_until) == ("kim", datetime(2026, 11, 21, 5, 0, tzinfo=UTC))


@respx.mock
async def test_an_inhibited_alert_is_silenced_by_nobody() -> None:
    status = {"state": "suppressed", "silencedBy": None, "inhibitedBy": ["f"]}
    respx.get(f"{URL}/api/v2/alerts").respond(json=[_alert(status)])
    (record,) = await _alerts(_source())
    assert (record.status, record.note, record.silenced_by) == (Status.SILENCED, "inhibited", None)
    assert record.is_inhibited


@respx.mock
async def test_receiver_and_filters_are_sent_as_parameters_and_never_pasted_into_the_address() -> None:
    route = respx.get(f"{URL}/api/v2/alerts").respond(json=[])
    assert await _alerts(_source(receiver="a&b", filters=('team="x"', "env=~p.*"))) == ()
    items = route.calls.last.request.url.params.multi_items()
    assert [value for name, value in items if name == "filter"] == ['team="x"', "env=~p.*"]
    assert ("receiver", "a&b") in items


@respx.mock
@pytest.mark.parametrize("address", ["javascript:alert(1)", "", "http://", "file:///x"])
async def test_an_address_that_must_not_be_opened_is_replaced(address: str) -> None:
    respx.get(f"{URL}/api/v2/alerts").respond(json=[_alert(generatorURL=address)])
    (record,) = await _alerts(_source())
    assert record.url == f"{URL}/#/alerts"


@respx.mock
async def test_an_alert_in_another_shape_does_not_hide_the_others_and_is_not_hidden_itself() -> None:
    rows = [_alert(), _alert(startsAt="yesterday"), _alert(labels={"alertname": 7}), {"labels": {}}, 7]
    respx.get(f"{URL}/api/v2/alerts").respond(json=rows)
    source = _source()
    report = await source.poll()
    await source.close()
    assert report.records is not None
    assert len(report.records.alerts) == 1
    assert report.records.warnings == ("4 of the alerts came in a shape nobody expected: not shown.",)


@respx.mock
async def test_alerts_that_are_all_in_another_shape_fail_the_poll() -> None:
    respx.get(f"{URL}/api/v2/alerts").respond(json=[_alert(startsAt="yesterday")])
    source = _source()
    report = await source.poll()
    await source.close()
    assert report.failure is not None
    assert report.failure.kind == "malformed"


@respx.mock
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(500), "answered 500"),
        (httpx.Response(200, json={}), "unexpected shape"),
        (httpx.Response(200, json=[{"id": 7}, {"id": "s2"}]), "1 silences could not be read"),
    ],
)
async def test_silences_that_cannot_be_read_leave_the_alerts(answer: httpx.Response, said: str) -> None:
    status = {"state": "suppressed", "silencedBy": ["s1"], "inhibitedBy": []}
    respx.get(f"{URL}/api/v2/alerts").respond(json=[_alert(status=status)])
    respx.get(f"{URL}/api/v2/silences").mock(return_value=answer)
    source = _source()
    report = await source.poll()
    await source.close()
    assert report.records is not None
    (record,) = report.records.alerts
    assert (record.status, record.silenced_by) == (Status.SILENCED, None)
    assert any(said in warning for warning in report.records.warnings)


@respx.mock
async def test_the_doctor_reports_version_and_a_cluster_that_is_not_ready() -> None:
    respx.get(f"{URL}/api/v2/alerts").respond(json=[])
    status = {"versionInfo": {"version": "0.27.0"}, "cluster": {"status": "settling"}}
    respx.get(f"{URL}/api/v2/status").mock(return_value=httpx.Response(200, json=status))
    source = _source()
    findings = await source.check()
    await source.close()
    assert [finding.state for finding in findings] == [CheckState.OK, CheckState.OK, CheckState.WARNING]
    assert "0.27.0" in findings[1].what


@respx.mock
@pytest.mark.parametrize(("version", "state"), [("0.21.0", CheckState.FAILED), ("", CheckState.OK)])
async def test_the_doctor_says_which_version_is_needed(version: str, state: CheckState) -> None:
    respx.get(f"{URL}/api/v2/alerts").respond(json=[])
    told = {"versionInfo": {"version": version}, "cluster": {"status": "ready"}}
    respx.get(f"{URL}/api/v2/status").respond(json=told)
    source = _source()
    findings = await source.check()
    await source.close()
    assert findings[1].state is state
    assert ("0.22" in findings[1].advice) is (state is CheckState.FAILED)


@respx.mock
@pytest.mark.parametrize(("receiver", "is_told"), [("team-.*", False), ("team", True), (r"\pL+", False)])
async def test_the_doctor_says_when_no_receiver_matches(receiver: str, is_told: bool) -> None:
    respx.get(f"{URL}/api/v2/alerts").respond(json=[])
    respx.get(f"{URL}/api/v2/status").respond(500)
    respx.get(f"{URL}/api/v2/receivers").respond(json=[{"name": "team-a"}, {"name": "null"}])
    source = _source(receiver=receiver)
    findings = await source.check()
    await source.close()
    told = [finding for finding in findings if finding.topic is Topic.FILTERS]
    assert [finding.state for finding in told] == ([CheckState.FAILED] if is_told else [])
    assert all("team-a, null" in finding.advice for finding in told)
    assert findings[1].state is CheckState.FAILED, "the status is asked for all the same"


@respx.mock
async def test_a_silence_that_is_prolonged_or_ends_shows_with_the_next_poll() -> None:
    muted = {"state": "suppressed", "silencedBy": ["s1"], "inhibitedBy": []}
    alerts = respx.get(f"{URL}/api/v2/alerts").respond(json=[_alert(muted)])
    silences = respx.get(f"{URL}/api/v2/silences").respond(json=[_silence("s1", "jo", "2026-11-21T04:00:00Z")])
    source = _source()
    seen = []
    for _ in range(2):
        report = await source.poll()
        assert report.records is not None
        seen.append(report.records.alerts[0].silenced_until)
        silences.respond(json=[_silence("s1", "jo", "2026-11-21T06:00:00Z")])
    alerts.respond(json=[_alert()])
    (record,) = await _alerts(source)
    assert [moment.hour if moment else None for moment in seen] == [4, 6]
    assert (record.status, record.silenced_until) == (Status.FIRING, None)
