"""A walk through everything that the screen can show, for checks of what is drawn."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

from textual.command import CommandList
from textual.widgets import Input
from textual_plotext import PlotextPlot

from oncall_tui.config.model import ChartSettings
from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.correlate import correlate
from oncall_tui.domain.deployment import DeploymentStatus
from oncall_tui.domain.service import Health, Service
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.silence import Matcher, SilenceState
from oncall_tui.domain.silence import Silence as Muting
from oncall_tui.domain.situation import Freshness, Situation, SourceState
from oncall_tui.domain.threshold import Check, Level, Reading
from oncall_tui.domain.verdict import verdict_of
from oncall_tui.sources.errors import Unreachable
from oncall_tui.ui.jump_screen import Jump
from oncall_tui.ui.screens.silence_form import MatchersField, SilenceForm
from oncall_tui.ui.screens.theme_picker import ThemePicker
from oncall_tui.ui.silence_scope import Scope
from tests.ui.desk import Desk, FakeSilencer, failing
from tests.ui.rota import PAST, log, staffed
from tests.ui.scenes import night
from tests.unit.builders import ALERTMANAGER, NOW, PAGERDUTY, PROMETHEUS, before, deployment, record, service

CHART = ChartSettings("latency api, 24 h", (), unit="ms", limit=500)
LARGE, SMALL, TOO_SMALL = (200, 60), (80, 24), (60, 16)


def worst_night(generation: int = 1) -> Situation:
    """The night of the pictures, with every severity, status, health and state of a source in it."""
    usual = night(generation)
    alerts = (*usual.alerts, *_further_alerts())
    services = (*usual.services, *_further_services())
    deployments = (
        *usual.deployments,
        deployment(id="d0", service="mail", version="v3", at=before(1), status=DeploymentStatus.STARTED),
    )
    sources = tuple(_changed(one) for one in usual.freshness)
    return replace(
        usual,
        verdict=verdict_of(alerts, services, sources, NOW),
        alerts=alerts,
        services=services,
        deployments=deployments,
        freshness=sources,
    )


def _changed(one: Freshness) -> Freshness:
    """Sources in every state: spent, stale, paused beside the one that fails."""
    if one.source == PAGERDUTY:
        return replace(one, requests_per_minute=119, warnings=("the token expires on Monday",))
    if one.source == ALERTMANAGER:
        return replace(one, fetched_at=before(40))
    if one.source == PROMETHEUS:
        return replace(one, state=SourceState.PAUSED)
    return one


def _further_alerts() -> tuple[Alert, ...]:
    told = [
        (Severity.P4, Status.FIRING, "disk above 80 %"),
        (Severity.P5, Status.FIRING, "certificate ends in 20 days"),
        (Severity.P2, Status.PENDING, "p99 above 900 ms"),
        (Severity.P1, Status.SILENCED, "backup is late"),
        (Severity.P4, Status.SILENCED, "slow queries"),
        (Severity.P5, Status.ACKNOWLEDGED, "old image"),
    ]
    return correlate(
        record(PAGERDUTY, f"Q{i}", title=title, service="mail", severity=severity, status=status, since=before(i))
        for i, (severity, status, title) in enumerate(told, start=9)
    )


def _further_services() -> tuple[Service, ...]:
    lost = Reading(Check("depth", "search", "jobs"), Level.UNKNOWN, None, "no data", None)
    return service("search", 1, 1, lost), service("cache", 0, 2)


async def tour(desk: Desk) -> AsyncIterator[str]:
    """Go from scene to scene; at each yield one is drawn. Needs a desk of ``LARGE`` size, on production."""
    situation = worst_night()
    assert {one.severity for one in situation.alerts} == set(Severity)
    assert {one.status for one in situation.alerts} == set(Status)
    assert {one.health for one in situation.services} == set(Health)
    await desk.publish(situation)
    async with asyncio.timeout(60):
        while not desk.view.query(PlotextPlot):
            await desk.pilot.pause()
    await desk.settle()
    yield "overview"
    async for name in _lists(desk):
        yield name
    async for name in _dialogs(desk):
        yield name
    async for name in _small(desk):
        yield name


async def _lists(desk: Desk) -> AsyncIterator[str]:
    desk.rooms.answer = failing()
    desk.rooms.may_answer.clear()
    await desk.press("2", "a", "j", "a")
    yield "acknowledging"
    await desk.answer()
    yield "toast"
    desk.app.clear_notifications()
    await desk.press("g", "space", "space", "k")
    yield "marks"
    await desk.press("j", "j", "slash")
    yield "filter empty"
    desk.view.query_one("#filter", Input).value = "api"
    await desk.settle()
    yield "filter"
    await desk.press("enter", "s")
    yield "filtered"
    await desk.press("escape", "escape", "escape", "2", "s", "s", "s", "enter")
    yield "reading"
    await desk.press("escape", "escape", "escape", "5")
    yield "deployments"
    desk.rooms.page_log, desk.rooms.past = log(3, trouble="the budget is spent"), PAST
    people = staffed(desk.app.situation.generation + 1)
    await desk.publish(replace(desk.app.situation, generation=people.generation, **_people(people)))
    await desk.press("7")
    await desk.settle()
    yield "on call"
    await desk.press("2", "g", "H")
    await desk.settle()
    yield "history"
    await desk.press("escape")


def _people(told: Situation) -> dict[str, Any]:
    """Who is on call, with a policy for which nobody is."""
    names = ("shifts", "policies", "my_next", "unattended", "on_call_at")
    return {name: getattr(told, name) for name in names}


async def _dialogs(desk: Desk) -> AsyncIterator[str]:
    await desk.press("2", "question_mark")
    yield "help"
    await desk.press("escape", "b")
    yield "sources"
    await desk.press("escape", "g", "M", "a")
    yield "question"
    await desk.press("escape", "z", "tab", "x", "enter")
    assert desk.app.screen.query("#form")
    yield "form"
    await desk.press("escape")
    async for name in _silences(desk):
        yield name
    await desk.press("escape", "colon")
    await _until_listed(desk, lambda names: len(names) > 10)
    yield "palette"
    await desk.press("v", "i", "e", "w", "colon")
    await _until_listed(desk, lambda names: all("view" in name for name in names))
    await desk.press("down")
    yield "palette search"
    await desk.press("escape", "f")
    assert isinstance(desk.app.screen, Jump)
    yield "jump"
    await desk.press("escape", "T")
    assert isinstance(desk.app.screen, ThemePicker)
    yield "themes"
    await desk.press("escape")


async def _silences(desk: Desk) -> AsyncIterator[str]:
    """The form with a preview and with everything wrong, the list, the question."""
    muting = Muting(
        (Matcher("team", "data"),), before(9), before(-90), "nightly load", "Ann", "s1", SilenceState.ACTIVE
    )
    later = replace(muting, id="s2", starts_at=before(-30), state=SilenceState.PENDING)
    held = next(one for alert in desk.app.situation.alerts for one in alert.records if one.source == ALERTMANAGER)
    labelled = replace(held, labels={"alertname": "MemoryHigh", "team": "data"})
    desk.rooms.silencers = {ALERTMANAGER: FakeSilencer(muting, later, covered=[held])}
    silenced = next(one for one in desk.app.situation.alerts if held in one.records)
    scope = Scope(ALERTMANAGER, ((silenced, (labelled,)),))
    await desk.app.push_screen(SilenceForm(scope, desk.rooms.silencers[ALERTMANAGER]))
    await _until_drawn(desk, "covers 1 alert")
    yield "silence"
    desk.rooms.silencers[ALERTMANAGER].error = Unreachable("alertmanager.example refuses the connection.")
    desk.app.screen.query_one(MatchersField).text = "team=data"
    await desk.press("tab", *"soon", "tab", "x", "backspace")
    await _until_drawn(desk, "refuses the connection")
    desk.app.screen.query_one(MatchersField).text = "nonsense"
    await desk.settle()
    yield "silence wrong"
    await desk.press("escape")
    desk.rooms.silencers[ALERTMANAGER].error = None
    desk.app.action_command("screen.silences")
    await _until_drawn(desk, "nightly load")
    yield "silences"
    await desk.press("escape")


async def _until_drawn(desk: Desk, words: str) -> None:
    """Wait for what a vendor is asked."""
    async with asyncio.timeout(60):
        while words not in desk.text():
            await desk.pilot.pause()
    await desk.settle()


async def _until_listed(desk: Desk, are_there: Callable[[list[str]], bool]) -> None:
    """Wait until the palette, which searches in a worker, lists what is meant."""
    async with asyncio.timeout(60):
        while True:
            field = desk.app.screen.query_one(CommandList)
            if field.display and field.option_count and are_there([str(one.prompt) for one in field.options]):
                return await desk.settle()
            await desk.pilot.pause()


async def _small(desk: Desk) -> AsyncIterator[str]:
    await desk.press("1")
    await desk.pilot.resize_terminal(*SMALL)
    await desk.settle()
    yield "overview small"
    await desk.publish(Situation(2, NOW))
    yield "empty"
    await desk.pilot.resize_terminal(*TOO_SMALL)
    await desk.settle()
    yield "too small"
