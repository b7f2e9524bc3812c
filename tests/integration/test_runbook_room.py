"""The runbook room as both front ends open it: the demo's world, its stage, and the journal of a run."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from oncall_tui.assembly import Rooms, open_rooms
from oncall_tui.assembly.http_caller import PlainHttp
from oncall_tui.assembly.metric_reader import SourceMetrics
from oncall_tui.assembly.runbooks import Begun, Runbooks
from oncall_tui.cli.demo import write_config
from oncall_tui.config.load import load
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.situation import Situation
from oncall_tui.runbook.catalogue.find import Rule, subject_of
from oncall_tui.runbook.execution import Chunk
from oncall_tui.runbook.ports import HttpRequest, PortError
from oncall_tui.runbook.run.plan import Confirmation, Floor
from oncall_tui.runbook.run.run import NotStarted
from oncall_tui.runbook.run.states import State
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running
from tests.simulator.hand_clock import HandClock, walk

INCIDENT_AFTER_S = 40


@dataclass(frozen=True, slots=True)
class Site:
    """A world in trouble, and the rooms that look at it."""

    simulator: Simulator
    clock: HandClock
    rooms: Rooms
    runbooks: Runbooks
    situation: Situation

    @property
    def latency(self) -> Alert:
        """The alert that the demo is about."""
        return next(one for one in self.situation.alerts if "P95" in one.title and one.service == "api")

    async def begins(self, **typed: str) -> Begun:
        """The run of the runbook that fits it."""
        found = await self.runbooks.fitting(subject_of(self.latency))
        runbook = await self.runbooks.read(Path(found.candidates[0].entry.path))
        return await self.runbooks.begin(runbook, self.latency, self.situation, typed)

    async def runs(self, begun: Begun, unit: str) -> tuple[State, str]:
        """Confirm and run a step to its end; its state, and what it printed."""
        plan = begun.run.plan(unit)
        heard: list[Chunk] = []
        confirmed = Confirmation(plan.floor, plan.digest, plan.phrase)
        ended = await (await begun.run.start(plan, confirmed, heard.append)).ended()
        return ended.judged.state, "".join(one.text for one in heard)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    clock = HandClock()
    options = SimulatorOptions(clock=clock, is_ticking=False, history_s=7200)
    async with running(options) as simulator:
        walk(simulator.world, clock, INCIDENT_AFTER_S)
        config = load(write_config(tmp_path, simulator.announcement()))
        environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "XDG_STATE_HOME": str(tmp_path / "state")}

        def now() -> datetime:
            return datetime.fromtimestamp(clock(), UTC)

        rooms = await open_rooms(config, environ=environ, clock=now, monotonic=None, actor="user:camille")

        async def wait(seconds: float) -> None:
            walk(simulator.world, clock, seconds)
            await asyncio.sleep(0)

        rooms.__dict__["runbooks"] = runbooks = Runbooks(
            config, rooms.sources, rooms.journal, environ=environ, clock=now, actor="user:camille", wait=wait
        )
        yield Site(simulator, clock, rooms, runbooks, await rooms.look())
        await rooms.close()


async def test_the_runbook_of_an_alert_is_found_and_its_values_say_where_they_come_from(site: Site) -> None:
    found = await site.runbooks.fitting(subject_of(site.latency))
    assert (found.rule, found.candidates[0].entry.id) == (Rule.MATCH, "api-latency-high")
    values = (await site.begins()).values
    assert (values["service"].text, values["service"].origin) == ("api", "label service")
    assert (values["cluster"].text, values["cluster"].origin) == ("rewapp-demo", "configuration aws.cluster")
    assert values["previous_version"].text is None


async def test_checks_ask_prometheus_and_recommend(site: Site) -> None:
    run = (await site.begins()).run
    await run.checks()
    p95 = run.record.unit("p95").result
    assert p95 is not None and p95.value is not None
    assert p95.value > 0.5
    assert run.plan("scale_out").advice.startswith("not indicated")
    asked = [one for one in site.simulator.wire.received("prometheus") if one.path == "/api/v1/query"]
    assert len(asked) >= 7


async def test_rolling_back_mends_the_world_and_is_verified(site: Site) -> None:
    begun = await site.begins()
    assert await begun.run.ask_guards()
    state, said = await site.runs(begun, "releases")
    assert state is State.DONE
    assert said.splitlines()[0].startswith("2.41.0\t")
    await begun.run.pick("releases", 1)
    state, said = await site.runs(begun, "rollback")
    assert (state, said.splitlines()[-1]) == (State.DONE, "api runs 2.40.9")
    seen = await begun.run.verify("rollback")
    assert seen is not None and seen.answer is True
    assert begun.run.record.unit("rollback").state is State.DONE
    assert [one.unit for one in begun.run.changes()] == ["rollback"]


async def test_nothing_changes_before_the_guards_were_asked(site: Site) -> None:
    begun = await site.begins(previous_version="2.40.9")
    plan = begun.run.plan("rollback")
    assert any("guard" in one for one in plan.blocked)
    with pytest.raises(NotStarted):
        await begun.run.start(plan, Confirmation(Floor.DIALOG, plan.digest))
    assert not any(deployed.is_rollback for _, deployed in site.simulator.world.deployed)


async def test_a_run_is_remembered_and_taken_up_again(site: Site) -> None:
    begun = await site.begins()
    await site.runs(begun, "releases")
    [past] = await site.runbooks.past()
    assert (past.runbook, past.actor, past.started, past.is_open) == ("api-latency-high", "user:camille", 1, True)
    resumed = await site.runbooks.resume(past.run_id)
    assert not resumed.has_changed
    assert resumed.run.record.unit("releases").state is State.DONE
    await begun.run.close("solved")
    assert (await site.runbooks.past())[0].closed == "solved"


async def test_steps_of_the_demo_get_nothing_of_the_user(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "must-not-be-seen")
    begun = await site.begins()
    prepared = begun.run.plan("releases").prepared
    assert prepared is not None
    assert prepared.cwd.name == "site"
    place = site.runbooks.place
    assert set(place.environ) == {"PATH", "HOME", "LANG"}


async def test_what_the_site_forbids_cannot_run(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "flush.md"
    path.write_text("# Flush\n\n```sh\nredis-cli FLUSHDB\n```\n")
    runbook = await site.runbooks.read(path)
    begun = await site.runbooks.begin(runbook, None, site.situation)
    blocked = begun.run.plan(runbook.steps[0].commands[0].id).blocked
    assert "the configuration forbids FLUSH* (runbooks.forbid)" in blocked


async def test_a_query_that_is_refused_is_an_answer_in_words_and_no_value(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "check.md"
    path.write_text("---\noncall: 1\nid: check\ntitle: Check\n---\n# Check\n\n```promql {#bad}\nnosuch(up)\n```\n")
    begun = await site.runbooks.begin(await site.runbooks.read(path), None, site.situation)
    await begun.run.checks()
    result = begun.run.record.unit("bad").result
    assert result is None or (result.value is None and result.reason)


async def test_a_source_that_is_not_there_is_said(site: Site) -> None:
    with pytest.raises(PortError, match=r"no Prometheus source elsewhere \(there is: prometheus\)"):
        await SourceMetrics(site.rooms.sources).query("up", "elsewhere", 1.0)
    with pytest.raises(PortError, match="has no Prometheus source"):
        await SourceMetrics(()).query("up", "", 1.0)


async def test_requests_carry_no_credential_follow_nothing_and_read_no_more_than_is_wanted() -> None:
    seen: list[web.Request] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request)
        return web.Response(status=302, headers={"Location": "http://elsewhere.example/"}, text="x" * 5_000)

    app = web.Application()
    app.router.add_get("/health", answer)
    async with TestServer(app) as server:
        request = HttpRequest("GET", str(server.make_url("/health")), {"X-Own": "1"}, b"", 5.0, 1_000)
        answered = await PlainHttp().call(request)
    assert (answered.status, len(answered.body), answered.is_cut) == (302, 1_000, True)
    assert answered.headers["location"] == "http://elsewhere.example/"
    assert "Authorization" not in seen[0].headers
    assert len(seen) == 1


async def test_a_request_without_an_answer_says_so() -> None:
    with pytest.raises(PortError, match="no answer"):
        await PlainHttp().call(HttpRequest("GET", "http://127.0.0.1:1/", {}, b"", 2.0, 1_000))
