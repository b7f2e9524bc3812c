"""Hostile vendors through the real sources: what becomes of it is plain text of a bounded length, in every field."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

import pytest

from oncall_tui.assembly import Rooms, open_rooms
from oncall_tui.config.load import load
from oncall_tui.domain.action import Acknowledge
from oncall_tui.domain.situation import Situation, SourceState
from tests.nasty.vt import towers, unplain

PACKAGE = Path(__file__).parent.parent.parent / "oncall_tui"
LONGEST = 2_000
"""Characters of the longest text of a record: a paragraph."""

AT_THE_VENDOR = ("raw_labels", "raw_annotations")
"""Fields that hold a text as its vendor has it: for matchers and for values of runbooks, never to be drawn."""
MAY_READ_THEM = {
    "domain/alert.py",
    "sources/alertmanager/alerts.py",
    "sources/prometheus/alerts.py",
    "sources/pagerduty/read.py",
    "assembly/subjects.py",
    "runbook/actions/environment.py",
    "cli/silence.py",
    "cli/silence_alerts.py",
    "cli/runbook/running/which.py",
    "ui/screens/silence_form.py",
    "ui/silence_scope.py",
}
"""Who handles them: a module more is a module to be looked at."""


def texts_in(value: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value, names of labels included, and where it is."""
    if isinstance(value, Enum):
        return
    if isinstance(value, str):
        yield where, value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name in AT_THE_VENDOR:
                continue
            yield from texts_in(getattr(value, field.name), f"{where}.{field.name}")
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from texts_in(name, f"{where} name")
            yield from texts_in(one, f"{where}[]")
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from texts_in(one, where)


def assert_plain(value: object) -> int:
    """Nothing in it is of use to an attacker; how many texts there were."""
    texts = list(texts_in(value))
    for where, text in texts:
        assert unplain(text, besides="\n\t") == [], where
        assert towers(text) == [], where
        assert len(text) <= LONGEST, where
        text.encode()  # a terminal can write it
    return len(texts)


async def _rooms(config: Path, environ: Mapping[str, str]) -> Rooms:
    return await open_rooms(load(config), environ=environ, clock=lambda: datetime.now(UTC))


async def test_a_picture_of_hostile_vendors_is_plain_text(config: Path, environ: Mapping[str, str]) -> None:
    rooms = await _rooms(config, environ)
    try:
        situation: Situation = await rooms.look()
    finally:
        await rooms.close()
    assert assert_plain(situation) > 400
    assert situation.alerts
    assert situation.deployments


@pytest.mark.parametrize("announcement", ["words"], indirect=True)
async def test_hostile_words_hide_no_source(config: Path, environ: Mapping[str, str]) -> None:
    rooms = await _rooms(config, environ)
    try:
        situation = await rooms.look()
        findings = [await source.check() for source in rooms.sources]
    finally:
        await rooms.close()
    assert {one.state for one in situation.freshness} == {SourceState.OK}
    assert {str(record.kind) for alert in situation.alerts for record in alert.records} == {
        "prometheus",
        "alertmanager",
        "pagerduty",
        "sentry",
    }
    assert assert_plain(findings) > 10


async def test_a_refusal_in_hostile_words_is_plain_text(config: Path, environ: Mapping[str, str]) -> None:
    rooms = await _rooms(config, environ)
    try:
        situation = await rooms.look()
        reports = await rooms.act(
            Acknowledge(), [one.id for one in situation.alerts if one.id.startswith("pagerduty/")]
        )
    finally:
        await rooms.close()
    assert reports
    assert {str(one.outcome) for one in reports} <= {"failed", "already", "gone"}
    assert "PWNED" in " ".join(one.reason for one in reports), "the words of the vendor are told"
    assert_plain(reports)


def test_only_those_who_send_texts_back_to_their_vendors_have_them_raw() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(
            r"\b(raw_labels|labels_at_vendor|raw_annotations|annotations_at_vendor)\b", path.read_text(encoding="utf-8")
        )
    }
    assert found <= MAY_READ_THEM
    assert "domain/alert.py" in found
