"""Every sheet of styles is read once, however many views and dialogs are shown, and anew for another theme."""

from collections import Counter
from collections.abc import Iterator

import pytest
from textual.css import parse as parsing
from textual.css import stylesheet
from textual.css.model import RuleSet

from tests.ui.desk import at_desk
from tests.ui.test_dialogs import alerts


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[tuple[object, ...]]]:
    """How often each sheet was read."""
    count: Counter[tuple[object, ...]] = Counter()
    parse = parsing.parse

    def noting(scope: str, css: str, read_from: tuple[str, str], **options: object) -> list[RuleSet]:
        count[scope, read_from, options["tie_breaker"]] += 1
        return list(parse(scope, css, read_from, **options))  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(stylesheet, "parse", noting)
    yield count


async def test_styles_are_read_once_for_all_views_and_dialogs_and_anew_for_a_theme(
    read: Counter[tuple[object, ...]],
) -> None:
    async with at_desk(*alerts(3)) as desk:
        await desk.press("2", "question_mark", "escape", "5", "1", "2")
        assert len(read) > 20
        assert {name: times for name, times in read.items() if times > 1} == {}
        ground = desk.app.screen.styles.background
        desk.app.theme = next(name for name in sorted(desk.app.available_themes) if "light" in name)
        await desk.settle()
        assert desk.app.screen.styles.background != ground
        before = read.total()
        await desk.press("question_mark", "escape", "5")
        assert read.total() == before
