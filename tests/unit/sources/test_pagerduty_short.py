"""Incidents that did not change since the last poll keep their record; the others are read to the last word."""

import json
from typing import Any

import pytest

from oncall_tui.domain.alert import Record
from oncall_tui.domain.ids import SourceName
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Malformed
from oncall_tui.sources.json_text import decoded
from oncall_tui.sources.pagerduty import source as polled
from oncall_tui.sources.pagerduty.short import RAW, shortened, whole
from oncall_tui.sources.values import JsonObject, mapping, objects
from tests.unit.sources.pagerduty_polls import ANA, alert, records
from tests.unit.sources.pagerduty_server import FakePagerDuty, incident, serving, source_of

HERE = Connection(SourceName("pagerduty"), "https://api.pagerduty.example")


def page_of(*incidents: object, more: bool = False) -> bytes:
    return json.dumps({"incidents": incidents, "limit": 100, "more": more}, ensure_ascii=False).encode()


def test_a_short_incident_tells_what_a_list_is_held_by_and_holds_the_whole_one() -> None:
    given = incident("P1", title="disk full")
    answer = mapping(shortened(HERE, page_of(given, more=True)))
    (short,) = objects(answer["incidents"])
    assert "title" not in short and len(short) < len(given)
    assert all(short[name] == given[name] for name in short.keys() - {RAW})
    assert (short["id"], short["status"], answer["more"]) == ("P1", given["status"], True)
    assert whole(short) == given


@pytest.mark.parametrize(
    "body",
    [b"[]", b'{"incidents": null}', b'{"incidents": {"id": "P1"}}', b'{"error": "no"}', b'"busy"', b"{}"],
)
def test_what_is_no_page_of_incidents_is_given_as_it_is(body: bytes) -> None:
    assert shortened(HERE, body) == decoded(HERE, body)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"incidents": [', b'{"incidents": [{"id": tru}]}', b"[" * 100_000])
def test_what_is_not_json_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        shortened(HERE, body)


def test_rows_that_are_no_objects_hide_no_incident() -> None:
    answer = mapping(shortened(HERE, page_of(7, incident("P1"), None, "x")))
    assert [one["id"] for one in objects(answer["incidents"])] == ["P1"]


def test_bytes_that_no_text_can_hold_cost_their_letter_only() -> None:
    body = page_of(incident("P1", title="ä?")).replace(b"?", b"\xff")
    (short,) = objects(mapping(shortened(HERE, body))["incidents"])
    assert whole(short)["title"] == "ä\ufffd"


async def polls(fake: FakePagerDuty, *changes: dict[str, Any]) -> list[tuple[Record, ...]]:
    """The records of a poll, and of one more after each change of the incident P1."""
    async with source_of(fake) as source:
        found = [records(await source.poll()).alerts]
        for change in changes:
            fake.incidents["P1"] |= change
            found.append(records(await source.poll()).alerts)
        return found


async def test_an_incident_that_is_as_it_was_keeps_its_record_and_is_not_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[Any] = []

    def noting(short: JsonObject) -> JsonObject:
        read.append(short["id"])
        return whole(short)

    monkeypatch.setattr(polled, "whole", noting)
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1"), incident("P2"))
        first, second = await polls(fake, {})
    assert [id(one) for one in second] == [id(one) for one in first]
    assert sorted(read) == ["P1", "P2"]


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"title": "another"}, "title", "another"),
        ({"urgency": "low"}, "severity", 4),
        ({"assignments": [{"assignee": {"id": "PBO", "summary": "Bo"}}]}, "assigned_to", ("Bo",)),
        ({"html_url": "https://acme.example/1"}, "url", "https://acme.example/1"),
    ],
)
async def test_whatever_changes_of_an_incident_is_read(change: dict[str, Any], field: str, value: object) -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1", priority=None), incident("P2"))
        first, second = await polls(fake, change)
    before, after = ({one.id: one for one in found} for found in (first, second))
    assert getattr(before["P1"], field) != getattr(after["P1"], field) == value
    assert after["P2"] is before["P2"]


async def test_what_its_alerts_say_is_read_though_the_incident_itself_is_as_it_was() -> None:
    """The budget let the alerts be read with the second poll only."""
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1"))
        fake.alerts = {"P1": [alert("k1", "DiskFull")]}
        fake.fail("GET /incidents/P1/alerts", 500, {}, times=1)
        first, second = await polls(fake, {})
    assert (first[0].name, second[0].name) == ("", "DiskFull")


async def test_who_sits_here_is_learnt_later_than_the_incidents() -> None:
    async with serving(FakePagerDuty()) as fake:
        fake.add(incident("P1", assignments=[{"assignee": {"id": ANA["id"], "summary": "Ana"}}]))
        fake.me = ANA
        fake.fail("GET /users/me", 500, {}, times=2)
        first, second = await polls(fake, {})
    assert (first[0].is_mine, second[0].is_mine) == (False, True)
