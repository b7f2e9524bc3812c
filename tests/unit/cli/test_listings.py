"""Listings: text, JSON, and what a source that failed does to both."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from oncall_tui.domain.alert import SourceKind, Status
from oncall_tui.domain.clocks import clock
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.situation import Failure, Situation
from tests.unit.cli.fakes import CHECKOUT, DISK, FAILED, NIGHT, NOW, QUIET, FakeRooms, record, run

SAVED = """
[sources.prometheus]
kind = "prometheus"
url = "http://localhost:9090"

[[filters]]
name = "disks"
filter = "disk"

[[filters]]
name = "by service"
sort = "-age"
group = "service"
"""


def answer(*arguments: str, situation: Situation = NIGHT) -> dict[str, Any]:
    result = run(FakeRooms(situation), *arguments, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def lines(*arguments: str, situation: Situation = NIGHT) -> list[str]:
    result = run(FakeRooms(situation), *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


class TestAlerts:
    def test_json_holds_the_whole_alert(self) -> None:
        found = answer("alerts")
        assert found["taken_at"] == "2026-11-21T02:14:09Z"
        assert found["sources"][1] == {
            "name": "prometheus",
            "kind": "prometheus",
            "state": "ok",
            "age_s": 1.5,
            "error": None,
            "warnings": [],
        }
        assert found["alerts"][0] == {
            "id": "pagerduty/Q1",
            "title": "Checkout is slow",
            "severity": "P1",
            "status": "acknowledged",
            "service": "checkout",
            "environment": "production",
            "since": "2026-11-21T02:02:09Z",
            "acknowledged_by": "Alice Martin",
            "acknowledged_at": "2026-11-21T02:09:09Z",
            "acknowledged_here_only": False,
            "last_event_at": "2026-11-21T02:09:09Z",
            "forgotten": False,
            "silenced": False,
            "silenced_by": None,
            "silenced_until": None,
            "inhibited": False,
            "assigned_to": [],
            "mine": False,
            "runbook": "https://runbooks.example.com/slow",
            "records": [
                {
                    "source": "pagerduty",
                    "kind": "pagerduty",
                    "id": "Q1",
                    "url": "https://pagerduty.example.com/Q1",
                },
                {
                    "source": "prometheus",
                    "kind": "prometheus",
                    "id": "f00d",
                    "url": "https://prometheus.example.com/f00d",
                },
            ],
            "joined_by": ["receiver labels"],
            "suspects": [{"deployment": "pagerduty/C1", "label": "checkout v2.41.0", "seconds_before": 240.0}],
        }

    def test_json_is_one_object_of_ascii(self) -> None:
        stdout = run(FakeRooms(), "alerts", "--json").stdout
        assert stdout.isascii()
        assert json.loads(stdout)["alerts"][1]["title"] == DISK.title

    def test_text_is_a_line_for_each(self) -> None:
        assert lines("alerts") == [
            "SEV  AGE  STATUS                        SERVICE   ALERT                                      "
            "ID               SEEN BY",
            "P1   12m  acknowledged by Alice Martin  checkout  Checkout is slow (after checkout v2.41.0)  "
            "pagerduty/Q1     pagerduty, prometheus",
            "P3   3h   firing                        db        Disk of db-1 is filling 磁盘               "
            "prometheus/beef  prometheus",
        ]

    def test_what_is_silenced_says_so_whoever_holds_it(self) -> None:
        until = NOW + timedelta(hours=1)
        muted = replace(
            record(SourceName("alertmanager"), SourceKind.ALERTMANAGER, "f00d"),
            status=Status.SILENCED,
            silenced_by="ops",
            silenced_until=until,
        )
        held = replace(CHECKOUT, records=(*CHECKOUT.records, muted))
        inhibited = replace(muted, silenced_by=None, silenced_until=None, is_inhibited=True)
        quiet = replace(DISK, status=Status.SILENCED, records=(inhibited,))
        also = (*held.records, replace(muted, status=Status.FIRING))
        partly = replace(held, records=also, status=Status.FIRING, acknowledged_by=None)
        night = replace(NIGHT, alerts=(partly, held, quiet))
        ends = f"silenced until {clock(until.astimezone(), NOW.astimezone())} by ops"
        told = lines("alerts", situation=night)[1:]
        assert f"  firing, 1 of 2 {ends}  " in told[0]
        assert f"  acknowledged by Alice Martin, {ends}  " in told[1]
        assert "  inhibited  " in told[2] and "silenced" not in told[2]
        keys = ("status", "silenced", "silenced_by", "silenced_until", "inhibited")
        assert [tuple(one[key] for key in keys) for one in answer("alerts", situation=night)["alerts"]] == [
            ("firing", False, None, None, False),
            ("acknowledged", True, "ops", "2026-11-21T03:14:09Z", False),
            ("silenced", False, None, None, True),
        ]

    def test_they_can_be_chosen_and_sorted(self) -> None:
        assert [one["id"] for one in answer("alerts", "--match", "disk -web")["alerts"]] == ["prometheus/beef"]
        assert [one["id"] for one in answer("alerts", "--sort", "service")["alerts"]] == [
            "pagerduty/Q1",
            "prometheus/beef",
        ]
        assert [one["id"] for one in answer("alerts", "--sort", "status")["alerts"]] == [
            "prometheus/beef",
            "pagerduty/Q1",
        ]

    def test_a_filter_that_makes_no_sense_is_an_error(self) -> None:
        ended = run(FakeRooms(NIGHT), "alerts", "--match", "sev:9 disk")
        assert ended.exit_code == 2
        assert "sev:9: severities are 1 to 5" in ended.stderr

    def test_they_are_turned_round_and_sorted_by_a_label(self) -> None:
        usual = [one["id"] for one in answer("alerts", "--sort", "title")["alerts"]]
        assert [one["id"] for one in answer("alerts", "--sort", "title", "--reverse")["alerts"]] == usual[::-1]
        assert len(answer("alerts", "--sort", "label:team")["alerts"]) == 2

    def test_they_stand_in_groups_each_below_a_line(self) -> None:
        told = lines("alerts", "--group-by", "service")
        assert [told[1], told[4]] == ["", ""]
        assert told[2] == "checkout: 1 alert, 1 P1, the oldest 12m"
        assert "Checkout is slow" in told[3]
        assert told[5].endswith(": 1 alert, 1 P3, the oldest 3h")
        assert lines("alerts", "--group-by", "none") == lines("alerts")

    @pytest.mark.parametrize(
        ("option", "value", "words"),
        [
            ("--sort", "colour", "'colour' is not one of severity, status"),
            ("--group-by", "colour", "'colour' is not one of service, alert"),
            ("--match", "@night", "@night is no filter of the configuration, which has none."),
        ],
    )
    def test_what_there_is_none_of_is_an_error(self, option: str, value: str, words: str) -> None:
        ended = run(FakeRooms(NIGHT), "alerts", option, value)
        assert ended.exit_code == 2
        assert words in " ".join(ended.stderr.split())

    def test_a_saved_filter_brings_its_order_and_groups_which_options_overrule(self, tmp_path: Path) -> None:
        path = tmp_path / "oncall.toml"
        path.write_text(SAVED)

        def told(*arguments: str) -> list[str]:
            ended = run(FakeRooms(NIGHT), "alerts", *arguments, options=("--config", str(path)))
            assert ended.exit_code == 0, ended.output
            return ended.stdout.splitlines()

        assert told("--match", "@Disks") == told("--match", "disk")
        assert told("--match", "@by service") == told("--sort", "age", "--reverse", "--group-by", "service")
        assert told("--match", "@by service", "--group-by", "none", "--sort", "title") == told("--sort", "title")
        ended = run(FakeRooms(NIGHT), "alerts", "--match", "@dsks", options=("--config", str(path)))
        assert "@dsks is no filter of the configuration: there are @disks, @by service." in " ".join(
            ended.stderr.split()
        )

    def test_nothing_and_nothing_that_matches_are_told_apart(self) -> None:
        assert lines("alerts", situation=QUIET) == ["No active alert."]
        assert lines("alerts", "--match", "nowhere") == ["None of 2 alerts matches."]


class TestServices:
    def test_json_holds_every_check(self) -> None:
        found = answer("services")["services"]
        assert [one["health"] for one in found] == ["up", "degraded"]
        assert found[0]["targets"] == {"up": 2, "total": 2}
        assert found[1]["severity"] == "P2"
        assert found[1]["troubles"][0] == "1 of 3 targets down"
        assert found[1]["checks"][0] == {
            "name": "p95",
            "level": "critical",
            "value": 640.0,
            "unit": "ms",
            "direction": "above",
            "warning": 300,
            "critical": 500,
            "reason": "over 500",
            "since": "2026-11-21T02:07:09Z",
        }

    def test_what_is_not_a_number_is_null(self) -> None:
        assert answer("services")["services"][1]["checks"][1]["value"] is None

    def test_text_has_the_worst_first(self) -> None:
        found = lines("services")
        assert found[1].startswith("degraded  checkout  production   2/3      1 of 3 targets down; p95 640 ms")
        assert found[2] == "up        web                    2/2"

    def test_none_is_said(self) -> None:
        assert lines("services", situation=QUIET) == ["No service is known."]


class TestDeployments:
    def test_json_holds_the_whole_deployment(self) -> None:
        assert answer("deployments")["deployments"] == [
            {
                "id": "pagerduty/C1",
                "service": "checkout",
                "version": "v2.41.0",
                "environment": "production",
                "status": "finished",
                "at": "2026-11-21T01:58:09Z",
                "started_at": None,
                "author": "bob",
                "summary": "New payment form",
                "url": None,
                "source": "pagerduty",
                "kind": "pagerduty",
                "seen_by": ["pagerduty"],
            }
        ]

    def test_text_is_a_line_for_each(self) -> None:
        assert lines("deployments")[1] == "16m  checkout  v2.41.0  production   finished  bob     New payment form"
        assert lines("deployments", situation=QUIET) == ["No recent deployment."]


@pytest.mark.parametrize("verb", ["alerts", "services", "deployments"])
class TestASourceThatFailed:
    situation = replace(NIGHT, freshness=FAILED)

    def test_the_rest_is_printed_and_the_code_says_so(self, verb: str) -> None:
        result = run(FakeRooms(self.situation), verb)
        assert result.exit_code == 4
        assert "checkout" in result.stdout
        assert result.stderr.splitlines() == [
            "pagerduty is missing here: unauthorised: pagerduty refuses the token (401). Make a new one.",
            "prometheus: partial response",
        ]

    def test_the_name_that_the_failure_begins_with_is_not_said_twice(self, verb: str) -> None:
        failed = replace(FAILED[0], failure=Failure("unreachable", f"{FAILED[0].source}: no route.", "VPN down?"))
        result = run(FakeRooms(replace(NIGHT, freshness=(failed,))), verb)
        assert result.stderr == f"{failed.source} is missing here: unreachable: no route. VPN down?\n"

    def test_json_stays_one_object_and_names_the_failure(self, verb: str) -> None:
        result = run(FakeRooms(self.situation), verb, "--json")
        assert result.exit_code == 4
        assert json.loads(result.stdout)["sources"] == [
            {
                "name": "pagerduty",
                "kind": "pagerduty",
                "state": "failed",
                "age_s": None,
                "error": {
                    "kind": "unauthorised",
                    "message": "pagerduty refuses the token (401).",
                    "hint": "Make a new one.",
                },
                "warnings": [],
            },
            {
                "name": "prometheus",
                "kind": "prometheus",
                "state": "ok",
                "age_s": 0.0,
                "error": None,
                "warnings": ["partial response"],
            },
        ]

    def test_an_empty_list_is_not_told_as_nothing(self, verb: str) -> None:
        some = run(FakeRooms(replace(QUIET, freshness=FAILED)), verb).stdout
        assert some.endswith(" at the sources that answered; nothing is known of pagerduty.\n")
        none = run(FakeRooms(replace(QUIET, freshness=FAILED[:1])), verb).stdout
        assert none == "Nothing is known: no source answered.\n"

    def test_the_rooms_are_closed(self, verb: str) -> None:
        rooms = FakeRooms(self.situation)
        run(rooms, verb)
        assert rooms.closed == 1


def test_ages_are_counted_from_when_the_picture_was_taken() -> None:
    later = replace(NIGHT, taken_at=NIGHT.taken_at + timedelta(days=3))
    assert lines("alerts", situation=later)[1].startswith("P1   3d ")
