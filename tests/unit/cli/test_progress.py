"""A verb on hundreds of alerts says how far it is, on stderr, and what it waits for."""

import pytest

from oncall_tui.cli.progress import Progress
from oncall_tui.domain.ids import AlertId, SourceName
from oncall_tui.response.report import ActReport, Outcome
from tests.unit.cli.fakes import FakeRooms, run

PD = SourceName("pagerduty")


def reports(count: int, outcome: Outcome = Outcome.CONFIRMED) -> list[ActReport]:
    return [ActReport(AlertId(f"pagerduty/Q{number}"), "down", outcome) for number in range(count)]


def test_it_tells_at_every_hundred_and_what_it_waits_for(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(800)
    progress.hear(reports(60))
    progress.hear(reports(45, Outcome.FAILED))
    progress.rest(PD, 0.4)
    progress.rest(PD, 21)
    progress.hear(reports(695))
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "105 of 800 have their result, 45 of them failed.",
        "105 of 800 have their result, 45 of them failed; pagerduty is busy, it goes on in 21 s.",
    ]


def test_a_few_tell_their_results_only(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(4)
    progress.rest(PD, 30)
    progress.hear(reports(4))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("line", ["ack", "priority --name P1", "escalate --level 2", "merge --into Q0"])
def test_every_verb_on_many_is_followed(line: str) -> None:
    rooms = FakeRooms(reports=reports(5))
    result = run(rooms, *line.split(), *(f"Q{number}" for number in range(5)))
    assert result.exit_code == 0
    (following,) = rooms.followings
    assert isinstance(following, Progress)
