"""``oncall-tui silence``, ``unsilence``, ``silences``: nothing is muted before it was told what."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from oncall_tui.domain.action import Silence, Unsilence
from oncall_tui.domain.alert import Record
from oncall_tui.domain.ids import AlertId, RecordRef, SourceName
from oncall_tui.domain.silence import Matcher, SilenceState, read_matcher
from oncall_tui.domain.silence import Silence as Muting
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.actors import ActOutcome, ActResult
from oncall_tui.sources.errors import Refused, Unreachable
from tests.unit.builders import ALERTMANAGER, record
from tests.unit.cli.fakes import DISK, NIGHT, NOW, FakeRooms, run

EU = SourceName("alertmanager-eu")
MAKE = ("silence", "--for", "2h", "-m", "deploy", 'team="data"', "env!=staging")
MATCHERS = ('team="data"', 'env!="staging"')


@dataclass
class FakeSilencer:
    """Covers what it is told to cover."""

    covers: tuple[Record, ...] = ()
    standing: tuple[Muting, ...] = ()
    error: Exception | None = None
    asked: list[tuple[Matcher, ...]] = field(default_factory=list)

    async def silences(self) -> Sequence[Muting]:
        if self.error is not None:
            raise self.error
        return self.standing

    async def covered_by(self, matchers: Sequence[Matcher]) -> Sequence[Record]:
        self.asked.append(tuple(matchers))
        if self.error is not None:
            raise self.error
        return self.covers

    async def silence(self, wanted: Muting) -> ActResult:
        return ActResult("S-2", ActOutcome.CONFIRMED)

    async def expire(self, silence_id: str) -> ActResult:
        return ActResult(silence_id, ActOutcome.CONFIRMED)


def rooms_with(*covered: Record, **more: FakeSilencer) -> FakeRooms:
    return FakeRooms(muting={ALERTMANAGER: FakeSilencer(covered), **{SourceName(one): more[one] for one in more}})


COVERED = tuple(record(ALERTMANAGER, f"f{number}", title=f"trouble {number}") for number in range(22))


def test_it_tells_what_it_would_cover_and_asks() -> None:
    rooms = rooms_with(*COVERED)
    result = run(rooms, *MAKE, is_terminal=True, stdin="y\n")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith('alertmanager: team="data", env!="staging" until ')
    assert lines[0].endswith(" covers 22 alerts now")
    assert lines[1] == "  P2  api: trouble 0"
    assert lines[21:] == ["  and 2 more", "alertmanager: confirmed  title  (silence S-2)"]
    assert rooms.silenced == [(ALERTMANAGER, Silence(MATCHERS, NOW, NOW + timedelta(hours=2), "deploy"), "")]


@pytest.mark.parametrize(
    ("error", "code"),
    [(Refused("bad (", "Mend it.", 400), 2), (Refused("every alert"), 2), (Refused("down", "", 502), 4)],
)
def test_matchers_that_are_not_taken_are_bad_usage(error: Refused, code: int) -> None:
    rooms = FakeRooms(muting={ALERTMANAGER: FakeSilencer(error=error)})
    result = run(rooms, *MAKE, "--yes")
    assert (result.exit_code, rooms.silenced, result.stdout) == (code, [], "")
    assert str(error) in result.stderr and error.hint in result.stderr


@pytest.mark.parametrize("answer", ["n\n", "\n"])
def test_a_no_makes_none(answer: str) -> None:
    rooms = rooms_with(*COVERED[:1])
    result = run(rooms, *MAKE, is_terminal=True, stdin=answer)
    assert "covers 1 alert now" in result.stdout
    assert rooms.silenced == []


def test_a_dry_run_asks_nothing_and_makes_none() -> None:
    rooms = rooms_with()
    result = run(rooms, *MAKE, "--dry-run", options=["--read-only", "--prometheus", "http://localhost:9090"])
    assert result.exit_code == 0
    assert "covers no active alert now" in result.stdout
    assert "Nothing is muted by it now" in result.stderr
    assert rooms.silenced == []


def test_json_has_matchers_what_it_covers_and_the_result() -> None:
    rooms = rooms_with(COVERED[0])
    told = json.loads(run(rooms, *MAKE, "--yes", "--json").stdout)
    assert told["matchers"] == list(MATCHERS)
    assert told["covers"] == [
        {"source": "alertmanager", "id": "f0", "title": "trouble 0", "severity": "P2", "service": "api"}
    ]
    assert [one["outcome"] for one in told["results"]] == ["confirmed"]
    assert len(rooms.silenced) == 1


def test_one_can_take_the_place_of_another_until_a_moment() -> None:
    rooms = rooms_with()
    line = ["silence", "--until", "2026-11-21T06:00+00:00", "-m", "longer", "--replace", "S-1", "--yes", "team=data"]
    assert run(rooms, *line).exit_code == 0
    ((_, action, replaced),) = rooms.silenced
    assert isinstance(action, Silence)
    assert (replaced, f"{action.ends_at:%F %T}") == ("S-1", "2026-11-21 06:00:00")


def test_the_labels_of_an_alert_are_its_matchers() -> None:
    source = DISK.records[0].source
    rooms = FakeRooms(NIGHT, muting={source: FakeSilencer()})
    result = run(rooms, "silence", "--for", "1h", "-m", "known", "--alert", DISK.id, "--yes", "team=data")
    assert result.exit_code == 0, result.stderr
    ((_, action, _),) = rooms.silenced
    assert isinstance(action, Silence)
    assert action.matchers == ('team="data"', *(f'{k}="{v}"' for k, v in sorted(DISK.records[0].labels.items())))


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_labels_that_cannot_be_shown_are_matched_as_alertmanager_has_them_and_told_cleaned(options: list[str]) -> None:
    raw = "first\nsecond \x1b[31m" + "x" * 5_000
    (held,) = DISK.records
    odd = replace(held, labels={"alertname": "Disk", "text": clean_line(raw)}, raw_labels=(("text", raw),))
    situation = replace(NIGHT, alerts=(replace(DISK, records=(odd,)),))
    rooms = FakeRooms(situation, muting={held.source: FakeSilencer()})
    result = run(rooms, "silence", "--for", "1h", "-m", "known", "--alert", DISK.id, "--yes", *options)
    assert result.exit_code == 0, result.stderr
    ((_, action, _),) = rooms.silenced
    assert isinstance(action, Silence)
    assert tuple(map(read_matcher, action.matchers)) == (Matcher("alertname", "Disk"), Matcher("text", raw))
    assert "\x1b" not in result.stdout and "u001b" not in result.stdout
    assert "x" * 2_000 not in result.stdout


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["--for", "2h", "-m", "x"], "Give a MATCHER"),
        (["--for", "2h", "-m", "x", "team"], "a matcher is a label, one of = != =~ !~ and a value"),
        (["-m", "x", "team=data", "--yes"], "either --for or --until"),
        (["--for", "2h", "--until", "2026-11-21T06:00", "-m", "x", "team=data", "--yes"], "either --for or --until"),
        (["--until", "tomorrow", "-m", "x", "team=data"], "tomorrow is no moment"),
        (["--for", "2h", "team=data"], "--message"),
        (["--for", "2h", "-m", "x", "team=data"], "Nobody can be asked here: add --yes"),
        (["--for", "2h", "-m", "x", "team=data", "--yes", "--source", "other"], "--source: alertmanager"),
        (["--for", "2h", "-m", "x", "--alert", "nothing", "--yes"], "nothing names no active alert of alertmanager"),
    ],
)
def test_what_is_missing_or_wrong_makes_none(line: list[str], words: str) -> None:
    rooms = rooms_with()
    result = run(rooms, "silence", *line)
    assert result.exit_code == 2
    assert words in result.stderr.replace("\n", " ")
    assert rooms.silenced == []


def test_with_several_sources_one_is_named() -> None:
    rooms = rooms_with(**{EU: FakeSilencer()})
    assert "--source: alertmanager, alertmanager-eu" in run(rooms, *MAKE, "--yes").stderr
    assert run(rooms, *MAKE, "--yes", "--source", EU).exit_code == 0
    assert rooms.silenced[0][0] == EU


def test_without_alertmanager_that_is_said() -> None:
    assert "configure an Alertmanager" in run(FakeRooms(), *MAKE, "--yes").stderr
    assert run(FakeRooms(), "silences").stdout == "No source has silences: Alertmanager does.\n"


def test_silences_are_ended_by_their_ids() -> None:
    rooms = rooms_with()
    result = run(rooms, "unsilence", "S-1", "S-3", "S-1")
    assert result.exit_code == 0
    assert rooms.silenced == [(ALERTMANAGER, Unsilence(), "S-1"), (ALERTMANAGER, Unsilence(), "S-3")]


@pytest.mark.parametrize("line", [MAKE, ("unsilence", "S-1")])
def test_read_only_makes_and_ends_none(line: tuple[str, ...]) -> None:
    rooms = rooms_with()
    more = ["--yes"] if line is MAKE else []
    result = run(rooms, *line, *more, options=["--read-only", "--prometheus", "http://localhost:9090"])
    assert (result.exit_code, rooms.silenced) == (2, [])


STANDING = Muting(
    (Matcher("team", "data"),), NOW, NOW + timedelta(hours=3), "deploy", "ada", "S-1", SilenceState.ACTIVE
)


def test_what_stands_is_listed() -> None:
    rooms = FakeRooms(muting={ALERTMANAGER: FakeSilencer(standing=(STANDING,))})
    assert run(rooms, "silences").stdout.splitlines() == [
        "ENDS IN  STATE   SOURCE        MATCHERS     BY   COMMENT  ID",
        '3h       active  alertmanager  team="data"  ada  deploy   S-1',
    ]
    told = json.loads(run(rooms, "silences", "--json").stdout)
    assert told == {
        "silences": [
            {
                "source": "alertmanager",
                "id": "S-1",
                "state": "active",
                "matchers": ['team="data"'],
                "starts_at": f"{NOW:%Y-%m-%dT%H:%M:%SZ}",
                "ends_at": f"{NOW + timedelta(hours=3):%Y-%m-%dT%H:%M:%SZ}",
                "created_by": "ada",
                "comment": "deploy",
            }
        ]
    }
    assert run(rooms_with(), "silences").stdout == "No silence.\n"


def test_one_that_does_not_answer_is_named_and_the_other_listed() -> None:
    broken = FakeSilencer(error=Unreachable("eu.example refuses the connection.", "VPN?"))
    rooms = FakeRooms(muting={EU: broken, ALERTMANAGER: FakeSilencer(standing=(STANDING,))})
    result = run(rooms, "silences")
    assert result.exit_code == 4
    assert "alertmanager-eu is missing here: eu.example refuses the connection. VPN?" in result.stderr
    assert "S-1" in result.stdout


def several(*labels: dict[str, str]) -> tuple[FakeRooms, FakeSilencer]:
    """Rooms with an alert of each of these labels, and their Alertmanager."""
    (held,) = DISK.records
    records = [replace(held, id=f"f{i}", ref=RecordRef(f"am/f{i}"), labels=one) for i, one in enumerate(labels)]
    rows = tuple(replace(DISK, id=AlertId(one.ref), records=(one,)) for one in records)
    other = replace(held, ref=RecordRef("am/f9"), title="not named")
    silencer = FakeSilencer((records[0], other))
    return FakeRooms(replace(NIGHT, alerts=rows), muting={held.source: silencer}), silencer


FOR_TWO = ("silence", "--for", "1h", "-m", "known", "--yes", "--alert", "am/f0", "--alert", "f1")


def test_several_alerts_are_matched_by_what_they_share_and_what_is_covered_beside_them_is_told() -> None:
    rooms, silencer = several({"job": "db", "pod": "a.1", "x": "1"}, {"job": "db", "pod": "b"})
    result = run(rooms, *FOR_TWO)
    assert result.exit_code == 0, result.stderr
    assert silencer.asked == [(Matcher("job", "db"), Matcher("pod", r"a\.1|b", is_regex=True))]
    assert len(rooms.silenced) == 1
    assert "Beyond the alerts that are named it covers “not named”." in result.stderr
    assert "Of the alerts that are named it does not cover “Checkout is slow”." in result.stderr


def test_alerts_that_share_no_label_are_refused() -> None:
    rooms, _ = several({"job": "db"}, {"job": "", "pod": "b"})
    result = run(rooms, *FOR_TWO)
    assert (result.exit_code, rooms.silenced) == (2, [])
    assert "have no label in common: name only those that share one" in result.stderr
    assert run(rooms, *FOR_TWO, "team=data").exit_code == 0, "there is a matcher"


def test_labels_of_too_many_values_are_told() -> None:
    rooms, silencer = several({"job": "db", "pod": "a" * 3_000}, {"job": "db", "pod": "b" * 3_000})
    assert "Labels of too many values to match: pod." in run(rooms, *FOR_TWO).stderr
    assert silencer.asked == [(Matcher("job", "db"),)]
