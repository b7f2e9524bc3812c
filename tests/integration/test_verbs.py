"""Every verb as a process, against the simulator's vendors: what it says, and what the next look shows."""

from typing import Any

import pytest

from tests.integration.test_command_line import CommandLine, shell

__all__ = ["shell"]


async def alerts(shell: CommandLine) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await shell.run("alerts", "--json")).answer["alerts"]
    return found


def of(source: str, found: list[dict[str, Any]]) -> list[str]:
    """The ids of the alerts that a source leads."""
    return [one["id"] for one in found if one["id"].startswith(f"{source}/")]


async def test_an_incident_is_snoozed_noted_prioritised_escalated_and_resolved(shell: CommandLine) -> None:
    target = of("pagerduty", await alerts(shell))[0]
    for line in (
        ["snooze", "--for", "2h"],
        ["note", "-m", "rolled back"],
        ["priority", "--name", "p3"],
        ["escalate", "--level", "2"],
        ["resolve", "-m", "rolled back to v2.40"],
    ):
        ended = await shell.run(*line, "--json", target)
        assert [one["outcome"] for one in ended.answer["results"]] == ["confirmed"], (line, ended.stdout)
        assert ended.code == 0
    assert target not in [one["id"] for one in await alerts(shell)]
    gone = await shell.run("snooze", "--for", "2h", target.removeprefix("pagerduty/"))
    assert (gone.code, "gone" in gone.stdout) == (5, True)


async def test_an_incident_is_created_and_handed_to_somebody_who_is_found_by_a_few_letters(shell: CommandLine) -> None:
    line = ["create", "--title", "It burns", "--priority", "p2", "--json", "--yes"]
    unclear = await shell.run(*line, "--service", "a")
    assert (unclear.code, "may mean any of these" in unclear.stderr) == (2, True)
    created = await shell.run(*line, "--service", "bnkng")
    (result,) = created.answer["results"]
    assert (created.code, result["outcome"]) == (0, "confirmed"), created.stdout
    assert created.answer["pages"][0]["people"]
    assert result["alert"] in of("pagerduty", await alerts(shell))
    person = created.answer["pages"][1]["people"][0]
    for word, code in ((person.upper(), 0), ("nobody-at-all", 2)):
        ended = await shell.run("reassign", "--json", "--to", word, result["alert"])
        assert ended.code == code, ended.stderr
    lost = await shell.run("reassign", "--json", "--to", person, "pagerduty/QGHOST")
    assert (lost.code, lost.answer["results"][0]["outcome"]) == (5, "gone")


async def test_one_incident_becomes_part_of_another(shell: CommandLine) -> None:
    into, target, *_ = of("pagerduty", await alerts(shell))
    ended = await shell.run("merge", "--json", "--into", into, target)
    assert [one["outcome"] for one in ended.answer["results"]] == ["confirmed"], ended.stdout
    assert target not in [one["id"] for one in await alerts(shell)]


async def test_an_issue_is_archived_and_not_the_page_beside_it(shell: CommandLine) -> None:
    issues = [
        (one["id"], f"{record['source']}/{record['id']}")
        for one in await alerts(shell)
        for record in one["records"]
        if record["kind"] == "sentry"
    ]
    alert, issue = issues[0]
    ended = await shell.run("archive", "--json", issue)
    assert [(one["alert"], one["outcome"]) for one in ended.answer["results"]] == [(alert, "confirmed")]
    left = [f"{record['source']}/{record['id']}" for one in await alerts(shell) for record in one["records"]]
    assert issue not in left


async def test_a_silence_covers_what_it_said_and_ends(shell: CommandLine) -> None:
    target = next(
        one["id"] for one in await alerts(shell) if "alertmanager" in {seen["kind"] for seen in one["records"]}
    )
    line = ["silence", "--for", "1h", "-m", "known", "--alert", target, "--json"]
    (would,) = (await shell.run(*line, "--dry-run")).answer["covers"]
    made = (await shell.run(*line, "--yes")).answer
    assert made["covers"] == [would]
    assert [one["outcome"] for one in made["results"]] == ["confirmed"]
    standing = (await shell.run("silences", "--json")).answer["silences"]
    (own,) = [one for one in standing if one["comment"] == "known"]
    assert made["results"][0]["reason"] == f"silence {own['id']}"
    (told,) = [one for one in await alerts(shell) if one["silenced_by"] == own["created_by"]]
    assert (told["id"], told["silenced"], told["silenced_until"]) == (target, True, own["ends_at"])
    ended = await shell.run("unsilence", own["id"])
    assert ended.code == 0
    assert own["id"] not in (await shell.run("silences")).stdout


@pytest.mark.parametrize("verb", [["resolve"], ["escalate", "--level", "2"]])
async def test_read_only_does_nothing(shell: CommandLine, verb: list[str]) -> None:
    target = of("pagerduty", await alerts(shell))[0]
    ended = await shell.run("--read-only", *verb, target)
    assert (ended.code, ended.stdout) == (2, "")
    assert "Read-only" in ended.stderr
    assert target in [one["id"] for one in await alerts(shell)]
