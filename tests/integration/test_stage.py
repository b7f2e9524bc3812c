"""The demo's stand-ins: real processes against a running world, and nothing of the machine within their reach."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from oncall_tui.cli.stage.build import PROGRAMS, SCRIPTS, Stage, build_stage
from oncall_tui.simulator.server import Simulator, SimulatorOptions, running
from oncall_tui.simulator.story import BAD_DEPLOYMENT
from tests.integration.pseudo_terminal import ROOT

RUNBOOKS = ROOT / "runbooks"


@dataclass(frozen=True, slots=True)
class Played:
    """What a stand-in left."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Theatre:
    """A world, and the stage before it."""

    simulator: Simulator
    stage: Stage

    async def plays(self, script: str, given: str = "") -> Played:
        """Run a line of shell as a runbook of the demo would."""
        process = await asyncio.create_subprocess_exec(
            "/bin/bash",
            *("--noprofile", "--norc", "-c", script),
            cwd=self.stage.root,
            env=dict(self.stage.environment),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate(given.encode())
        return Played(process.returncode or 0, out.decode(), err.decode())


@pytest.fixture
async def theatre(tmp_path: Path) -> AsyncIterator[Theatre]:
    async with running(SimulatorOptions(clock=time.time, is_quiet=True, is_ticking=False, history_s=3600)) as simulator:
        control = simulator.endpoints["control"]
        yield Theatre(simulator, build_stage(tmp_path / "stage", control.url, control.token))


async def test_releases_are_those_of_the_world_newest_first(theatre: Theatre) -> None:
    played = await theatre.plays("./scripts/releases.sh --service api --last 5")
    assert [line.split("\t")[0] for line in played.out.splitlines()] == ["2.40.9"]
    theatre.simulator.world.rollback("api")
    played = await theatre.plays("./scripts/releases.sh --service api --last 1")
    assert len(played.out.splitlines()) == 1


async def test_a_rollback_changes_the_world(theatre: Theatre) -> None:
    world = theatre.simulator.world
    world.deploy(BAD_DEPLOYMENT)
    before = len(world.deployed)
    tried = await theatre.plays("./scripts/rollback.sh --dry-run --service api --to 2.40.9")
    assert (tried.code, len(world.deployed)) == (0, before)
    assert "would put api from 2.41.0 back to 2.40.9" in tried.out
    played = await theatre.plays("./scripts/rollback.sh --service api --to 2.40.9")
    assert (played.code, played.out.splitlines()[-1]) == (0, "api runs 2.40.9")
    assert len(world.deployed) == before + 1
    assert world.deployed[-1][1].is_rollback


@pytest.mark.parametrize(
    ("version", "said"), [("9.9.9", "no release 9.9.9 of api"), ("2.40.9", "api runs 2.40.9 already")]
)
async def test_a_rollback_that_makes_no_sense_is_refused(theatre: Theatre, version: str, said: str) -> None:
    played = await theatre.plays(f"./scripts/rollback.sh --service api --to {version}")
    assert played.code == 1
    assert said in played.err


async def test_an_unknown_service_is_refused_by_the_world(theatre: Theatre) -> None:
    played = await theatre.plays("./scripts/releases.sh --service '$(id)'")
    assert played.code == 1
    assert "no such service" in played.err


async def test_tasks_stay_as_they_were_set(theatre: Theatre) -> None:
    script = "aws ecs describe-services --cluster c --services api --query x --output text"
    assert (await theatre.plays(script)).out == "6\n"
    await theatre.plays("aws ecs update-service --cluster c --service api --desired-count 8")
    assert (await theatre.plays(script)).out == "8\n"


async def test_an_address_is_added_under_the_lock_and_a_stale_lock_is_refused(theatre: Theatre) -> None:
    update = "aws wafv2 update-ip-set --lock-token {} --addresses '{}'"
    both = '["203.0.113.9/32", "198.51.100.7/32"]'
    assert (await theatre.plays(update.format("lock-1", both))).code == 0
    assert (await theatre.plays("aws wafv2 get-ip-set --output text")).out.split() == json.loads(both)
    assert "changed in between" in (await theatre.plays(update.format("lock-1", "[]"))).err


async def test_the_database_answers_what_the_runbooks_ask(theatre: Theatre) -> None:
    listed = "SELECT pid FROM pg_stat_activity"
    assert len((await theatre.plays("psql -X --csv", listed)).out.splitlines()) == 3
    asked = await theatre.plays("psql -X --csv -v pid=4117", "SELECT pid, pg_cancel_backend(pid) AS cancelled")
    assert asked.out == "pid,cancelled\n4117,t\n"
    assert len((await theatre.plays("psql -X --csv", listed)).out.splitlines()) == 2, "it is not active any more"
    end = "SELECT pid, pg_terminate_backend(pid) AS terminated"
    assert (await theatre.plays("psql -X -v pid=4117", end)).out == "pid,terminated\n4117,t\n"
    assert (await theatre.plays("psql -X -v pid=4117", end)).out == "pid,terminated\n", "it is gone"
    assert (await theatre.plays("psql -X", "DROP TABLE users")).code == 1


async def test_idle_sessions_are_as_many_as_are_ended_and_then_none(theatre: Theatre) -> None:
    where = "FROM pg_stat_activity WHERE state = 'idle'"
    count = f"SELECT count(*) AS total {where}"
    assert (await theatre.plays("psql -X", count)).out == "total\n23\n"
    by_app = (await theatre.plays("psql -X", f"SELECT count(*) {where} GROUP BY application_name, usename")).out
    assert sum(int(line.split(",")[2]) for line in by_app.splitlines()[1:]) == 23
    ended = (await theatre.plays("psql -X", f"SELECT pid, pg_terminate_backend(pid) AS terminated {where}")).out
    assert len(ended.splitlines()) == 24
    assert (await theatre.plays("psql -X", count)).out == "total\n0\n"


async def test_keys_go_when_they_are_unlinked_and_others_stay(theatre: Theatre) -> None:
    count = "redis-cli --scan --pattern 'cache:*' | wc -l"
    assert int((await theatre.plays(count)).out) == 640
    await theatre.plays("redis-cli --scan --pattern 'cache:*' | head -n 100 | xargs redis-cli UNLINK")
    assert int((await theatre.plays(count)).out) == 540
    assert int((await theatre.plays("redis-cli --scan --pattern 'qr:*' | wc -l")).out) == 212


async def test_who_reads_only_the_first_lines_ends_a_program_quietly(theatre: Theatre) -> None:
    played = await theatre.plays("set -o pipefail; redis-cli --scan | (read -r one; exec true); echo ${PIPESTATUS[0]}")
    assert played.err == ""


async def test_no_more_points_are_given_back_than_were_counted(theatre: Theatre) -> None:
    script = "./scripts/release-blocked-points.sh --env production"
    assert (await theatre.plays(f"{script} --dry-run --count")).out == "12\n"
    assert len((await theatre.plays(f"{script} --dry-run --list")).out.splitlines()) == 12
    assert "more than were counted" in (await theatre.plays(f"{script} --force --at-most 11")).err
    assert (await theatre.plays(f"{script} --force --at-most 12")).out == "12 amounts given back\n"
    assert (await theatre.plays(f"{script} --dry-run --count")).out == "0\n"


async def test_whether_an_address_is_blocked_is_counted(theatre: Theatre) -> None:
    asked = "aws wafv2 get-ip-set --query \"length(IPSet.Addresses[?@=='{}/32'])\" --output text"
    assert (await theatre.plays(asked.format("203.0.113.9"))).out == "1\n"
    assert (await theatre.plays(asked.format("203.0.113.8"))).out == "0\n"
    every = "aws wafv2 get-ip-set --query 'length(IPSet.Addresses)' --output text"
    assert (await theatre.plays(every)).out == "1\n"


async def test_nothing_of_the_machine_can_be_reached(theatre: Theatre) -> None:
    for program in ("rm", "curl", "ssh", "git", "python3", "systemctl"):
        assert (await theatre.plays(f"command -v {program}")).code == 1
    assert set((await theatre.plays("env")).out.split()) <= {
        *(f"{name}={value}" for name, value in theatre.stage.environment.items()),
        f"PWD={theatre.stage.root}",
        "SHLVL=0",
        "SHLVL=1",
        "_=" + theatre.stage.environment["PATH"] + "/env",
    }


async def test_what_it_knows_is_private(theatre: Theatre) -> None:
    state = theatre.stage.root.parent / "stage.json"
    assert state.stat().st_mode & 0o777 == 0o600
    for program in PROGRAMS:
        assert (Path(theatre.stage.environment["PATH"]) / program).stat().st_mode & 0o777 == 0o700


async def test_it_can_be_built_again_for_another_world(theatre: Theatre) -> None:
    folder = theatre.stage.root.parent
    (theatre.stage.root / "left").touch()
    stage = build_stage(folder, "http://127.0.0.1:1", "other")
    assert sorted(one.name for one in stage.root.iterdir()) == ["scripts"]
    assert "other" in (folder / "stage.json").read_text()


def test_every_script_that_a_shipped_runbook_calls_is_there() -> None:
    called = {
        word.removeprefix("./scripts/")
        for file in RUNBOOKS.glob("*.md")
        for line in file.read_text(encoding="utf-8").splitlines()
        for word in line.split()
        if word.startswith("./scripts/")
    }
    assert called == set(SCRIPTS)
