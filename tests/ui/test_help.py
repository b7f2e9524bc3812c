"""Help tells of the place with the focus: what it is, its keys as they are bound, its signs, and why others are dim."""

import msgspec
import pytest
from textual.widgets import Input

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.service import Health, health_of_severity
from oncall_tui.domain.severity import Severity
from oncall_tui.ui.commands import REGISTRY, Command
from oncall_tui.ui.keymap import read_keymap
from oncall_tui.ui.present import help as words
from oncall_tui.ui.present import legend, topics
from oncall_tui.ui.present.topics import Topic
from oncall_tui.ui.present.words import HEALTH_SIGNS
from oncall_tui.ui.screens.help import Help, Sheet
from oncall_tui.ui.widgets.deployment_table import DeploymentTable
from oncall_tui.ui.widgets.lines import ServiceMap
from tests.ui.desk import Desk, at_desk, config_of
from tests.unit.builders import PAGERDUTY, alert, before, deployment, record, service

KEYMAP = read_keymap({})
TOPICS = [one for one in vars(topics).values() if isinstance(one, Topic)]


def alerts(count: int) -> list[Alert]:
    return [alert(record(PAGERDUTY, f"Q{i}", title=f"trouble {i:02}", since=before(60))) for i in range(count)]


def told(desk: Desk) -> str:
    """All that the help says, seen or not."""
    assert isinstance(desk.app.screen, Help)
    return "\n".join(words.drawn(sheet._rows, 70).plain for sheet in desk.app.screen.query(Sheet))


def part(text: str, heading: str) -> str:
    """What stands under a heading."""
    lines = text.split(f"\n{heading}\n")
    assert len(lines) == 2, f"{heading}:\n{text}"
    return lines[1].split("\n\n")[0]


@pytest.mark.parametrize("topic", TOPICS, ids=lambda one: one.name)
@pytest.mark.parametrize("width", [30, 68, 74, 160])
def test_every_topic_is_true_and_fits(topic: Topic, width: int) -> None:
    rows = (*words.about(topic, KEYMAP), *words.keys_here(topic, lambda _: True, KEYMAP), *words.signs(topic.signs))
    content = words.drawn(rows, width)
    assert all(line.cell_length <= width for line in content.split("\n"))
    assert "{" not in content.plain
    assert "\x00" not in content.plain
    assert set(topic.commands) <= set(REGISTRY)
    assert set(topic.signs) <= set(legend.GROUPS)


@pytest.mark.parametrize("topic", [one for one in TOPICS if one is not topics.FILTER], ids=lambda one: one.name)
@pytest.mark.parametrize("available", [True, False])
def test_every_command_is_told_once_with_its_key(topic: Topic, available: bool) -> None:
    rows = (
        *words.keys_here(topic, lambda _: available, KEYMAP),
        *words.other_keys(topic, lambda _: available, KEYMAP),
        *words.keys_without_use(topic, lambda _: available, KEYMAP),
    )
    keys = [key for row in rows for key in row.key.plain.split()]
    for command_id in REGISTRY:
        for key in KEYMAP.every_shown(command_id).split():
            assert keys.count(key) == 1, command_id


def test_every_group_of_signs_is_told_once() -> None:
    for topic in TOPICS:
        assert sorted([*topic.signs, *words.other_groups(topic)]) == sorted(legend.GROUPS)


def test_signs_are_those_that_the_screen_draws() -> None:
    drawn = words.drawn(words.signs(legend.GROUPS), 74).plain
    for sign in "●✓~○…✗┃▌◆·▲■?":
        assert f" {sign}  " in drawn, sign
    for word in ("P1  critical", "PROD", "on call:", "seen by PagerDuty", "older than it should be"):
        assert word in drawn


@pytest.mark.parametrize(
    ("keys", "name", "says"),
    [
        (["1"], "the list of alerts", "One row is one trouble"),
        (["1", "tab"], "the list of deployments", "suspected of it"),
        (["2"], "the list of alerts", "One row is one trouble"),
        (["2", "tab"], "the details", "every record behind it"),
        (["5"], "the list of deployments", "a hint, not a proof"),
    ],
)
async def test_the_place_with_the_focus_is_explained(keys: list[str], name: str, says: str) -> None:
    async with at_desk(*alerts(3), deployments=[deployment()]) as desk:
        await desk.press(*keys, "question_mark")
        assert f"Help: {name}" in desk.text()
        assert says in " ".join(told(desk).split())


async def test_a_place_without_rows_is_explained_too() -> None:
    async with at_desk(*alerts(3), services=[service()]) as desk:
        desk.view.query_one(ServiceMap).focus()
        await desk.press("question_mark")
        text = told(desk)
        assert "Every service that Prometheus knows" in text
        assert "a  acknowledge: No alert is selected" in part(text, "NO USE NOW")


async def test_in_the_filter_f1_explains_it_and_the_question_mark_is_typed() -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "slash", "question_mark")
        assert desk.view.query_one(Input).value == "?"
        assert "enter keep the filter" in desk.text().splitlines()[-1]
        await desk.press("f1")
        assert "Help: the filter" in desk.text()
        text = told(desk)
        assert "f1" in part(text, "OTHER KEYS")
        assert "^p" in part(text, "OTHER KEYS")
        assert "Acknowledge" not in text
        assert "letters  They are typed into the field." in part(text, "NO USE NOW")


async def test_keys_without_use_are_dim_with_the_reason() -> None:
    async with at_desk(*alerts(3), deployments=[deployment()]) as desk:
        await desk.press("5", "question_mark")
        without = " ".join(part(told(desk), "NO USE NOW").split())
        assert "a acknowledge: No alert is selected: 2 lists them." in without
        assert "s sort: Only alerts can be sorted: 2 goes to their list." in without
        assert "5 deployments: You are there." in without
        assert isinstance(desk.view.focused, DeploymentTable)


@pytest.mark.parametrize("command", REGISTRY.values(), ids=lambda one: one.id)
def test_whatever_may_be_of_no_use_has_a_reason(command: Command) -> None:
    assert type(command).is_available is Command.is_available or command.missing


async def test_help_shows_the_keys_as_they_are_bound() -> None:
    config = msgspec.structs.replace(
        config_of(), keys={"alert.acknowledge": "A", "view.alerts": "ctrl+o", "alert.copy": "", "list.down": "J"}
    )
    async with at_desk(*alerts(3), config=config) as desk:
        await desk.press("5", "question_mark")
        text = told(desk)
        assert "No alert is selected: ^o lists them" in " ".join(text.split())
        await desk.press("escape", "ctrl+o", "question_mark")
        text = " ".join(told(desk).split())
        assert "A acknowledges the row under the cursor at once" in text
        assert "J k ↑ ↓ Next row" in text
        assert "– Copy the alert" in text
        await desk.press("J")
        assert desk.app.screen.query_one("#dialog-body").scroll_y == 1


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=str)
async def test_all_of_the_help_can_be_read(size: tuple[int, int]) -> None:
    async with at_desk(*alerts(3), size=size) as desk:
        await desk.press("2", "question_mark")
        seen: set[str] = set()
        for _ in range(130):
            seen |= {word for line in desk.text().splitlines() for word in line.split()}
            await desk.press("j")
        missing = {word for word in told(desk).split() if len(word) > 3} - seen
        assert not missing


@pytest.mark.parametrize("severity", Severity)
def test_the_legend_tells_which_severity_is_which_health(severity: Severity) -> None:
    health = health_of_severity(severity)
    text = next(text for sign, text in legend.services() if sign.plain == HEALTH_SIGNS[health])
    assert (severity.name in text) is (health is not Health.UP)
