"""What the Prometheus source makes of the answers it gets: services, checks, alerts, trends, warnings."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import web

from oncall_tui.config.model import (
    ChartSettings,
    CheckSettings,
    Config,
    DisplaySettings,
    LineSettings,
    PrometheusSettings,
    SentrySettings,
    ServiceSettings,
)
from oncall_tui.domain.alert import JoinKey, JoinRule, SourceKind, Status
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import Severity, SeverityMap
from oncall_tui.sources.base import Capability, Source
from oncall_tui.sources.fingerprint import fingerprint
from oncall_tui.sources.prometheus.alerts import AlertReader, broken_rules
from oncall_tui.sources.prometheus.external import external_labels
from oncall_tui.sources.registry import build, watched_by
from tests.contract.vendor_server import vendor_server
from tests.unit.sources.prometheus_server import (
    AT,
    NOW,
    FakePrometheus,
    HandClock,
    KnownToken,
    records_of,
    source_of,
    vector,
)


def _alert(**more: Any) -> dict[str, Any]:
    labels = {"alertname": "Slow", "job": "api", "severity": "warning"} | more.pop("labels", {})
    return {"labels": labels, "annotations": {}, "state": "firing", "activeAt": "2026-11-21T02:50:00Z"} | more


def _read(*alerts: Any, external: Mapping[str, str] | None = None, **settings: Any) -> tuple[Any, ...]:
    reader = AlertReader(SourceName("prom"), PrometheusSettings(url="http://p:9090", **settings), SeverityMap())
    body = json.dumps({"status": "success", "data": {"alerts": alerts}}).encode()
    return reader.records(body, external or {}, NOW)[0]


def test_an_alert_without_annotations_and_times_is_still_a_record() -> None:
    (record,) = _read({"labels": {}, "state": "pending"})
    assert (record.title, record.name, record.service) == ("alert without a name", "", "")
    assert (record.status, record.since, record.severity) == (Status.PENDING, NOW, Severity.P3)
    (zero,) = _read(_alert(activeAt="0001-01-01T00:00:00Z"))
    assert zero.since == NOW


def test_labels_and_annotations_are_read() -> None:
    labels = {"service": "checkout", "env": "prod", "severity": "page"}
    annotations = {"summary": "slow", "description": "very\nslow", "runbook_url": "https://rb/x"}
    (record,) = _read(_alert(labels=labels, annotations=annotations), _alert(state="inactive", labels={"a": "b"}))
    assert (record.service, record.environment, record.severity) == ("checkout", "prod", Severity.P1)
    assert (record.title, record.summary, record.runbook) == ("slow", "very\nslow", "https://rb/x")
    assert record.url == "http://p:9090/alerts?search=Slow"


def test_a_name_that_makes_no_address_leads_to_the_page_of_all_alerts() -> None:
    (record,) = _read(_alert(labels={"alertname": "界" * 400}))
    assert record.url == "http://p:9090/alerts"


@pytest.mark.parametrize(
    ("runbook", "kept"),
    [("javascript:alert(1)", None), ("file:///etc/passwd", None), ("high-latency", "high-latency"), ("", None)],
)
def test_only_a_runbook_that_may_be_opened_is_kept(runbook: str, kept: str | None) -> None:
    (record,) = _read(_alert(annotations={"runbook": runbook}))
    assert record.runbook == kept


def test_the_join_keys_are_the_fingerprints_with_external_labels_with_and_without_replica() -> None:
    labels = {"alertname": "Slow", "job": "api", "severity": "warning"}
    (record,) = _read(_alert(), external={"region": "eu", "replica": "a", "job": "ignored"})
    prints = {fingerprint({**labels, "region": "eu", **more}) for more in ({"replica": "a"}, {})}
    assert {key.value for key in record.keys} == prints
    assert JoinKey(JoinRule.RECEIVER_LABELS, record.id) in record.keys
    assert record.id == fingerprint({**labels, "region": "eu", "replica": "a"})


def test_one_strange_alert_does_not_hide_the_others_and_is_told() -> None:
    reader = AlertReader(SourceName("prom"), PrometheusSettings(url="http://p:9090"), SeverityMap())
    alerts = [_alert(), _alert(labels={"job": 7}), {"labels": {}}, 7, _alert(activeAt="yesterday")]
    body = json.dumps({"status": "success", "data": {"alerts": alerts}}).encode()
    records, said = reader.records(body, {}, NOW)
    assert [record.name for record in records] == ["Slow"]
    assert said == ("4 of the alerts came in a shape nobody expected: not shown.",)


@pytest.mark.parametrize(
    ("state", "status"), [("recovering", Status.FIRING), ("pending", Status.PENDING), ("inactive", None)]
)
def test_a_state_that_nobody_knows_is_shown(state: str, status: Status | None) -> None:
    assert [record.status for record in _read(_alert(state=state))] == ([status] if status else [])


def test_the_same_alert_twice_is_one_record() -> None:
    assert len(_read(_alert(), _alert(state="pending"))) == 1


def test_an_unchanged_alert_keeps_its_record_and_a_changed_one_does_not() -> None:
    reader = AlertReader(SourceName("prom"), PrometheusSettings(), SeverityMap())

    def read(external: Mapping[str, str] | None = None, **more: Any) -> Any:
        body = json.dumps({"data": {"alerts": [_alert(**more)]}}).encode()
        return reader.records(body, external or {}, NOW)[0][0]

    first = read()
    assert read() is first
    assert read(state="pending").status is Status.PENDING
    assert read(annotations={"summary": "new words"}).title == "new words"
    assert read(external={"region": "eu"}).labels["region"] == "eu"
    assert read() == first


@pytest.mark.parametrize("body", [b"[]", b'{"data": {}}', b'{"data": {"alerts": [{"labels": 1}]}}', b'{"data": {"al'])
def test_a_wrong_shape_is_an_error_and_not_an_empty_list(body: bytes) -> None:
    reader = AlertReader(SourceName("prom"), PrometheusSettings(), SeverityMap())
    with pytest.raises(ValueError, match=r"\w"):
        reader.records(body, {}, NOW)


def test_rules_that_cannot_be_evaluated_are_a_warning() -> None:
    rules = [{"name": f"r{n}", "health": "err", "lastError": "boom"} for n in range(5)] + [
        {"name": "ok", "health": "ok"}
    ]
    body = json.dumps({"data": {"groups": [{"rules": rules}]}}).encode()
    (warning,) = broken_rules(body)
    assert warning == "5 alert rules cannot be evaluated: r0: boom; r1: boom; r2: boom"


@pytest.mark.parametrize(
    ("yaml", "labels"),
    [
        ("global:\n  external_labels:\n    a: b\n    c: \"0\"\nrule_files: []\n", {"a": "b", "c": "0"}),
        ("global:\n  external_labels:\n    d: 'it''s'\n", {"d": "it's"}),
        ("global:\n  external_labels:\n    url: http://x:1/y z\n  next: 1\n", {"url": "http://x:1/y z"}),
        ("global:\n  scrape_interval: 1s\n", {}),
        ("global:\n  external_labels:\n    a: |\n      many\n", {}),
        ("global:\n  external_labels:\n    a: &anchor b\n", {}),
        ("global:\n  external_labels:\n    a: 'open\n", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_external_labels_are_read_for_sure_or_not_at_all(yaml: str, labels: dict[str, str]) -> None:
    assert external_labels(json.dumps({"data": {"yaml": yaml}}).encode()) == labels


def test_a_configuration_in_another_shape_has_no_external_labels() -> None:
    assert external_labels(b'{"data": 1}') == external_labels(b"<html>") == {}


async def test_external_labels_are_read_once_an_hour_and_rules_once_a_minute() -> None:
    fake, clock = FakePrometheus(), HandClock()
    async with vendor_server(fake.answers()) as server:
        source = source_of(server.url, clock)
        for _ in range(5):
            await records_of(source)
            clock.move(30)
        paths = [request.path for request in server.requests]
        await source.close()
    assert paths.count("/api/v1/status/config") == 1
    assert paths.count("/api/v1/rules") == 3
    assert paths.count("/api/v1/alerts") == 5


async def test_external_labels_that_could_not_be_read_are_asked_for_again_a_minute_later() -> None:
    fake, clock = FakePrometheus(), HandClock()
    fake.alerts = [_alert()]
    fake.config = "global:\n  external_labels:\n    region: eu\n"
    states = iter([503, 503, 503, 200])

    def config(_: web.Request) -> object:
        if next(states) == 503:
            raise web.HTTPServiceUnavailable
        return {"status": "success", "data": {"yaml": fake.config}}

    async with vendor_server({**fake.answers(), "/api/v1/status/config": config}) as server:
        source = source_of(server.url, clock)
        keys = []
        for _ in range(4):
            (found,) = (await records_of(source)).alerts
            keys.append(found.keys)
            clock.move(30)
        paths = [request.path for request in server.requests]
        await source.close()
    assert keys[0] == keys[1] != keys[2] == keys[3]
    assert paths.count("/api/v1/status/config") == 4, "three tries of the first poll, one of the third"


async def test_a_server_without_alerts_or_configuration_still_shows_services() -> None:
    fake = FakePrometheus()
    fake.values["up"] = vector(1, job="api")
    answers = {path: answer for path, answer in fake.answers().items() if path.startswith("/api/v1/query")}
    async with vendor_server(answers) as server:
        source = source_of(server.url)
        records = await records_of(source)
        await source.close()
    assert [service.name for service in records.services] == ["api"]
    assert any("alerts = false" in warning for warning in records.warnings)


async def test_warnings_of_a_partial_answer_are_kept() -> None:
    fake, clock = FakePrometheus(), HandClock()
    fake.values["up"] = vector(1, job="api")
    fake.warnings = ["store eu-1 is \x1b[31maway"]
    async with vendor_server(fake.answers()) as server:
        source = source_of(server.url, clock)
        records = await records_of(source)
        await source.close()
    assert records.warnings == ("store eu-1 is \ufffd[31maway",)


async def test_the_chart_is_read_twice_a_minute_and_kept_in_between() -> None:
    fake, clock = FakePrometheus(), HandClock()
    fake.values["p95"] = [{"metric": {}, "values": [[AT - 60, "1"], [AT, "NaN"]]}]
    chart = ChartSettings(title="Latency", lines=(LineSettings(name="P95", query="p95"),), span="24h", limit=2.0)
    async with vendor_server(fake.answers()) as server:
        source = source_of(server.url, clock, chart=chart)
        for _ in range(4):
            records = await records_of(source)
            assert [trend.name for trend in records.trends] == ["P95"]
            assert [sample.value for sample in records.trends[0].samples] == [1.0]
            clock.move(20)
        ranges = [request for request in server.requests if request.path == "/api/v1/query_range"]
        await source.close()
    assert len(ranges) == 2
    query = ranges[0].query
    assert (int(query["end"]) - int(query["start"])) / int(query["step"].rstrip("s")) <= 239
    assert int(query["end"]) % int(query["step"].rstrip("s")) == 0


async def test_a_line_of_the_chart_ends_in_the_present() -> None:
    fake, clock = FakePrometheus(), HandClock()
    fake.values["p95"] = [{"metric": {}, "values": [[AT - 60, "1"], [AT, "2"]]}]
    fake.present["p95"] = [{"metric": {}, "value": [AT + 90, "3"]}]
    chart = ChartSettings(title="Latency", lines=(LineSettings(name="P95", query="p95"),), span="24h")
    async with vendor_server(fake.answers()) as server:
        source = source_of(server.url, clock, chart=chart)
        records = await records_of(source)
        await source.close()
    samples = records.trends[0].samples
    assert [(sample.at.timestamp() - AT, sample.value) for sample in samples] == [(-60, 1.0), (0, 2.0), (90, 3.0)]


def test_capabilities_follow_the_settings() -> None:
    assert source_of("http://localhost:1").capabilities == {Capability.SERVICES, Capability.TRENDS, Capability.ALERTS}
    assert Capability.ALERTS not in source_of("http://localhost:1", alerts=False).capabilities


def test_a_check_belongs_to_its_source_or_to_the_first() -> None:
    mine, free = CheckSettings(name="mine", query="1", source="two"), CheckSettings(name="free", query="1")
    chart = ChartSettings(title="x", lines=())
    config = Config(
        sources={"s": SentrySettings(), "one": PrometheusSettings(), "two": PrometheusSettings()},
        services={"api": ServiceSettings(checks=(mine, free)), "plain": ServiceSettings(aliases=("p",))},
        display=DisplaySettings(chart=chart),
    )
    services, drawn = watched_by("one", config)
    assert {name: [check.name for check in table.checks] for name, table in services.items()} == {
        "api": ["free"],
        "plain": [],
    }
    assert drawn is chart
    services, drawn = watched_by("two", config)
    assert {name: [check.name for check in table.checks] for name, table in services.items()} == {"api": ["mine"]}
    assert drawn is None


def test_the_registry_builds_by_kind_and_resolves_references() -> None:
    asked: list[str] = []

    def resolve(reference: str) -> KnownToken:
        asked.append(reference)
        return KnownToken()

    settings = PrometheusSettings(url="http://localhost:1", token="env:PROM", headers={"X-A": "env:A", "X-B": "plain"})
    source = build("prom", settings, severities=SeverityMap(), clock=HandClock(), resolve_secret=resolve)
    assert isinstance(source, Source)
    assert (source.name, source.kind) == ("prom", SourceKind.PROMETHEUS)
    assert asked == ["env:PROM", "env:A"]
