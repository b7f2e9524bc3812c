"""A read-only screen offers nothing that changes anything outside: no key, no hint, no help, no palette entry."""

import pytest

from oncall_tui.config.model import read_only
from oncall_tui.domain.alert import Alert
from oncall_tui.ui.commands import REGISTRY, Command
from oncall_tui.ui.commands.palette import CommandsProvider
from oncall_tui.ui.key_hints import hints
from oncall_tui.ui.keymap import Keymap, read_keymap, without_changes
from oncall_tui.ui.present import topics
from oncall_tui.ui.present.help import about, keys_here, keys_without_use, other_keys
from oncall_tui.ui.present.topics import ALERTS, Topic
from tests.ui.desk import at_desk, config_of
from tests.unit.builders import PAGERDUTY, alert, record

TOPICS = [one for one in vars(topics).values() if isinstance(one, Topic)]
MUTATING = [one for one in REGISTRY.values() if one.mutates]


def alerts() -> list[Alert]:
    return [alert(record(PAGERDUTY, f"Q{number}", title=f"trouble {number}")) for number in range(2)]


def test_whatever_acts_is_left_out() -> None:
    acts = {one.id for one in REGISTRY.values() if hasattr(one, "verb") or one.asks_first}
    others = {"alert.acknowledge", "alert.retry", "alert.stop", "incident.create"}
    assert acts | others <= {one.id for one in MUTATING}
    assert {"alert.silence", "alert.unsilence", "alert.escalate", "alert.merge"} <= acts


@pytest.mark.parametrize("production", [True, False])
async def test_no_key_acts(production: bool) -> None:
    config = read_only(config_of(production=production))
    async with at_desk(*alerts(), config=config, size=(160, 45)) as desk:
        keys = [key for one in MUTATING for key in one.key.split(",")]
        for view in ("1", "2", "5"):
            await desk.press(view, "space", *keys, "y", "enter")
        assert desk.rooms.sent == []


async def test_it_says_so_and_no_hint_names_an_act() -> None:
    async with at_desk(*alerts(), config=read_only(config_of(production=True)), size=(160, 45)) as desk:
        await desk.press("2")
        assert "read-only" in desk.text().splitlines()[0]
        assert "acknowledge" not in desk.text().splitlines()[-1]
        await desk.press("question_mark")
        keys_here = [line for line in desk.text().splitlines() if "Acknowledge; with marks" in line]
        assert keys_here == []


def told_by_the_help(keymap: Keymap, *, can: bool) -> list[tuple[str, str]]:
    """The key and the text of every row of the help of every place, of commands that can be used or cannot."""
    parts = (
        row
        for topic in TOPICS
        for rows in (
            about(topic, keymap),
            keys_here(topic, lambda _: can, keymap),
            other_keys(topic, lambda _: can, keymap),
            keys_without_use(topic, lambda _: can, keymap),
        )
        for row in rows
    )
    return [(row.key.plain, row.text) for row in parts]


USUAL, READING = read_keymap({}), without_changes(read_keymap({}))


@pytest.mark.parametrize("command", MUTATING, ids=lambda command: command.id)
def test_an_act_is_in_no_help_and_on_no_key(command: Command) -> None:
    rows = [row for can in (True, False) for row in told_by_the_help(READING, can=can)]
    usual = told_by_the_help(USUAL, can=True)
    assert command.summary() in [text for _, text in usual], "it is told where it can be used"
    assert command.summary() not in [text for _, text in rows]
    assert not any(text.startswith(f"{command.label}: ") for _, text in rows)
    bound = USUAL.keys_of(command.id)
    assert READING.keys_of(command.id) == () and command.id not in READING.registry
    assert not set(bound) & set(READING.commands)
    if bound:
        own = without_changes(read_keymap({command.id: "f9"}))
        assert (own.problems, own.keys_of(command.id), own.shown(command.id)) == ((), (), "")


def test_no_key_is_told_by_the_help_that_is_bound_to_an_act() -> None:
    acts = {USUAL.shown(one.id) for one in MUTATING if one.key}
    told = {key for can in (True, False) for row, _ in told_by_the_help(READING, can=can) for key in row.split()}
    assert acts <= {key for row, _ in told_by_the_help(USUAL, can=True) for key in row.split()}
    assert not acts & told


@pytest.mark.parametrize("is_read_only", [True, False])
async def test_no_act_is_in_the_palette_or_the_key_line_even_if_it_could_be_used(
    is_read_only: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in REGISTRY.values():
        monkeypatch.setattr(type(one), "is_available", lambda self, app: True)
    config = read_only(config_of()) if is_read_only else config_of()
    async with at_desk(*alerts(), config=config) as desk:
        await desk.press("2")
        offered = {str(one.text) async for one in CommandsProvider(desk.app.screen).discover()}
        found = {
            str(hit.text)
            for one in MUTATING
            for query in (one.palette, one.label, one.summary())
            async for hit in CommandsProvider(desk.app.screen).search(query)
        }
        acts, hinted = {one.palette for one in MUTATING}, {label for _, label in hints(desk.app)}
        assert acts & offered == acts & found == (set() if is_read_only else acts)
        assert "alert: show details" in offered, "what only looks is offered"
        assert bool({one.label for one in MUTATING if one.rank is not None} & hinted) is not is_read_only


def test_no_sentence_of_the_help_is_on_an_act() -> None:
    (told,), (said,) = (about(ALERTS, one) for one in (without_changes(read_keymap({})), read_keymap({})))
    assert "acknowledges" not in told.text and "read-only" not in told.text
    assert "tells everything that is known of a row" in told.text
    assert "acknowledges the row" in said.text


def test_a_key_of_ones_own_for_an_act_is_no_mistake_and_binds_nothing() -> None:
    keymap = without_changes(read_keymap({"alert.acknowledge": "A"}))
    assert keymap.problems == ()
    assert "A" not in keymap.commands
    assert keymap.shown("alert.acknowledge") == ""
    assert keymap.fill("{alert.acknowledge} it") == "“alert: acknowledge” (read-only) it"


def test_the_environment_that_is_watched_decides() -> None:
    config = config_of()
    assert not config.is_read_only
    assert read_only(config).is_read_only
    assert read_only(config).environments["rewapp"].production == config.is_production
