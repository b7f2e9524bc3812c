"""A read-only screen offers nothing that changes anything outside: no key, no hint, no help, no palette entry."""

import pytest

from oncall_tui.config.model import read_only
from oncall_tui.domain.alert import Alert
from oncall_tui.ui.commands import REGISTRY
from oncall_tui.ui.keymap import read_keymap, without_changes
from oncall_tui.ui.present.help import about
from oncall_tui.ui.present.topics import ALERTS
from tests.ui.desk import at_desk, config_of
from tests.unit.builders import PAGERDUTY, alert, record

MUTATING = [one for one in REGISTRY.values() if one.mutates]


def alerts() -> list[Alert]:
    return [alert(record(PAGERDUTY, f"Q{number}", title=f"trouble {number}")) for number in range(2)]


def test_there_are_commands_to_be_left_out() -> None:
    assert "alert.acknowledge" in [one.id for one in MUTATING]


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


def test_no_sentence_of_the_help_is_on_an_act() -> None:
    (told,), (said,) = (about(ALERTS, one) for one in (without_changes(read_keymap({})), read_keymap({})))
    assert "acknowledges" not in told.text and "read-only" not in told.text
    assert "tells everything that is known of a row" in told.text
    assert "acknowledges the row" in said.text


async def test_the_palette_offers_no_act() -> None:
    async with at_desk(*alerts(), config=read_only(config_of()), size=(160, 45)) as desk:
        await desk.press("2", "colon", *"acknowledge")
        assert "alert: acknowledge" not in desk.text()


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
