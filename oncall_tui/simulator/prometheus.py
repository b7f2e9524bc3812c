"""A Prometheus to talk to: its HTTP API over a `SeriesStore` and a `RuleEngine`.

Source: "HTTP API" and "Management API" in the Prometheus documentation, as version 2.4x speaks them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from html import escape
from urllib.parse import unquote

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from . import prometheus_views as views
from .exposition import CONTENT_TYPE, Metadata, exposition, family_of, metadata_of
from .labels import LABEL_NAME, METRIC_NAME, Labels, Matcher, MatchOp
from .prometheus_params import (
    ApiError,
    bad_parameter,
    duration_parameter,
    parameters,
    query_data,
    success,
    time_parameter,
)
from .prometheus_views import Target
from .promql import QueryError, RangeQuery, compile_selector, instant_query
from .promql.model import Moment
from .promql.selectors import Shift, VectorSelectorNode
from .rules import RuleEngine
from .series import SeriesStore, to_ms

__all__ = ["Metadata", "Target", "prometheus_app"]

OPEN_PATHS = frozenset({"/-/healthy", "/-/ready"})
"""Health checks, which a reverse proxy lets through without a token."""

STEPS_AT_ONCE = 25
"""Steps of a range query between two looks at other requests: 24 h by the minute may take half a second."""

_UNAUTHORIZED = (
    "<html>\r\n<head><title>401 Authorization Required</title></head>\r\n<body>\r\n"
    "<center><h1>401 Authorization Required</h1></center>\r\n<hr><center>nginx</center>\r\n"
    "</body>\r\n</html>\r\n"
)


def prometheus_app(
    store: SeriesStore,
    engine: RuleEngine,
    targets: Callable[[], Sequence[Target]],
    clock: Callable[[], float],
    token: str | None = None,
    *,
    metadata: Mapping[str, Metadata] | None = None,
    warnings: Callable[[], Sequence[str]] = tuple,
    middlewares: Sequence[Middleware] = (),
    alertmanagers: Sequence[str] = (),
) -> web.Application:
    """Return the application.

    Args:
        store: what queries see.
        engine: what ``/api/v1/rules`` and ``/api/v1/alerts`` show.
        targets: returns the scrape targets as they are now.
        clock: returns unix seconds.
        token: when set, requests need ``Authorization: Bearer <token>``.
        metadata: metric metadata by family; what is missing is guessed from the name.
        warnings: returns the warnings to put on answers of queries, as Thanos does for a partial answer.
        middlewares: run inside the authorization, for faults such as delays and 503 answers.
        alertmanagers: base addresses of those that alerts are sent to.
    """
    api = _Api(store, engine, targets, clock, metadata or {}, warnings, alertmanagers)
    app = web.Application(middlewares=[_bearer(token), *middlewares, _errors])
    for path, handler in api.posts().items():
        app.router.add_get(f"/api/v1/{path}", handler)
        app.router.add_post(f"/api/v1/{path}", handler)
    for path, handler in api.gets().items():
        app.router.add_get(path, handler)
    return app


def _bearer(token: str | None) -> Middleware:
    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        is_allowed = not token or request.path in OPEN_PATHS
        if is_allowed or request.headers.get("Authorization") == f"Bearer {token}":
            return await handler(request)
        headers = {"WWW-Authenticate": 'Bearer realm="prometheus"'}
        return web.Response(status=401, text=_UNAUTHORIZED, content_type="text/html", headers=headers)

    return check


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except ApiError as problem:
        return problem.response()
    except QueryError as problem:
        return _query_error(problem).response()


class _Api:
    """The handlers, one for each path."""

    def __init__(
        self,
        store: SeriesStore,
        engine: RuleEngine,
        targets: Callable[[], Sequence[Target]],
        clock: Callable[[], float],
        metadata: Mapping[str, Metadata],
        warnings: Callable[[], Sequence[str]],
        alertmanagers: Sequence[str],
    ) -> None:
        self._store = store
        self._engine = engine
        self._targets = targets
        self._clock = clock
        self._metadata = metadata
        self._warnings = warnings
        self._alertmanagers = alertmanagers

    def posts(self) -> dict[str, Callable[[web.Request], Awaitable[web.Response]]]:
        """Return the handlers under ``/api/v1/`` that take GET and a POST form."""
        return {
            "query": self.query,
            "query_range": self.query_range,
            "series": self.series,
            "labels": self.label_names,
        }

    def gets(self) -> dict[str, Callable[[web.Request], Awaitable[web.Response]]]:
        """Return the other handlers, by full path."""
        return {
            "/api/v1/label/{name}/values": self.label_values,
            "/api/v1/metadata": self.metadata,
            "/api/v1/targets": self.targets,
            "/api/v1/rules": self.rules,
            "/api/v1/alerts": self.alerts,
            "/api/v1/alertmanagers": self.alertmanagers,
            "/api/v1/status/buildinfo": self.buildinfo,
            "/-/healthy": self.healthy,
            "/-/ready": self.ready,
            "/metrics/{job}": self.metrics,
            "/graph": self.graph,
            "/": self.graph,
        }

    async def query(self, request: web.Request) -> web.Response:
        """Answer an instant query."""
        params = await parameters(request)
        t = time_parameter(params, "time", self._clock())
        try:
            result = instant_query(self._store, params.get("query", ""), t)
        except QueryError as problem:
            raise _query_error(problem) from problem
        return success(query_data(result), self._warnings())

    async def query_range(self, request: web.Request) -> web.Response:
        """Answer a range query."""
        params = await parameters(request)
        start, end = time_parameter(params, "start"), time_parameter(params, "end")
        if end < start:
            raise bad_parameter("end", "end timestamp must not be before start time")
        step = duration_parameter(params, "step")
        if step <= 0:
            reason = "zero or negative query resolution step widths are not accepted. Try a positive integer"
            raise bad_parameter("step", reason)
        try:
            evaluation = RangeQuery(self._store, params.get("query", ""), start, end, step)
            for done, _ in enumerate(evaluation.steps(), start=1):
                if done % STEPS_AT_ONCE == 0:
                    await asyncio.sleep(0)
        except QueryError as problem:
            raise _query_error(problem) from problem
        return success(query_data(evaluation.result()), self._warnings())

    async def series(self, request: web.Request) -> web.Response:
        """Answer with the label sets that match."""
        params = await parameters(request)
        if not params.getall("match[]", []):
            raise ApiError(400, "bad_data", "no match[] parameter provided")
        found = self._matching(params.getall("match[]"), *_span(params))
        return success([dict(labels) for labels in found], self._warnings())

    async def label_names(self, request: web.Request) -> web.Response:
        """Answer with the label names in use."""
        params = await parameters(request)
        found = self._matching(params.getall("match[]", []), *_span(params))
        return success(sorted({name for labels in found for name in labels}), self._warnings())

    async def label_values(self, request: web.Request) -> web.Response:
        """Answer with the values of one label."""
        name = request.match_info["name"]
        if not LABEL_NAME.fullmatch(name):
            raise ApiError(400, "bad_data", f'invalid label name: "{name}"')
        found = self._matching(request.query.getall("match[]", []), *_span(request.query))
        return success(sorted({labels[name] for labels in found if name in labels}), self._warnings())

    async def metadata(self, request: web.Request) -> web.Response:
        """Answer with type and help of the metric families."""
        names = set(self._store.metric_names())
        wanted = request.query.get("metric", "")
        families = sorted({family_of(name, names) for name in names})
        limit = int(_number(request.query, "limit", len(families)))
        chosen = [family for family in families if wanted in ("", family)][: max(0, limit)]
        known = {family: metadata_of(family, names, self._metadata) for family in chosen}
        return success({f: [{"type": m.type, "help": m.help, "unit": m.unit}] for f, m in known.items()})

    async def targets(self, request: web.Request) -> web.Response:
        """Answer with the scrape targets."""
        return success(views.targets_data(list(self._targets()), request.query.get("state", "any").lower()))

    async def rules(self, request: web.Request) -> web.Response:
        """Answer with the rule groups."""
        kind = request.query.get("type", "").lower()
        if kind not in ("", "alert", "record"):
            raise bad_parameter("type", f'not supported value "{kind}"')
        return success(views.rules_data(self._engine, kind))

    async def alerts(self, request: web.Request) -> web.Response:
        """Answer with the pending and firing alerts."""
        return success(views.alerts_data(self._engine))

    async def alertmanagers(self, request: web.Request) -> web.Response:
        """Answer with the Alertmanagers that alerts are sent to."""
        return success(views.alertmanagers_data(self._alertmanagers))

    async def buildinfo(self, request: web.Request) -> web.Response:
        """Answer with the version."""
        return success(views.buildinfo_data())

    async def healthy(self, request: web.Request) -> web.Response:
        """Say that the server lives."""
        return web.Response(text="Prometheus Server is Healthy.\n")

    async def ready(self, request: web.Request) -> web.Response:
        """Say that the server is ready."""
        return web.Response(text="Prometheus Server is Ready.\n")

    async def metrics(self, request: web.Request) -> web.Response:
        """Answer a scrape of one job with its newest samples."""
        matchers = [Matcher("job", MatchOp.EQUAL, request.match_info["job"])]
        dropped = ["job"]
        if instance := request.query.get("instance"):
            matchers.append(Matcher("instance", MatchOp.EQUAL, instance))
            dropped.append("instance")
        t_ms = to_ms(self._clock())
        at = Moment(self._store, t_ms, t_ms, t_ms, {})
        samples = VectorSelectorNode(matchers, Shift()).vector(at)
        body = exposition(samples, self._metadata, dropped).encode()
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})

    async def graph(self, request: web.Request) -> web.Response:
        """Show the expression that a link from an alert leads to."""
        expression = escape(unquote(request.query.get("g0.expr", "")))
        page = f"<!doctype html><title>Prometheus</title><h1>Prometheus</h1><pre>{expression}</pre>"
        return web.Response(text=page, content_type="text/html")

    def _matching(self, selectors: Sequence[str], start: float, end: float) -> list[Labels]:
        found: dict[Labels, None] = {}
        for selector in selectors or ['{__name__=~".+"}']:
            try:
                matchers = compile_selector(selector)
            except QueryError as problem:
                raise bad_parameter("match[]", f"1:1: {problem.message}") from problem
            for one in self._store.matching(matchers):
                if one.times_ms and one.times_ms[-1] >= start * 1000 and one.times_ms[0] <= end * 1000:
                    found[one.labels] = None
        return sorted(found, key=lambda labels: (labels[METRIC_NAME], tuple(labels.items())))


def _query_error(problem: QueryError) -> ApiError:
    if problem.error_type == "execution":
        return ApiError(422, "execution", problem.message)
    if problem.message.startswith("parse error"):
        return bad_parameter("query", f"1:1: {problem.message}")
    return ApiError(400, "bad_data", problem.message)


def _span(params: Mapping[str, str]) -> tuple[float, float]:
    return time_parameter(params, "start", 0.0), time_parameter(params, "end", 1e12)


def _number(params: Mapping[str, str], name: str, default: int) -> float:
    try:
        return float(params.get(name, "") or default)
    except ValueError:
        raise ApiError(400, "bad_data", f"{name} must be a number") from None
