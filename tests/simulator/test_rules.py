"""The life of an alert: inactive, pending, firing, resolved."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

import pytest

from oncall_tui.simulator.labels import Matcher, MatchOp
from oncall_tui.simulator.promql import QueryError, VectorResult, instant_query
from oncall_tui.simulator.rules import AlertNotice, AlertRule, RuleEngine
from oncall_tui.simulator.series import SeriesStore
from oncall_tui.simulator.templates import expand

T0 = 1_700_000_000.0
RULE = AlertRule(
    "HighLoad",
    "load > 5",
    for_s=60,
    labels={"severity": "page", "svc": "override-{{ $labels.svc }}"},
    annotations={"summary": "Load {{ $value }} on {{ $labels.host }}"},
    group="machines",
)


class Scene:
    """A store with one gauge, an engine, and what it told Alertmanager."""

    def __init__(self, *rules: AlertRule) -> None:
        self.store = SeriesStore()
        self.told: list[AlertNotice] = []
        self.t = T0
        self.engine = RuleEngine(self.store, rules or (RULE,), lambda: self.t, self.hear)

    def hear(self, notices: Sequence[AlertNotice]) -> None:
        self.told.extend(notices)

    def step(self, load: float, seconds: float = 30.0) -> list[AlertNotice]:
        self.t += seconds
        self.store.append({"__name__": "load", "svc": "shop", "host": "h1"}, self.t, load)
        return self.engine.evaluate()

    @property
    def state(self) -> str:
        return self.engine.statuses[0].state


def test_an_alert_waits_for_its_duration() -> None:
    scene = Scene()
    assert scene.step(9.0) == []
    assert scene.state == "pending"
    assert scene.step(9.0) == []
    [notice] = scene.step(9.0)
    assert scene.state == "firing"
    assert notice.starts_at == scene.t
    assert notice.ends_at is None
    assert scene.engine.active_alerts()[0].active_at == T0 + 30


def test_labels_are_merged_and_annotations_filled_in() -> None:
    scene = Scene()
    for _ in range(3):
        scene.step(9.5)
    [notice] = scene.told
    assert notice.labels == {
        "alertname": "HighLoad",
        "host": "h1",
        "severity": "page",
        "svc": "override-shop",
    }
    assert notice.annotations == {"summary": "Load 9.5 on h1"}


def test_a_pending_alert_that_recovers_is_forgotten() -> None:
    scene = Scene()
    scene.step(9.0)
    assert scene.step(1.0) == []
    assert scene.state == "inactive"
    assert scene.engine.active_alerts() == []


def test_a_firing_alert_is_repeated_each_minute_and_then_resolved() -> None:
    scene = Scene()
    for _ in range(3):
        scene.step(9.0)
    fired_at = scene.t
    assert scene.step(9.0) == []
    [again] = scene.step(7.0)
    assert again.starts_at == fired_at
    assert again.annotations == {"summary": "Load 7 on h1"}
    [resolved] = scene.step(1.0)
    assert (resolved.starts_at, resolved.ends_at) == (fired_at, scene.t)
    assert scene.engine.active_alerts() == []


def test_an_alert_may_go_on_firing_for_a_while() -> None:
    scene = Scene(AlertRule("Now", "load > 5", keep_firing_for_s=60))
    scene.step(9.0)
    assert scene.step(1.0) == []
    assert scene.state == "firing"
    scene.step(9.0)
    scene.step(1.0)
    scene.step(1.0)
    assert scene.state == "firing"
    [resolved] = scene.step(1.0)
    assert resolved.ends_at == scene.t


def test_a_resolved_alert_that_returns_starts_anew() -> None:
    scene = Scene(AlertRule("Now", "load > 5"))
    [first] = scene.step(9.0)
    scene.step(1.0)
    [second] = scene.step(9.0)
    assert second.ends_at is None
    assert second.starts_at > first.starts_at


def test_a_resolved_alert_is_told_for_a_quarter_of_an_hour() -> None:
    scene = Scene(AlertRule("Now", "load > 5"))
    scene.step(9.0)
    scene.step(1.0)
    ended = scene.t
    while scene.t < ended + 1200:
        scene.step(1.0, 60.0)
    assert {notice.ends_at for notice in scene.told[1:]} == {ended}
    assert scene.engine.statuses[0].alerts == {}
    assert len(scene.told) < 20


def test_each_series_is_an_alert_of_its_own() -> None:
    scene = Scene(AlertRule("Now", "load > 5"))
    scene.store.append({"__name__": "load", "host": "h2"}, T0 + 30, 8.0)
    assert {notice.labels["host"] for notice in scene.step(9.0)} == {"h1", "h2"}


def test_a_rule_that_cannot_be_evaluated_is_in_bad_health() -> None:
    scene = Scene(AlertRule("Broken", "load * on () load2"), AlertRule("Fine", "load > 5"))
    scene.store.append({"__name__": "load2", "x": "1"}, T0 + 30, 1.0)
    scene.store.append({"__name__": "load2", "x": "2"}, T0 + 30, 1.0)
    assert [notice.labels["alertname"] for notice in scene.step(9.0)] == ["Fine"]
    broken = scene.engine.statuses[0]
    assert broken.health == "err"
    assert "many-to-many" in broken.last_error


def test_alerts_that_collapse_into_one_are_an_error() -> None:
    scene = Scene(AlertRule("Now", "load > 5", labels={"host": "same"}))
    scene.store.append({"__name__": "load", "svc": "shop", "host": "h2"}, T0 + 30, 8.0)
    assert scene.step(9.0) == []
    assert "same labelset" in scene.engine.statuses[0].last_error


def test_a_rule_must_be_promql() -> None:
    with pytest.raises(QueryError):
        Scene(AlertRule("Bad", "load >"))


def test_a_scalar_rule_fires_with_no_labels() -> None:
    scene = Scene(AlertRule("Always", "vector(1)"), AlertRule("Number", "42"))
    assert [notice.labels for notice in scene.step(1.0)] == [{"alertname": "Always"}, {"alertname": "Number"}]


def test_the_alerts_series_ends_with_the_alert() -> None:
    scene = Scene()
    matcher = Matcher("__name__", MatchOp.EQUAL, "ALERTS")
    for load in (9.0, 9.0, 9.0, 1.0):
        scene.step(load)
    states = {labels["alertstate"] for labels, _ in scene.store.select([matcher], 0, scene.t)}
    assert states == {"pending", "firing"}
    now = instant_query(scene.store, "ALERTS", scene.t)
    assert isinstance(now, VectorResult)
    assert now.samples == []


def test_the_generator_url_leads_to_the_expression() -> None:
    scene = Scene(AlertRule("Now", "load > 5"))
    scene.engine.external_url = "http://127.0.0.1:1234"
    [notice] = scene.step(9.0)
    address = urlsplit(notice.generator_url)
    assert address.path == "/graph"
    assert parse_qs(address.query)["g0.expr"] == ["load > 5"]


@pytest.mark.parametrize(
    ("template", "value", "expected"),
    [
        ("{{ $value }}", 0.25, "0.25"),
        ("{{$value}}", 3.0, "3"),
        ("{{ $value }}", 1234567.5, "1.2345675e+06"),
        ("{{ .Value }} {{ .Labels.svc }}", 3.0, "3 shop"),
        ("[{{ $labels.missing }}]", 3.0, "[]"),
        ("{{ $value | humanize }}", 1234567.0, "1.235M"),
        ("{{ $value | humanize }}", 0.00123, "1.23m"),
        ("{{ $value | humanize }}", 0.0, "0"),
        ("{{ humanize $value }}", 12.0, "12"),
        ("{{ $value | humanize1024 }}", 2048.0, "2ki"),
        ("{{ $value | humanizePercentage }}", 0.0123, "1.23%"),
        ("{{ $value | humanizeDuration }}", 3661.0, "1h 1m 1s"),
        ("{{ $value | humanizeDuration }}", 0.25, "250ms"),
        ("{{ $value | humanizeDuration }}", 90061.0, "1d 1h 1m 1s"),
        ('{{ printf "%.2f" $value }}', 1.0 / 3, "0.33"),
        ('{{ $value | printf "%.1f req/s" }}', 2.0, "2.0 req/s"),
        ('{{ printf "%v of %s" $value $labels.svc }}', 2.5, "2.5 of shop"),
        ("{{ $labels.svc | toUpper }}", 2.5, "SHOP"),
        ("no action {x}", 1.0, "no action {x}"),
        ("{{ $value | humanize }}", float("inf"), "+Inf"),
    ],
)
def test_templates(template: str, value: float, expected: str) -> None:
    assert expand(template, {"svc": "shop"}, value) == expected


@pytest.mark.parametrize("template", ["{{ nope $value }}", "{{ }}", "{{ $value | }}", "{{ range query }}"])
def test_a_bad_template_says_so_in_the_text(template: str) -> None:
    assert expand(template, {}, 1.0).startswith("<error expanding template:")
