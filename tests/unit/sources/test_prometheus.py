"""What the Prometheus source makes of the answers it gets: services, checks, alerts, trends, warnings."""

import json
import shutil
import ssl
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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
from oncall_tui.domain.service import Targets
from oncall_tui.domain.severity import Severity, SeverityMap
from oncall_tui.domain.threshold import Level, Sample
from oncall_tui.sources.base import Capability, Records, Source
from oncall_tui.sources.budget import Budget
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.fingerprint import fingerprint
from oncall_tui.sources.prometheus import Prometheus
from oncall_tui.sources.prometheus.alerts import AlertReader, broken_rules
from oncall_tui.sources.prometheus.checks import Checks, after_last_gap, planned, step_of
from oncall_tui.sources.prometheus.external import external_labels
from oncall_tui.sources.prometheus.queries import Line, Queries
from oncall_tui.sources.prometheus.services import ServiceMap
from oncall_tui.sources.registry import build, watched_by
from oncall_tui.sources.retry import Retry
from oncall_tui.sources.skew import Skew
from tests.contract.vendor_server import VendorServer, vendor_server

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
AT = NOW.timestamp()
TOKEN = "t0p-s3cret-t0ken"


class HandClock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class KnownToken:
    def reveal(self) -> str:
        return TOKEN


async def _at_once(_: float) -> None:
    """A pause that takes no time."""


class FakePrometheus:
    """Answers queries out of a table; a value that is an exception's text is a refused query."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {"up": []}
        self.present: dict[str, Any] = {}
        """What an instant query gives where that differs from the range."""
        self.asked: list[str] = []
        self.warnings: list[str] = []
        self.config = "global:\n  scrape_interval: 15s\n"
        self.alerts: list[Any] = []

    def answers(self) -> Mapping[str, Any]:
        return {
            "/api/v1/query": self.query,
            "/api/v1/query_range": self.query,
            "/api/v1/alerts": lambda request: {"status": "success", "data": {"alerts": self.alerts}},
            "/api/v1/rules": {"status": "success", "data": {"groups": []}},
            "/api/v1/status/config": lambda request: {"status": "success", "data": {"yaml": self.config}},
        }

    def query(self, request: web.Request) -> object:
        query = request.query["query"]
        self.asked.append(query)
        result = self.values.get(query, [])
        if query in self.present and request.path == "/api/v1/query":
            result = self.present[query]
        if isinstance(result, str):
            raise web.HTTPBadRequest(text=json.dumps({"status": "error", "error": result}))
        return {"status": "success", "data": {"resultType": "vector", "result": result}, "warnings": self.warnings}


def _vector(value: float, **labels: str) -> list[Any]:
    return [{"metric": labels, "value": [AT, str(value)]}]


def _source(url: str, clock: HandClock | None = None, **options: Any) -> Prometheus:
    settings = {key: options.pop(key) for key in tuple(options) if key not in ("services", "chart", "token", "headers")}
    return Prometheus(
        SourceName("prom"),
        PrometheusSettings(url=url, **settings),
        token=options.get("token"),
        headers=options.get("headers", {}),
        severities=SeverityMap(),
        clock=clock or HandClock(),
        services=options.get("services"),
        chart=options.get("chart"),
        retry=Retry(sleep=_at_once),
    )


async def _records(source: Source) -> Records:
    report = await source.poll()
    assert report.failure is None, report.failure
    assert report.records is not None
    return report.records


def _up(up: float, **labels: str) -> Line:
    return Line(labels, (Sample(NOW, up),))


def test_targets_are_grouped_by_service_label_else_job_else_instance() -> None:
    lines = [
        _up(1, service="api", env="prod", job="node"),
        _up(0, service="api", env="prod", job="node"),
        _up(1, service="api", env="staging"),
        _up(1, job="redis"),
        _up(1, instance="10.0.0.1:9100"),
        _up(0),
        Line({"job": "stale"}, ()),
    ]
    services = ServiceMap(PrometheusSettings(environment="home"), {}).services(lines, {})
    found = {(one.name, one.environment): one.targets for one in services}
    assert found == {
        ("api", "prod"): Targets(1, 2),
        ("api", "staging"): Targets(1, 1),
        ("redis", "home"): Targets(1, 1),
        ("10.0.0.1:9100", "home"): Targets(1, 1),
        ("unnamed", "home"): Targets(0, 1),
        ("stale", "home"): Targets(0, 1),
    }


def test_an_alias_is_the_service_and_without_discovery_only_configured_ones_show() -> None:
    settings = PrometheusSettings(discover=False)
    table = {"payments": ServiceSettings(aliases=("pay-svc",), url="https://dash", environment="prod")}
    services = ServiceMap(settings, table).services([_up(1, job="pay-svc"), _up(1, job="other")], {})
    assert [(one.name, one.environment, one.targets, one.url) for one in services] == [
        ("payments", "prod", Targets(1, 1), "https://dash")
    ]


async def test_checks_belong_to_the_configured_environment_of_a_service() -> None:
    fake = FakePrometheus()
    fake.values = {
        "up": [*_vector(1, service="api", env="prod"), *_vector(1, service="api", env="staging")],
        "q": _vector(3),
    }
    services = {"api": ServiceSettings(environment="prod", checks=(CheckSettings(name="c", query="q", warning=2.0),))}
    async with vendor_server(fake.answers()) as server:
        source = _source(server.url, services=services)
        records = await _records(source)
        await source.close()
    readings = {service.environment: service.readings for service in records.services}
    assert [reading.level for reading in readings["prod"]] == [Level.WARNING]
    assert readings["staging"] == ()


async def test_one_refused_check_is_unknown_with_a_warning_and_the_others_go_on() -> None:
    fake = FakePrometheus()
    fake.values |= {"good": _vector(1), "bad": "parse error: unexpected end", "two": _vector(1) * 2, "odd": [{"x": 1}]}
    checks = tuple(CheckSettings(name=name, query=name, warning=5.0) for name in ("good", "bad", "two", "odd", "none"))
    async with vendor_server(fake.answers()) as server:
        source = _source(server.url, services={"api": ServiceSettings(checks=checks)})
        records = await _records(source)
        await source.close()
    (service,) = records.services
    assert [(reading.level, reading.reason) for reading in service.readings] == [
        (Level.OK, ""),
        (Level.UNKNOWN, "400: parse error: unexpected end"),
        (Level.UNKNOWN, "the query gives 2 values instead of one: sum or max it"),
        (Level.UNKNOWN, "the answer has an unexpected shape"),
        (Level.UNKNOWN, "no data"),
    ]
    assert "api bad: 400: parse error: unexpected end" in records.warnings


async def test_checks_that_do_not_fit_the_budget_take_turns_and_keep_their_reading() -> None:
    fake, clock = FakePrometheus(), HandClock()
    names = [f"c{number}" for number in range(12)]
    fake.values |= {name: _vector(number) for number, name in enumerate(names)}
    checks = tuple(CheckSettings(name=name, query=name, warning=100.0) for name in names)
    async with vendor_server(fake.answers()) as server:
        source = _source(server.url, clock, budget=16, alerts=False, services={"api": ServiceSettings(checks=checks)})
        first = await _records(source)
        clock.move(61)
        fake.values |= {name: _vector(50) for name in names}
        second = await _records(source)
        await source.close()
    read_first = [reading.check.name for reading in first.services[0].readings if reading.value is not None]
    assert len(read_first) == 11
    missing = next(reading for reading in first.services[0].readings if reading.value is None)
    assert (missing.level, missing.reason) == (Level.UNKNOWN, "waits for the request budget")
    assert any("1 of 12 checks wait" in warning for warning in first.warnings)
    now = {reading.check.name: reading.value for reading in second.services[0].readings}
    assert now[missing.check.name] == 50
    assert sorted(value for value in now.values() if value is not None and value < 50) == [10]


async def test_a_reading_that_is_not_read_again_becomes_unknown() -> None:
    fake, clock = FakePrometheus(), HandClock()
    fake.values["a"] = _vector(1)
    budget = Budget(8, clock)
    async with vendor_server(fake.answers()) as server:
        queries = Queries(Connection(SourceName("prom"), server.url), Skew(clock))
        services = {"api": ServiceSettings(checks=(CheckSettings(name="a", query="a", warning=100.0),))}
        checks = Checks(services, queries, budget, clock)
        levels = []
        for seconds in (240, 61):
            (reading,) = (await checks.read()).by_service["api"]
            levels.append(reading.level)
            clock.move(seconds)
            for _ in range(8):
                budget.take_for_act()
        (reading,) = (await checks.read()).by_service["api"]
        queries.close()
    assert levels == [Level.OK, Level.OK]
    assert (reading.level, reading.value, reading.reason) == (Level.UNKNOWN, None, "last value at 03:00 UTC")


async def test_a_maximum_is_a_number_or_a_query_and_without_one_nothing_is_green() -> None:
    fake = FakePrometheus()
    fake.values |= {"used": _vector(45), "max": _vector(50)}
    checks = (
        CheckSettings(name="query", query="used", maximum="max", warning=80.0),
        CheckSettings(name="text", query="used", maximum="50", warning=80.0),
        CheckSettings(name="number", query="used", maximum=100, warning=80.0),
        CheckSettings(name="absent", query="used", maximum="nothing", warning=80.0),
    )
    async with vendor_server(fake.answers()) as server:
        source = _source(server.url, services={"db": ServiceSettings(checks=checks)})
        records = await _records(source)
        await source.close()
    levels = {reading.check.name: reading.level for reading in records.services[0].readings}
    assert levels == {"query": Level.WARNING, "text": Level.WARNING, "number": Level.OK, "absent": Level.UNKNOWN}


def test_settings_become_a_check() -> None:
    settings = CheckSettings(
        name="p95", query="q", unit="ms", warning=300.0, critical=500.0, for_="5m", critical_for="1m",
        direction="below", warning_severity="p4", critical_severity="P1",
    )  # fmt: skip
    check = planned("api", settings).check
    assert check.warning is not None
    assert check.critical is not None
    assert (check.warning.for_, check.critical.for_) == (timedelta(minutes=5), timedelta(minutes=1))
    assert (check.warning_severity, check.critical_severity) == (Severity.P4, Severity.P1)
    assert not check.percent_of_maximum
    assert check.window == timedelta(minutes=5)


@pytest.mark.parametrize(("window", "step"), [("10s", 5), ("5m", 5), ("1h", 30), ("2d", 1440)])
def test_a_window_has_at_most_120_points(window: str, step: int) -> None:
    length = {"10s": 10, "5m": 300, "1h": 3600, "2d": 172_800}[window]
    assert step_of(timedelta(seconds=length)) == step


def test_what_lies_before_a_gap_does_not_count() -> None:
    samples = tuple(Sample(NOW + timedelta(seconds=second), 1.0) for second in (0, 5, 10, 60, 65))
    assert after_last_gap(samples, timedelta(seconds=10)) == samples[3:]
    assert after_last_gap(samples[:3], timedelta(seconds=10)) == samples[:3]
    assert after_last_gap((), timedelta(seconds=10)) == ()


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
        source = _source(server.url, clock)
        for _ in range(5):
            await _records(source)
            clock.move(30)
        paths = [request.path for request in server.requests]
        await source.close()
    assert paths.count("/api/v1/status/config") == 1
    assert paths.count("/api/v1/rules") == 3
    assert paths.count("/api/v1/alerts") == 5


async def test_a_server_without_alerts_or_configuration_still_shows_services() -> None:
    fake = FakePrometheus()
    fake.values["up"] = _vector(1, job="api")
    answers = {path: answer for path, answer in fake.answers().items() if path.startswith("/api/v1/query")}
    async with vendor_server(answers) as server:
        source = _source(server.url)
        records = await _records(source)
        await source.close()
    assert [service.name for service in records.services] == ["api"]
    assert any("alerts = false" in warning for warning in records.warnings)


async def test_warnings_of_a_partial_answer_are_kept() -> None:
    fake, clock = FakePrometheus(), HandClock()
    fake.values["up"] = _vector(1, job="api")
    fake.warnings = ["store eu-1 is \x1b[31maway"]
    async with vendor_server(fake.answers()) as server:
        source = _source(server.url, clock)
        records = await _records(source)
        await source.close()
    assert records.warnings == ("store eu-1 is \ufffd[31maway",)


async def test_the_chart_is_read_twice_a_minute_and_kept_in_between() -> None:
    fake, clock = FakePrometheus(), HandClock()
    fake.values["p95"] = [{"metric": {}, "values": [[AT - 60, "1"], [AT, "NaN"]]}]
    chart = ChartSettings(title="Latency", lines=(LineSettings(name="P95", query="p95"),), span="24h", limit=2.0)
    async with vendor_server(fake.answers()) as server:
        source = _source(server.url, clock, chart=chart)
        for _ in range(4):
            records = await _records(source)
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
        source = _source(server.url, clock, chart=chart)
        records = await _records(source)
        await source.close()
    samples = records.trends[0].samples
    assert [(sample.at.timestamp() - AT, sample.value) for sample in samples] == [(-60, 1.0), (0, 2.0), (90, 3.0)]


async def test_headers_and_basic_authentication_go_with_both_clients() -> None:
    fake = FakePrometheus()
    async with vendor_server(fake.answers()) as server:
        source = _source(server.url, token=KnownToken(), username="jo", headers={"X-Scope-OrgID": "a"})
        await _records(source)
        assert {request.path for request in server.requests} == set(fake.answers()) - {"/api/v1/query_range"}
        for request in server.requests:
            assert request.headers["Authorization"].startswith("Basic ")
            assert request.headers["X-Scope-OrgID"] == "a"
        await source.close()


async def test_netrc_does_not_replace_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("default login other password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    async with vendor_server(FakePrometheus().answers()) as server:
        source = _source(server.url, token=KnownToken())
        await _records(source)
        assert {request.headers["Authorization"] for request in server.requests} == {f"Bearer {TOKEN}"}
        await source.close()


async def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    async with vendor_server(FakePrometheus().answers()) as server:
        source = _source(server.url)
        await _records(source)
        await source.close()


async def test_a_redirect_of_a_query_to_another_host_does_not_take_the_token_along() -> None:
    async with vendor_server() as elsewhere, vendor_server() as server:
        server.behaviour = lambda request: web.Response(status=302, headers={"Location": f"{elsewhere.url}/x"})
        source = _source(server.url, token=KnownToken(), alerts=False)
        report = await source.poll()
        assert report.failure is not None
        assert report.failure.kind == "refused"
        assert elsewhere.requests == []
        await source.close()


async def test_a_check_refused_by_an_echoing_proxy_does_not_show_the_token() -> None:
    fake = FakePrometheus()
    checks = (CheckSettings(name="c", query="c"),)

    def behaviour(request: web.Request) -> web.StreamResponse:
        if request.query.get("query") == "c":
            return web.json_response({"error": f"bad header {request.headers['Authorization']}"}, status=400)
        answer = fake.answers()[request.path]
        return web.json_response(answer(request) if callable(answer) else answer)

    async with vendor_server() as server:
        server.behaviour = behaviour
        source = _source(server.url, token=KnownToken(), services={"api": ServiceSettings(checks=checks)})
        records = await _records(source)
        await source.close()
    assert records.services[0].readings[0].level is Level.UNKNOWN
    assert "***" in repr(records)
    assert TOKEN not in repr(records)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A certificate that signs itself and its key, in an environment that names no other authority."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate of this test")
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    key, public = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(public)]
    subprocess.run([*command.split(), *names], check=True, capture_output=True)
    return public, key


async def test_a_private_authority_is_trusted_by_both_clients_when_it_is_named(certificate: tuple[Path, Path]) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    server = VendorServer(answers=FakePrometheus().answers())
    runner = web.ServerRunner(web.Server(server.handle), shutdown_timeout=0.1)  # type: ignore[arg-type]
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    url = f"https://127.0.0.1:{runner.addresses[0][1]}"
    trusting, doubting = _source(url, ca_file=certificate[0]), _source(url)
    queried = _source(url, alerts=False)
    try:
        await _records(trusting)
        assert {urlsplit(str(request.url)).path for request in server.requests} >= {"/api/v1/query", "/api/v1/alerts"}
        for source in (doubting, queried):
            report = await source.poll()
            assert report.failure is not None
            assert report.failure.kind == "unreachable"
            assert "TLS" in report.failure.message
            assert "ca_file" in report.failure.hint
    finally:
        for source in (trusting, doubting, queried):
            await source.close()
        await runner.cleanup()


def test_capabilities_follow_the_settings() -> None:
    assert _source("http://localhost:1").capabilities == {Capability.SERVICES, Capability.TRENDS, Capability.ALERTS}
    assert Capability.ALERTS not in _source("http://localhost:1", alerts=False).capabilities


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
