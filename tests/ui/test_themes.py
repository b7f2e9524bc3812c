"""Every theme, as it is really drawn: each piece of text on each scene is measured against the ground it stands on."""

import asyncio
from collections.abc import Iterable

import pytest
from rich.color import ColorSystem
from textual.screen import ModalScreen

from oncall_tui.config.paths import shipped
from oncall_tui.domain.alert import Status
from oncall_tui.domain.deployment import DeploymentStatus
from oncall_tui.domain.service import Health
from oncall_tui.domain.severity import Severity
from oncall_tui.ui.present import words
from oncall_tui.ui.theme_depth import Depth, contrast, draw_with
from tests.ui.desk import Desk, FakeRooms, at_desk, build, config_of, opened
from tests.ui.drawn import Piece, pieces
from tests.ui.tour import CHART, LARGE, tour, worst_night

THEMES = sorted(path.stem for path in shipped("themes").glob("*.toml"))
SCENES = 19

TEXT, GRAPHIC = 4.5, 3.0
"""Contrast by WCAG 2.1 AA: success criteria 1.4.3 for text, 1.4.11 for what is drawn."""


def is_graphic(text: str) -> bool:
    """Lines, blocks and dots of a chart: nothing to be read letter by letter."""
    return all("\u2500" <= char <= "\u259f" or "\u2800" <= char <= "\u28ff" or char == " " for char in text)


def is_behind(piece: Piece) -> bool:
    """Behind a dialog: inactive for as long as the dialog is open, which WCAG exempts, and dimmed to say so."""
    screen = piece.widget.screen
    return isinstance(screen, ModalScreen) and piece.widget is screen


def is_separator(piece: Piece) -> bool:
    """The hairline between a list and its details: space and alignment separate them as well."""
    return is_graphic(piece.text) and piece.widget.id == "detail"


def poor(found: Iterable[Piece], text: float = TEXT, graphic: float = GRAPHIC) -> list[str]:
    """The pieces that cannot be read as WCAG asks."""
    return [
        str(piece)
        for piece in found
        if contrast(piece.ink, piece.ground) < (graphic if is_graphic(piece.text) else text)
        and not is_behind(piece)
        and not is_separator(piece)
    ]


async def walk(theme: str, depth: Depth, system: ColorSystem, **least: float) -> dict[str, list[str]]:
    """What is poor on each scene of the tour."""
    app = build(config_of(production=True, theme=theme, chart=CHART), rooms := FakeRooms())
    draw_with(app, depth)
    scenes: dict[str, list[str]] = {}
    async with app.run_test(size=LARGE, notifications=True, tooltips=True) as pilot:
        await opened(app, pilot)
        async for scene in tour(Desk(app, pilot, rooms)):
            found = list(pieces(app, system))
            assert found, scene
            scenes[scene] = poor(found, **least)
    assert len(scenes) >= SCENES
    return {scene: sorted(set(told)) for scene, told in scenes.items() if told}


@pytest.mark.parametrize("theme", [one for one in THEMES if one != "sixteen"])
async def test_everything_that_is_drawn_can_be_read(theme: str) -> None:
    assert await walk(theme, Depth.TRUE, ColorSystem.TRUECOLOR) == {}


async def test_what_is_drawn_away_from_production_can_be_read_in_every_theme() -> None:
    poorest: dict[str, list[str]] = {}
    async with at_desk(config=config_of(), size=(120, 36)) as desk:
        await desk.publish(worst_night())
        for keys in ("1", "2Ma"):
            await desk.press(*keys)
            for theme in THEMES:
                desk.app.theme = theme
                await desk.settle()
                found = poor(pieces(desk.app))
                if found and theme != "sixteen":
                    poorest[f"{theme} {keys}"] = found
    assert poorest == {}


async def test_sixteen_colours_can_be_read() -> None:
    """The frame of production is the dark red of VGA, 2.7:1; the block in it that says PROD is 7:1."""
    assert await walk("sixteen", Depth.SIXTEEN, ColorSystem.STANDARD, graphic=2.7) == {}


async def test_the_theme_of_sixteen_colours_is_drawn_so_in_true_colour() -> None:
    assert await walk("sixteen", Depth.TRUE, ColorSystem.TRUECOLOR, graphic=2.7) == {}


@pytest.mark.parametrize("theme", ["oncall-dark", "oncall-light"])
async def test_256_colours_can_be_read(theme: str) -> None:
    assert await walk(theme, Depth.PALETTE, ColorSystem.EIGHT_BIT) == {}


async def test_another_theme_that_was_asked_for_does_not_sink_into_its_ground_in_sixteen_colours() -> None:
    assert await walk("oncall-light", Depth.SIXTEEN, ColorSystem.STANDARD, graphic=2.7) == {}


async def test_the_check_itself_finds_what_is_pale() -> None:
    """Rich's own rounding, without ours: a house theme in sixteen colours is not readable."""
    assert await walk("oncall-light", Depth.TRUE, ColorSystem.STANDARD) != {}


async def test_without_colours_no_colour_is_sent_and_cursor_marks_and_production_are_seen() -> None:
    app = build(config_of(production=True, theme="sixteen", chart=CHART), rooms := FakeRooms())
    draw_with(app, Depth.NONE)
    async with app.run_test(size=LARGE, notifications=True, tooltips=True) as pilot:
        await opened(app, pilot)
        desk = Desk(app, pilot, rooms)
        async for scene in tour(desk):
            for strip in app.screen._compositor.render_strips():
                for _text, style, _control in strip:
                    colours = [style.color, style.bgcolor] if style is not None else []
                    assert all(one is None or one.is_default for one in colours), scene
            if scene == "marks":
                drawn = {piece.text.strip(): piece for piece in pieces_without_colours(desk)}
                assert drawn["PROD"].style.reverse
                assert drawn["2 marked"].style.reverse
                cursor = [piece for piece in drawn.values() if is_on_cursor(desk, piece)]
                assert cursor and all(piece.style.reverse for piece in cursor)
                signs = [line[desk.alerts.region.x] for line in desk.text().splitlines() if line.strip()]
                assert signs.count("┃") == 2, "a mark is a sign, not a colour"


def pieces_without_colours(desk: Desk) -> list[Piece]:
    """Pieces whose colours do not count."""
    found = []
    for y, strip in enumerate(desk.app.screen._compositor.render_strips()):
        x = 0
        for text, style, _control in strip:
            if text.strip() and style is not None:
                found.append(Piece(text, (0, 0, 0), (0, 0, 0), x, y, desk.view, style))
            x += len(text)
    return found


def is_on_cursor(desk: Desk, piece: Piece) -> bool:
    region = desk.alerts.region
    return piece.y == region.y + 1 + desk.alerts.cursor_index and region.x <= piece.x < region.right


async def test_a_theme_chosen_later_is_drawn_as_one_chosen_at_the_start() -> None:
    async def screen(first: str, then: str) -> list[list[tuple[str, object, object]]]:
        app = build(config_of(production=True, theme=first, chart=CHART), rooms := FakeRooms())
        async with app.run_test(size=LARGE, notifications=True, tooltips=True) as pilot:
            await opened(app, pilot)
            desk = Desk(app, pilot, rooms)
            async with asyncio.timeout(120):
                async for scene in tour(desk):
                    if scene == "overview":
                        app.theme = then
                        await desk.settle()
                        strips = app.screen._compositor.render_strips()
                        return [[(one.text, *colours(one.style)) for one in strip.simplify()] for strip in strips]
        raise AssertionError("no overview")

    def colours(style: object) -> tuple[object, object]:
        return getattr(style, "color", None), getattr(style, "bgcolor", None)

    assert await screen("oncall-dark", "dawn") == await screen("dawn", "dawn")


# Nothing is told by colour alone


def test_every_state_has_a_sign_or_a_word_of_its_own() -> None:
    assert len({words.severity(one).plain for one in Severity}) == len(Severity)
    assert len({words.status(one, Severity.P1).plain for one in Status}) == len(Status)
    assert len({words.health(one).plain for one in Health}) == len(Health)
    assert len({words.DEPLOYMENT_SIGNS[one] for one in DeploymentStatus}) == len(DeploymentStatus)
    signs = [*words.STATUS_SIGNS.values(), *words.HEALTH_SIGNS.values(), words.SUSPECT_SIGN]
    assert len(set(signs)) == len(signs), "one sign means one thing"


async def test_the_text_alone_tells_severity_status_and_health() -> None:
    app = build(config_of(production=True, chart=CHART), rooms := FakeRooms())
    async with app.run_test(size=LARGE, notifications=True, tooltips=True) as pilot:
        await opened(app, pilot)
        desk = Desk(app, pilot, rooms)
        situation = worst_night()
        await desk.publish(situation)
        told = desk.text()
        for alert in situation.alerts:
            row = next(line for line in told.splitlines() if alert.headline in line and line.lstrip("▌ ")[:1] == "P")
            start = row.lstrip("▌ ")
            assert start.startswith(alert.severity.name), row
            assert words.STATUS_SIGNS[alert.status] in start[:6], row
        for service in situation.services:
            assert f"{words.HEALTH_SIGNS[service.health]} {service.name}" in told, service.name
        for deployment in situation.deployments:
            assert f"{words.DEPLOYMENT_SIGNS[deployment.status]} {deployment.status.value}" in told
        assert f" {situation.verdict.health.value.upper()} " in told
        assert " PROD " in told
        assert "✗ sentry failing" in told
