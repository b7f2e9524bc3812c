"""The first theme is taken without the work of a change, and looks the same."""

import pytest

from tests.ui.desk import FakeRooms, at_desk, build, config_of
from tests.unit.builders import alert


@pytest.mark.parametrize("name", ["oncall-dark", "oncall-light"])
async def test_the_first_theme_is_the_one_that_a_change_gives(name: str) -> None:
    other = "oncall-light" if name == "oncall-dark" else "oncall-dark"
    async with (
        at_desk(alert(), config=config_of(theme=name)) as begun,
        at_desk(alert(), config=config_of(theme=other)) as changed,
    ):
        changed.app.theme = name
        await changed.settle()
        assert begun.app.theme == name
        assert begun.app.classes == changed.app.classes
        assert begun.app.pseudo_classes == changed.app.pseudo_classes
        drawn = [[list(strip) for strip in desk.view._compositor.render_strips()] for desk in (begun, changed)]
        assert drawn[0] == drawn[1]


def test_the_sheet_of_the_first_view_is_read_with_the_common_one() -> None:
    app = build(config_of(), FakeRooms())
    names = [path.name for path in app.css_path]
    assert names == ["global.tcss", "overview.tcss"]
