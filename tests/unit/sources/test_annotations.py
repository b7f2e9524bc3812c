"""What a record keeps of annotations: clean texts, the vendor's where they differ, and equal ones once."""

import json
import tracemalloc
from collections.abc import Mapping
from typing import Any

from oncall_tui.config.model import PrometheusSettings
from oncall_tui.domain.alert import NO_ANNOTATIONS, Record, annotations_at_vendor
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.sources.annotations import NONE, annotations_of
from oncall_tui.sources.prometheus.alerts import AlertReader
from tests.unit.builders import NOW, record


def _reader() -> AlertReader:
    return AlertReader(SourceName("prometheus"), PrometheusSettings(url="http://localhost"), SeverityMap())


def _body(*annotations: Mapping[str, str]) -> bytes:
    alerts: list[dict[str, Any]] = [
        {"labels": {"alertname": "Slow", "pod": f"api-{number}"}, "annotations": one, "state": "firing"}
        for number, one in enumerate(annotations)
    ]
    return json.dumps({"data": {"alerts": alerts}}).encode()


def _records(*annotations: Mapping[str, str]) -> tuple[Record, ...]:
    return _reader().records(_body(*annotations), {}, NOW)[0]


def test_line_breaks_stay_and_what_cannot_be_drawn_is_kept_apart() -> None:
    odd = {"steps": "one\ntwo", "title": "\x1b]0;x\x07", "a\u202eb": "turned", "long": "x" * 2_001}
    (one,) = _records(odd)
    assert one.annotations["steps"] == "one\ntwo"
    assert one.annotations["title"] == "\ufffd]0;x\ufffd"
    assert dict(one.raw_annotations) == {name: odd[name] for name in ("title", "a\u202eb", "long")}
    assert annotations_at_vendor(one) == odd


def test_plain_ones_are_kept_once() -> None:
    (one,) = _records({"runbook": "Slow"})
    assert (one.annotations, one.raw_annotations) == ({"runbook": "Slow"}, ())
    assert annotations_at_vendor(one) == {"runbook": "Slow"}


def test_nothing_takes_no_room() -> None:
    assert annotations_of({}) is NONE
    assert _records({})[0].annotations is NO_ANNOTATIONS is record().annotations


def test_equal_ones_are_one_mapping_and_equal_texts_are_one_text() -> None:
    shared = {"runbook_url": "https://runbooks.example.com/slow", "dashboard": "https://graphs.example.com/slow"}
    one, two, other = _records(shared, shared, {**shared, "summary": "api-3 is slow", "description": "very slow"})
    assert one.annotations is two.annotations
    assert other.annotations["dashboard"] is one.annotations["dashboard"]
    assert other.annotations["runbook_url"] is one.runbook
    assert other.annotations["summary"] is other.title
    assert other.annotations["description"] is other.summary


def test_ten_thousand_alerts_with_words_of_their_own_cost_less_than_3_mb_more() -> None:
    def told(number: int) -> Mapping[str, str]:
        words = f"CPU of host-{number}:9100 above 80 %"
        return {"summary": words, "description": f"{words} for ten minutes", "runbook_url": f"https://rb/{number % 99}"}

    def held(reader: AlertReader, body: bytes) -> int:
        """Bytes when three polls have told the same."""
        for _ in range(2):
            reader.records(body, {}, NOW)
        assert reader.records(body, {}, NOW)[0]
        return tracemalloc.get_traced_memory()[0]

    body = _body(*map(told, range(2_000)))
    tracemalloc.start()
    try:
        reader = _reader()
        records, _ = reader.records(body, {}, NOW)
        with_all = held(reader, body)
        for one in records:
            object.__setattr__(one, "annotations", NO_ANNOTATIONS)
        without = held(reader, body)
    finally:
        tracemalloc.stop()
    assert 0 < (with_all - without) * 5 < 3_000_000
