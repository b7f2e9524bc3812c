"""Which alert `--alert` means where several have the name."""

from collections.abc import Mapping
from dataclasses import replace

import click
import pytest

from oncall_tui.cli.runbook.running.which import alert_of
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.ids import AlertId, RecordRef
from oncall_tui.domain.situation import Situation
from tests.unit.cli.fakes import DISK, FAILED, NIGHT
from tests.unit.cli.runbook.running.scene import Answers, Told


def alert(number: int, **labels: str) -> Alert:
    record = replace(
        DISK.records[0],
        id=f"f{number}",
        ref=RecordRef(f"prometheus/f{number}"),
        name="DiskFull",
        labels={"alertname": "DiskFull", **labels},
    )
    return replace(DISK, id=AlertId(f"prometheus/f{number}"), title=f"Disk {number}", records=(record,))


PROD = alert(1, namespace="prod", pod="a")
TEST = alert(2, namespace="test", pod="a")
THIRD = alert(3, namespace="test", pod="b")


def night(*alerts: Alert) -> Situation:
    return replace(NIGHT, alerts=alerts)


async def chosen(
    situation: Situation, words: str, labels: Mapping[str, str] | None = None, console: Answers | None = None
) -> tuple[str, str]:
    told = Told()
    found = await alert_of(situation, words, labels or {}, told, console)
    return found.id, told.text


@pytest.mark.parametrize(
    ("words", "labels", "meant"),
    [
        ("prometheus/f2", {"namespace": "prod"}, TEST),
        ("f3", {}, THIRD),
        ("Disk 1", {}, PROD),
        ("DiskFull", {"namespace": "prod"}, PROD),
        ("DiskFull", {"namespace": "test", "pod": "b"}, THIRD),
        ("DiskFull", {"namespace": "prod", "service": "not a label of theirs"}, PROD),
    ],
)
async def test_an_id_a_name_or_its_labels_say_which(words: str, labels: dict[str, str], meant: Alert) -> None:
    assert (await chosen(night(PROD, TEST, THIRD), words, labels))[0] == meant.id


async def test_the_only_one_of_a_name_may_get_labels_that_it_does_not_carry() -> None:
    assert (await chosen(night(PROD), "DiskFull", {"namespace": "elsewhere"}))[0] == PROD.id


async def test_without_a_terminal_several_are_listed_with_what_tells_them_apart() -> None:
    with pytest.raises(click.UsageError) as error:
        await chosen(night(PROD, TEST, THIRD), "DiskFull")
    assert error.value.exit_code == 2
    assert error.value.message.splitlines() == [
        "3 alerts are called 'DiskFull', and nobody sits at a terminal to choose. Name one by its id, or with "
        "--label NAME=VALUE:",
        "  prometheus/f1  Disk 1  db  namespace=prod  pod=a",
        "  prometheus/f2  Disk 2  db  namespace=test  pod=a",
        "  prometheus/f3  Disk 3  db  namespace=test  pod=b",
    ]


async def test_labels_leave_those_to_choose_from_that_have_them() -> None:
    with pytest.raises(click.UsageError, match=r"2 alerts are called 'DiskFull'"):
        await chosen(night(PROD, TEST, THIRD), "DiskFull", {"namespace": "test"})
    with pytest.raises(click.UsageError, match=r"3 alerts are called 'DiskFull', none with namespace=stage:\n  prom"):
        await chosen(night(PROD, TEST, THIRD), "DiskFull", {"namespace": "stage"})


async def test_at_a_terminal_one_is_chosen_by_its_number() -> None:
    console = Answers("0", "4", "two", "²", "2")
    found, told = await chosen(night(PROD, TEST, THIRD), "DiskFull", console=console)
    assert found == TEST.id
    assert "   2  prometheus/f2  Disk 2  db  namespace=test  pod=a" in told
    assert told.count("That is no number from 1 to 3.") == 4
    assert console.prompts[0] == "Which one? Its number, or Enter to begin nothing:"


@pytest.mark.parametrize("answers", [Answers(""), Answers()])
async def test_who_leaves_the_question_begins_nothing(answers: Answers) -> None:
    with pytest.raises(click.UsageError, match="nothing was begun"):
        await chosen(night(PROD, TEST), "DiskFull", console=answers)


async def test_of_many_the_first_are_listed_and_can_be_chosen() -> None:
    many = night(*(alert(one, pod=f"p{one}") for one in range(1, 31)))
    found, told = await chosen(many, "DiskFull", console=Answers("21", "20"))
    assert found == "prometheus/f20"
    assert "and 10 more" in told and "from 1 to 20" in told


async def test_none_of_the_name_while_a_source_is_silent_may_be_active() -> None:
    with pytest.raises(click.UsageError, match=r"No alert is called 'Gone' now: `oncall-tui alerts` lists them"):
        await chosen(night(PROD), "Gone")
    may_be = r"it may be active: pagerduty did not answer: .*--label NAME=VALUE"
    with pytest.raises(click.ClickException, match=may_be) as error:
        await chosen(replace(night(PROD), freshness=FAILED), "Gone")
    assert error.value.exit_code == 4


async def test_where_nothing_is_watched_no_alert_is_missed() -> None:
    with pytest.raises(click.UsageError, match=r"No source is watched, .*`oncall-tui config init`.*--label NAME=VALUE"):
        await chosen(replace(night(), freshness=()), "Gone")


async def test_foreign_text_is_cleaned() -> None:
    with pytest.raises(click.UsageError) as error:
        await chosen(night(alert(1, pod="\x1b[2J"), alert(2, pod="b\u202e")), "DiskFull")
    assert all(one.isprintable() or one == "\n" for one in error.value.message)
