"""The HTTP API, spoken to by a plain client and by ``prometheus-api-client`` unchanged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_api_client import PrometheusConnect

from oncall_tui.simulator.prometheus import Metadata, Target, prometheus_app
from oncall_tui.simulator.rules import AlertRule, RuleEngine
from oncall_tui.simulator.series import SeriesStore

T0 = 1_700_000_000.0
NOW = T0 + 600.5
Client = TestClient[web.Request, web.Application]
Start = Callable[..., Awaitable[Client]]

RULES = (
    AlertRule("Up", "up == 1", annotations={"summary": "{{ $labels.instance }} is up"}, group="one"),
    AlertRule("Slow", "up == 1", for_s=60, labels={"severity": "page"}, group="two"),
)
TARGETS = (
    Target("api", "a:80", {"zone": "eu"}, last_scrape=NOW - 3),
    Target("api", "b:80", up=False, last_scrape=NOW - 3, last_error="connection refused"),
)


def filled_store() -> SeriesStore:
    store = SeriesStore()
    for i in range(41):
        for number, instance in enumerate(("a:80", "b:80"), start=1):
            base = {"job": "api", "instance": instance}
            store.append({"__name__": "up", **base}, T0 + 15 * i, float(2 - number))
            store.append({"__name__": "requests_total", **base}, T0 + 15 * i, 30.0 * i * number)
            store.append({"__name__": "latency_bucket", "le": "+Inf", **base}, T0 + 15 * i, 1.0 * i)
    store.append({"__name__": "odd", "text": 'a"b\\c\nd', "job": "db"}, T0 + 600, 0.25)
    return store


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    clients: list[Client] = []

    async def started(token: str | None = None, **options: Any) -> Client:
        store = filled_store()
        engine = RuleEngine(store, RULES, lambda: NOW)
        engine.evaluate(NOW)
        app = prometheus_app(store, engine, lambda: TARGETS, lambda: NOW, token, **options)
        client = TestClient(TestServer(app))
        clients.append(client)
        await client.start_server()
        return client

    yield started
    for client in clients:
        await client.close()


async def data(client: Client, path: str, **params: Any) -> Any:
    response = await client.get(f"/api/v1/{path}", params=params)
    body = await response.json()
    assert (response.status, body["status"]) == (200, "success"), body
    return body["data"]


async def error(client: Client, path: str, **params: Any) -> tuple[int, str, str]:
    response = await client.get(f"/api/v1/{path}", params=params)
    body = await response.json()
    assert body["status"] == "error"
    return response.status, body["errorType"], body["error"]


async def test_an_instant_query_gives_values_as_strings(start: Start) -> None:
    client = await start()
    assert await data(client, "query", query='up{instance="a:80"}', time=T0 + 600) == {
        "resultType": "vector",
        "result": [
            {"metric": {"__name__": "up", "instance": "a:80", "job": "api"}, "value": [T0 + 600, "1"]},
        ],
    }
    assert await data(client, "query", query="1/0") == {"resultType": "scalar", "result": [NOW, "+Inf"]}


async def test_a_query_may_come_as_a_form(start: Start) -> None:
    client = await start()
    response = await client.post("/api/v1/query", data={"query": "sum(up)", "time": "2023-11-14T22:23:20Z"})
    assert (await response.json())["data"]["result"][0]["value"] == [1_700_000_600, "1"]


async def test_a_range_query(start: Start) -> None:
    client = await start()
    found = await data(client, "query_range", query="rate(requests_total[1m])", start=T0 + 60, end=T0 + 600, step="1m")
    assert found["resultType"] == "matrix"
    assert [len(series["values"]) for series in found["result"]] == [10, 10]
    assert found["result"][1]["values"][0] == [T0 + 60, "4"]


@pytest.mark.parametrize(
    ("path", "params", "expected"),
    [
        ("query", {"query": "sum("}, 'invalid parameter "query": 1:1: parse error'),
        ("query", {}, 'invalid parameter "query"'),
        ("query", {"query": "up", "time": "x"}, 'invalid parameter "time": Invalid time value'),
        ("query_range", {"query": "up"}, 'invalid parameter "start": cannot parse "" to a valid timestamp'),
        ("query_range", {"query": "up", "start": 2, "end": 1, "step": 1}, "end timestamp must not be before"),
        ("query_range", {"query": "up", "start": 1, "end": 2, "step": "x"}, 'cannot parse "x" to a valid duration'),
        ("query_range", {"query": "up", "start": 1, "end": 2, "step": 0}, "zero or negative query resolution"),
        ("query_range", {"query": "up[1m]", "start": 1, "end": 2, "step": 1}, 'invalid expression type "range vector"'),
        ("query_range", {"query": "up", "start": 1, "end": 11_002, "step": 1}, "exceeded maximum resolution of 11,000"),
        ("series", {}, "no match[] parameter provided"),
        ("series", {"match[]": "sum(up)"}, 'invalid parameter "match[]"'),
        ("label/a-b/values", {}, 'invalid label name: "a-b"'),
        ("rules", {"type": "x"}, 'not supported value "x"'),
    ],
)  # fmt: skip
async def test_bad_requests(start: Start, path: str, params: dict[str, Any], expected: str) -> None:
    status, error_type, message = await error(await start(), path, **params)
    assert (status, error_type) == (400, "bad_data")
    assert expected in message


async def test_a_failed_evaluation_is_422(start: Start) -> None:
    client = await start()
    status, error_type, message = await error(client, "query", query="up * on (job) requests_total")
    assert (status, error_type) == (422, "execution")
    assert "many-to-many" in message


async def test_series_and_labels(start: Start) -> None:
    client = await start()
    assert len(await data(client, "series", **{"match[]": "up"})) == 2
    assert await data(client, "series", **{"match[]": "up", "end": T0 - 1}) == []
    assert "instance" in await data(client, "labels")
    assert await data(client, "label/job/values") == ["api", "db"]
    assert await data(client, "label/instance/values", **{"match[]": 'up{instance=~"a.*"}'}) == ["a:80"]


async def test_metadata_is_given_or_guessed(start: Start) -> None:
    client = await start(metadata={"up": Metadata("gauge", "Whether it is up.")})
    found = await data(client, "metadata")
    assert found["up"] == [{"type": "gauge", "help": "Whether it is up.", "unit": ""}]
    assert found["requests_total"][0]["type"] == "counter"
    assert found["latency"][0]["type"] == "histogram"
    assert list(await data(client, "metadata", metric="up")) == ["up"]
    assert len(await data(client, "metadata", limit=2)) == 2


async def test_targets(start: Start) -> None:
    client = await start()
    up, down = (await data(client, "targets"))["activeTargets"]
    assert up["labels"] == {"instance": "a:80", "job": "api", "zone": "eu"}
    assert (up["health"], up["lastScrape"]) == ("up", "2023-11-14T22:23:17.5Z")
    assert (down["health"], down["lastError"]) == ("down", "connection refused")
    assert (await data(client, "targets", state="dropped"))["activeTargets"] == []


async def test_rules_and_alerts(start: Start) -> None:
    client = await start()
    one, two = (await data(client, "rules", type="alert"))["groups"]
    assert (one["name"], two["name"]) == ("one", "two")
    [rule] = two["rules"]
    assert (rule["state"], rule["duration"], rule["type"], rule["health"]) == ("pending", 60, "alerting", "ok")
    firing, pending = (await data(client, "alerts"))["alerts"]
    assert firing == {
        "labels": {"alertname": "Up", "instance": "a:80", "job": "api"},
        "annotations": {"summary": "a:80 is up"},
        "state": "firing",
        "activeAt": "2023-11-14T22:23:20.5Z",
        "value": "1e+00",
    }
    assert pending["state"] == "pending"
    assert [group["rules"] for group in (await data(client, "rules", type="record"))["groups"]] == [[], []]


async def test_the_server_says_what_it_is(start: Start) -> None:
    client = await start()
    assert (await data(client, "status/buildinfo"))["version"].startswith("2.4")
    assert await (await client.get("/-/healthy")).text() == "Prometheus Server is Healthy.\n"
    assert (await client.get("/-/ready")).status == 200
    page = await (await client.get("/graph", params={"g0.expr": "up < <b>1"})).text()
    assert "up &lt; &lt;b&gt;1" in page


async def test_a_token_is_demanded_as_by_a_proxy(start: Start) -> None:
    client = await start("s3cret")
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "s3cret"}):
        response = await client.get("/api/v1/query", params={"query": "up"}, headers=headers)
        assert response.status == 401
        assert response.content_type == "text/html"
        assert "401 Authorization Required" in await response.text()
    good = {"Authorization": "Bearer s3cret"}
    assert (await client.get("/api/v1/query", params={"query": "up"}, headers=good)).status == 200
    assert (await client.get("/-/ready")).status == 200


async def test_warnings_of_a_partial_answer(start: Start) -> None:
    client = await start(warnings=lambda: ["store eu-2 did not answer"])
    response = await client.get("/api/v1/query", params={"query": "up"})
    assert (await response.json())["warnings"] == ["store eu-2 did not answer"]


async def test_middlewares_can_break_it(start: Start) -> None:
    @web.middleware
    async def broken(request: web.Request, handler: Any) -> web.StreamResponse:
        return web.Response(status=503, text="Service Unavailable")

    client = await start(middlewares=[broken])
    assert (await client.get("/api/v1/alerts")).status == 503


async def test_metrics_of_a_job_in_text_format(start: Start) -> None:
    client = await start(metadata={"odd": Metadata("gauge", "An odd\nthing.")})
    response = await client.get("/metrics/db")
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert await response.text() == ('# HELP odd An odd\\nthing.\n# TYPE odd gauge\nodd{text="a\\"b\\\\c\\nd"} 0.25\n')
    text = await (await client.get("/metrics/api", params={"instance": "a:80"})).text()
    assert '# TYPE latency histogram\nlatency_bucket{le="+Inf"} 40\n' in text
    assert "# TYPE requests_total counter\nrequests_total 1200\n" in text
    assert await (await client.get("/metrics/nothing")).text() == ""


async def test_the_widely_used_client_runs_unchanged(start: Start) -> None:
    client = await start("s3cret")
    url = str(client.make_url("")).rstrip("/")

    def talk() -> None:
        connect = PrometheusConnect(url=url, headers={"Authorization": "Bearer s3cret"})
        try:
            assert connect.check_prometheus_connection()
            assert set(connect.all_metrics()) >= {"up", "requests_total", "ALERTS"}
            [sample] = connect.custom_query("sum(up)")
            assert sample["value"][1] == "1"
            start_time, end_time = (datetime.fromtimestamp(t, UTC) for t in (T0, T0 + 600))
            [series] = connect.custom_query_range("sum(up)", start_time, end_time, "60")
            assert len(series["values"]) == 11
            assert len(connect.get_current_metric_value("up", {"job": "api"})) == 2
            assert len(connect.get_targets()["activeTargets"]) == 2
            assert connect.get_label_values("job") == ["api", "db"]
            assert "instance" in connect.get_label_names()
            assert "up" in connect.get_metric_metadata("up")[0]["metric_name"]
        finally:
            connect._session.close()

    await asyncio.to_thread(talk)
