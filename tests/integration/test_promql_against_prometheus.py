"""The evaluator and a real Prometheus give the same answers on the same samples."""

from __future__ import annotations

import http.client
import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from oncall_tui.simulator.prometheus_params import query_data
from oncall_tui.simulator.promql import QueryError, instant_query, range_query
from oncall_tui.simulator.series import SeriesStore

from .moving_world import JOBS, served_world
from .promql_expressions import INSTANT, RANGE, REFUSED
from .servers import start_prometheus

pytestmark = pytest.mark.integration

WATCHED_S = 12.0
ORDERED = ("sort", "topk", "bottomk")

_JOB = """
  - job_name: {job}
    honor_labels: true
    metrics_path: /metrics/{job}
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


@dataclass(frozen=True)
class Scene:
    """A real Prometheus, the samples it has, and the time at which both sides are asked."""

    port: int
    store: SeriesStore
    t: float

    def ask(self, path: str, **params: Any) -> tuple[int, Any]:
        """Return status and body of the real server's answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60.0)
        try:
            connection.request("GET", f"/api/v1/{path}?{urlencode(params)}")
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Let Prometheus watch a moving world, then copy the samples that it stored."""
    with served_world() as world:
        jobs = "".join(_JOB.format(job=job, port=world.port) for job in JOBS)
        config = f"global: {{scrape_interval: 1s, scrape_timeout: 1s}}\nscrape_configs:{jobs}"
        with start_prometheus(tmp_path_factory.mktemp("promql"), config) as server:
            time.sleep(WATCHED_S)  # the outside process needs this long to have something to rate()
            t = round(time.time() - 1.5, 3)
            live = Scene(int(server.url.rsplit(":", 1)[1]), SeriesStore(), t)
            _wait_until_stored(live)
            _copy_samples(live)
            yield live


def _wait_until_stored(scene: Scene) -> None:
    """Wait for a later scrape of each target: what a slow one brought is stored with the time at which it began."""
    deadline = time.monotonic() + 60
    while True:
        _, body = scene.ask("query", query="min(timestamp(up))", time=time.time())
        if any(float(row["value"][1]) > scene.t + 1.0 for row in body["data"]["result"]):
            return
        assert time.monotonic() < deadline, body
        time.sleep(0.1)


def _copy_samples(scene: Scene) -> None:
    # Up to now and not only to t: expressions with a negative offset look beyond it.
    status, body = scene.ask("query", query='{__name__=~".+"}[5m]', time=scene.t + 1.0)
    assert status == 200
    for series in body["data"]["result"]:
        handle = scene.store.series(series["metric"])
        for t, value in series["values"]:
            handle.append(t, float(value))


def _by_labels(data: Any) -> Any:
    """Return the result with the series in a fixed order and the values as numbers."""
    if data["resultType"] in ("scalar", "string"):
        return data["result"]
    return sorted(data["result"], key=lambda row: sorted(row["metric"].items()))


def _assert_same(ours: Any, theirs: Any, where: str) -> None:
    if isinstance(theirs, dict):
        assert ours.keys() == theirs.keys(), where
        for key in theirs:
            _assert_same(ours[key], theirs[key], f"{where}.{key}")
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs), where
        for index, (our, their) in enumerate(zip(ours, theirs, strict=True)):
            _assert_same(our, their, f"{where}[{index}]")
    elif ours != theirs:
        a, b = float(ours), float(theirs)
        assert math.isclose(a, b, rel_tol=1e-9), f"{where}: {ours} is not {theirs}"


@pytest.mark.parametrize("expression", INSTANT)
def test_an_instant_query_agrees(scene: Scene, expression: str) -> None:
    status, body = scene.ask("query", query=expression, time=scene.t)
    assert status == 200, body
    ours = json.loads(json.dumps(query_data(instant_query(scene.store, expression, scene.t))))
    assert ours["resultType"] == body["data"]["resultType"]
    if expression.startswith(ORDERED):
        _assert_same(ours["result"], body["data"]["result"], expression)
    _assert_same(_by_labels(ours), _by_labels(body["data"]), expression)


@pytest.mark.parametrize("step", [1.0, 0.7])
@pytest.mark.parametrize("expression", RANGE)
def test_a_range_query_agrees(scene: Scene, expression: str, step: float) -> None:
    start = round(scene.t - 8.0, 3)
    status, body = scene.ask("query_range", query=expression, start=start, end=scene.t, step=step)
    assert status == 200, body
    result = range_query(scene.store, expression, start, scene.t, step)
    _assert_same(json.loads(json.dumps(query_data(result))), body["data"], expression)


@pytest.mark.parametrize("expression", REFUSED)
def test_a_wrong_query_is_refused_alike(scene: Scene, expression: str) -> None:
    status, body = scene.ask("query", query=expression, time=scene.t)
    assert status in (400, 422), body
    with pytest.raises(QueryError) as refusal:
        instant_query(scene.store, expression, scene.t)
    assert refusal.value.error_type == body["errorType"], body


def test_the_scene_is_worth_asking(scene: Scene) -> None:
    """Guard against agreeing on nothing: the samples move, and a counter was reset."""
    for expression in ("count(temperature) == 3", "sum(resets(http_requests_total[10s])) > 0"):
        assert scene.ask("query", query=expression, time=scene.t)[1]["data"]["result"], expression
    assert len(INSTANT) + len(RANGE) >= 60
