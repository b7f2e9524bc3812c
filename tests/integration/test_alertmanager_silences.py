"""Silences at a real Alertmanager: what is promised before they are made, and what they then do."""

import asyncio
import json
import random
import subprocess
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.domain.alert import Record, Status
from oncall_tui.domain.silence import Matcher, Silence, SilenceState
from oncall_tui.domain.text import clean
from oncall_tui.sources.actors import ActOutcome, Silencer
from oncall_tui.sources.alertmanager import Alertmanager
from oncall_tui.sources.errors import Refused
from tests.integration.servers import require_binary, start_alertmanager
from tests.integration.test_alertmanager_source import CONFIG, DEADLINE_S, Wired

pytestmark = pytest.mark.integration

ODD = 'say "hi" \\ back\nnew line\tand é 💥 \u202eright'
ALERTS: Sequence[dict[str, str]] = (
    {"alertname": "Disk", "service": "api", "team": "web", "host": "db1.example"},
    {"alertname": "Disk", "service": "API", "team": "data", "host": "db1xexample"},
    {"alertname": "Slow", "service": "auth", "host": "a.b"},
    {"alertname": "Slow", "service": "é", "odd": ODD},
    {"alertname": "Odd", "odd": '"', "team": "web|data"},
    {"alertname": "Odd", "odd": "\\"},
    {"alertname": "Odd", "odd": "\\n"},
    {"alertname": "Odd", "odd": "\n"},
    {"alertname": "Odd", "odd": "a,b={}!~"},
)


@pytest.fixture
async def wired(tmp_path: Path) -> AsyncIterator[Wired]:
    with start_alertmanager(tmp_path, CONFIG) as server:
        yield Wired(server.url)


@pytest.fixture
async def source(wired: Wired) -> AsyncIterator[Alertmanager]:
    one = wired.source()
    yield one
    await one.close()


def wanted(*matchers: Matcher, **changes: Any) -> Silence:
    now = datetime.now(UTC)
    asked = {
        "matchers": matchers or (Matcher("alertname", "Disk"),),
        "starts_at": now,
        "ends_at": now + timedelta(hours=2, microseconds=417),
        "comment": "known, see OPS-7",
        "created_by": "jo@example.com",
    }
    return Silence(**{**asked, **changes})


async def records(source: Alertmanager) -> tuple[Record, ...]:
    report = await source.poll()
    assert report.records is not None, report.failure
    return report.records.alerts


async def until_suppressed(source: Alertmanager, ids: frozenset[str]) -> tuple[Record, ...]:
    """The alerts once exactly these are silenced; Alertmanager looks at silences when it looks at an alert."""
    deadline = time.monotonic() + DEADLINE_S
    while True:
        found = await records(source)
        if {one.id for one in found if one.status is Status.SILENCED} == ids:
            return found
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.05)


def amtool(wired: Wired, *arguments: str) -> Any:
    command = [require_binary("amtool"), *arguments, f"--alertmanager.url={wired.url}", "-o", "json"]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


async def test_a_silence_that_is_made_is_listed_mutes_and_is_seen_by_amtool(wired: Wired, source: Alertmanager) -> None:
    assert isinstance(source, Silencer)
    wired.fire("Disk", service="api")
    asked = wanted()
    result = await source.silence(asked)
    assert (result.outcome, result.reason) == (ActOutcome.CONFIRMED, "")
    (listed,) = await source.silences()
    assert (listed.id, listed.state, listed.matchers) == (result.id, SilenceState.ACTIVE, asked.matchers)
    assert (listed.comment, listed.created_by) == (asked.comment, asked.created_by)
    assert listed.ends_at == asked.ends_at.replace(microsecond=asked.ends_at.microsecond // 1000 * 1000)
    ids = frozenset(one.id for one in await records(source))
    (record,) = await until_suppressed(source, ids)
    assert (record.silence_ids, record.silenced_by) == ((result.id,), "jo@example.com")
    (seen,) = amtool(wired, "silence", "query")
    assert (seen["id"], seen["comment"], seen["createdBy"]) == (result.id, asked.comment, asked.created_by)


@pytest.mark.parametrize(
    "matchers",
    [
        (Matcher("alertname", "Disk"),),
        (Matcher("alertname", "Disk"), Matcher("team", "web", is_equal=False)),
        (Matcher("service", "(?i)api", is_regex=True),),
        (Matcher("service", "[[:alpha:]]+", is_regex=True),),
        (Matcher("service", r"\pL{1}", is_regex=True),),
        (Matcher("host", r"\Qa.b\E", is_regex=True),),
        (Matcher("host", "db1.example", is_regex=True),),
        (Matcher("host", r"db1\.example", is_regex=True),),
        (Matcher("team", "web|data", is_regex=True),),
        (Matcher("team", "web|data"),),
        (Matcher("team", "", is_equal=False),),
        (Matcher("team", ""), Matcher("alertname", "Slow|Odd", is_regex=True)),
        (Matcher("team", "web", is_regex=True, is_equal=False), Matcher("alertname", ".+", is_regex=True)),
        (Matcher("service", "é"),),
        (Matcher("odd", ODD),),
        (Matcher("odd", '"'),),
        (Matcher("odd", "\\"),),
        (Matcher("odd", "\\n"),),
        (Matcher("odd", "\n"),),
        (Matcher("odd", ".*\n.*", is_regex=True),),
        (Matcher("odd", r"(?s)say.*right", is_regex=True),),
        (Matcher("odd", "a,b={}!~"),),
        (Matcher("alertname", "Nobody"),),
    ],
    ids=lambda matchers: ",".join(map(str, matchers)).encode("unicode_escape").decode(),
)
async def test_the_preview_is_exactly_what_the_silence_then_mutes(
    wired: Wired, source: Alertmanager, matchers: tuple[Matcher, ...]
) -> None:
    wired.post("alerts", [{"labels": labels} for labels in ALERTS])
    assert len(await until_suppressed(source, frozenset())) == len(ALERTS)
    covered = await source.covered_by(matchers)
    made = await source.silence(wanted(*matchers))
    assert made.outcome is ActOutcome.CONFIRMED, made.reason
    ids = frozenset(one.id for one in covered)
    assert len(ids) == len(covered)
    suppressed = await until_suppressed(source, ids)
    # Alertmanager may take a moment to mute: what must not be muted has to stay so.
    assert {one.id for one in await records(source) if one.status is Status.SILENCED} == ids
    assert {one.id for one in await source.covered_by(matchers)} == ids, "those that are muted already are told too"
    assert {one.silence_ids for one in suppressed if one.id in ids} <= {(made.id,)}


async def test_whatever_a_label_holds_its_matcher_finds_it_and_nothing_else(wired: Wired) -> None:
    dice = random.Random(20_261_121)
    letters = "\"'\\`n\n\t\r ab,={}~!*.+()[]|$^/?&#%;éß💥\u202e\ufeff\x00\x1b\x7f"
    values = sorted({"".join(dice.choices(letters, k=dice.randint(1, 12))) for _ in range(150)})
    labels = [{"alertname": "Odd", "number": str(number), "odd": value} for number, value in enumerate(values)]
    wired.post("alerts", [{"labels": one} for one in labels])
    source = wired.source(budget=10_000)
    await until_suppressed(source, frozenset())
    for number, value in enumerate(values):
        literal = "".join(f"\\x{{{ord(letter):x}}}" for letter in value)
        for matcher in (Matcher("odd", value), Matcher("odd", literal, is_regex=True)):
            assert [one.labels["number"] for one in await source.covered_by([matcher])] == [str(number)], value
    others = [Matcher("odd", one, is_equal=False) for one in values[1:]]
    made = await source.silence(wanted(Matcher("alertname", "Odd"), *others))
    assert made.outcome is ActOutcome.CONFIRMED, made.reason
    (only,) = await source.covered_by([Matcher("odd", values[0])])
    await until_suppressed(source, frozenset({only.id}))
    await source.close()


async def test_the_screens_own_filters_do_not_narrow_the_preview(wired: Wired) -> None:
    wired.fire("Disk", team="data")
    wired.fire("Disk", team="web")
    narrow = wired.source(filters=('team="data"',), receiver="data-team")
    await until_suppressed(narrow, frozenset())
    shown = await records(narrow)
    covered = await narrow.covered_by([Matcher("alertname", "Disk")])
    await narrow.close()
    assert [one.labels["team"] for one in shown] == ["data"]
    assert {one.labels["team"] for one in covered} == {"data", "web"}
    assert shown[0] in covered, "the same record that the poll makes"


async def test_the_very_same_silence_is_made_once(source: Alertmanager) -> None:
    asked = wanted(Matcher("b", "2"), Matcher("a", "1"))
    first = await source.silence(asked)
    again = await source.silence(wanted(*reversed(asked.matchers), ends_at=asked.ends_at))
    assert (again.outcome, again.id, again.by) == (ActOutcome.ALREADY, first.id, "jo@example.com")
    for other in ({"comment": "another"}, {"created_by": "kim"}, {"ends_at": asked.ends_at + timedelta(seconds=1)}):
        made = await source.silence(wanted(*asked.matchers, **({"ends_at": asked.ends_at} | other)))
        assert made.outcome is ActOutcome.CONFIRMED
    assert len(await source.silences()) == 4


async def test_a_silence_that_begins_later_is_pending_and_the_next_to_end_comes_first(source: Alertmanager) -> None:
    now = datetime.now(UTC)
    later = wanted(starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=3))
    assert (await source.silence(later)).outcome is ActOutcome.CONFIRMED
    assert (await source.silence(later)).outcome is ActOutcome.ALREADY
    at_once = await source.silence(wanted(starts_at=now, ends_at=later.ends_at))
    assert at_once.outcome is ActOutcome.CONFIRMED, "one that begins in an hour mutes nothing now"
    soon = await source.silence(wanted(ends_at=now + timedelta(hours=1)))
    listed = await source.silences()
    assert listed[0].id == soon.id
    assert sorted(one.state for one in listed) == [SilenceState.ACTIVE, SilenceState.ACTIVE, SilenceState.PENDING]


async def test_a_longer_end_keeps_the_id_and_other_matchers_get_another(source: Alertmanager) -> None:
    made = await source.silence(wanted())
    (listed,) = await source.silences()
    longer = wanted(
        *listed.matchers,
        id=listed.id,
        starts_at=listed.starts_at,
        ends_at=listed.ends_at + timedelta(hours=4),
        comment=listed.comment,
        created_by="kim",
    )
    extended = await source.silence(longer)
    assert (extended.outcome, extended.id, extended.reason) == (ActOutcome.CONFIRMED, made.id, "")
    assert (await source.silence(longer)).outcome is ActOutcome.ALREADY
    (listed,) = await source.silences()
    assert (listed.ends_at, listed.created_by) == (longer.ends_at, "kim")
    wider = wanted(Matcher("alertname", "Disk|Slow", is_regex=True), id=made.id, ends_at=longer.ends_at)
    replaced = await source.silence(wider)
    assert replaced.outcome is ActOutcome.CONFIRMED
    assert replaced.id != made.id
    assert "id of its own" in replaced.reason
    assert [one.id for one in await source.silences()] == [replaced.id]
    again = await source.silence(wider)
    assert (again.outcome, again.id) == (ActOutcome.ALREADY, replaced.id), "its answer might have been lost"


async def test_what_somebody_else_wrote_is_extended_as_it_stands_not_as_the_screen_shows_it(
    wired: Wired, source: Alertmanager
) -> None:
    value = "a\x1b[31m\u202eb" + "c" * 3_000
    now = datetime.now(UTC)
    body = {
        "matchers": [{"name": "odd", "value": value, "isRegex": False, "isEqual": True}],
        "startsAt": now.isoformat(),
        "endsAt": (now + timedelta(hours=1)).isoformat(),
        "createdBy": "eve\x07",
        "comment": "\x1b]0;owned\x07 [bold]x[/]\u202e",
    }
    made = wired.post("silences", body)["silenceID"]
    (listed,) = await source.silences()
    texts = (listed.matchers[0].value, listed.comment, listed.created_by)
    assert all(clean(text) == text for text in texts)
    assert listed.matchers[0].value != value
    longer = Silence(
        listed.matchers, listed.starts_at, listed.ends_at + timedelta(hours=1), listed.comment, "jo", listed.id
    )
    extended = await source.silence(longer)
    assert (extended.outcome, extended.id) == (ActOutcome.CONFIRMED, made)
    (seen,) = amtool(wired, "silence", "query")
    assert (seen["matchers"][0]["value"], seen["comment"]) == (value, body["comment"])


async def test_a_silence_is_ended_once_and_an_unknown_one_is_gone(wired: Wired, source: Alertmanager) -> None:
    wired.fire("Disk")
    made = await source.silence(wanted())
    await until_suppressed(source, frozenset(one.id for one in await records(source)))
    ended = await source.expire(made.id)
    assert (ended.outcome, ended.id) == (ActOutcome.CONFIRMED, made.id)
    (record,) = await until_suppressed(source, frozenset())
    assert record.silence_ids == ()
    again = await source.expire(made.id)
    assert (again.outcome, again.by) == (ActOutcome.ALREADY, None), "who ended it is not told"
    assert again.reason.startswith("It ended at ")
    assert await source.silences() == ()
    for nobody in (str(uuid.uuid4()), "not-an-id", "../status"):
        told = await source.expire(nobody)
        assert (told.id, told.outcome, told.may_have_arrived) == (nobody, ActOutcome.GONE, False)


async def test_a_silence_that_was_ended_is_not_begun_again(source: Alertmanager) -> None:
    made = await source.silence(wanted())
    await source.expire(made.id)
    told = await source.silence(wanted(id=made.id, ends_at=datetime.now(UTC) + timedelta(hours=5)))
    assert told.outcome is ActOutcome.GONE
    assert "make a new one" in told.reason
    unknown = await source.silence(wanted(id=str(uuid.uuid4())))
    assert unknown.outcome is ActOutcome.GONE
    assert await source.silences() == ()


@pytest.mark.parametrize(
    ("matcher", "words"),
    [
        (Matcher("a", "[[:alpha:]]*", is_regex=True), "at least one matcher must not match the empty string"),
        (Matcher("a", "(?=x)", is_regex=True), "invalid"),
        (Matcher("a-b", "x"), "invalid label name"),
    ],
)
async def test_what_only_alertmanager_can_judge_is_refused_in_its_words(
    source: Alertmanager, matcher: Matcher, words: str
) -> None:
    told = await source.silence(wanted(matcher))
    assert (told.outcome, told.may_have_arrived) == (ActOutcome.FAILED, False)
    assert words in told.reason
    assert await source.silences() == ()


async def test_a_preview_of_what_is_no_expression_is_refused(source: Alertmanager) -> None:
    with pytest.raises(Refused, match="400"):
        await source.covered_by([Matcher("a", "(?=x)", is_regex=True)])


HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J",
    "\ud83d half a pair",
    "[bold red]x[/] {{ .Labels }} $(reboot) '; DROP TABLE",
    "\u202eright to left\u2066",
    "long " * 5_000,
    "a\u0301" * 500,
    "",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_a_hostile_comment_is_sent_clean_and_comes_back_clean(source: Alertmanager, text: str) -> None:
    asked = wanted(comment=text, created_by=f"jo {text[:50]}")
    made = await source.silence(asked)
    assert made.outcome is ActOutcome.CONFIRMED, made.reason
    (listed,) = await source.silences()
    assert clean(listed.comment) == listed.comment
    assert "\x1b" not in listed.comment + listed.created_by
    assert (await source.silence(asked)).id == made.id, "the same again is found, however it was cleaned"
    assert len(await source.silences()) == 1
