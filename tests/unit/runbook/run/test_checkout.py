"""Which commit a runbook was taken from: real checkouts, broken ones, and a git that never answers."""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from oncall_tui import __version__
from oncall_tui.runbook.checkout import Checkout, checkout_of, commit_of
from tests.unit.runbook.run.helpers import RUN, Bench, runbook

GIT = shutil.which("git") or ""
pytestmark = pytest.mark.skipif(not GIT, reason="git is not installed")


def git(folder: Path, *arguments: str) -> str:
    env = {"PATH": os.defpath, "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    done = subprocess.run([GIT, *who, *arguments], cwd=folder, env=env, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def altered(file: Path) -> None:
    file.write_text("# Slower\n")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A runbook in a checkout."""
    folder = tmp_path / "team" / "alerts"
    folder.mkdir(parents=True)
    file = folder / "slow.md"
    file.write_text("# Slow\n")
    git(tmp_path / "team", "init", "-q")
    git(tmp_path / "team", "add", "alerts/slow.md")
    git(tmp_path / "team", "commit", "-q", "-m", "x")
    return file


async def test_the_commit_and_whether_something_differs(file: Path) -> None:
    commit = git(file.parent, "rev-parse", "HEAD")
    assert await checkout_of(file, GIT) == Checkout(commit, False)
    (file.parent / "notes.txt").write_text("untracked, and no matter")
    assert await checkout_of(file, GIT) == Checkout(commit, False)
    altered(file)
    assert await checkout_of(file, GIT) == Checkout(commit, True)
    assert await checkout_of(file, None) == Checkout(commit)


async def test_a_file_that_is_not_in_the_commit_differs(file: Path) -> None:
    new = file.with_name("*.md")
    new.write_text("# New\n")
    assert (await checkout_of(new, GIT)).is_dirty is True


@pytest.mark.parametrize("how", ["packed", "detached", "worktree"])
async def test_head_is_followed_wherever_it_leads(file: Path, how: str, tmp_path: Path) -> None:
    top = tmp_path / "team"
    commit = git(top, "rev-parse", "HEAD")
    if how == "packed":
        git(top, "pack-refs", "--all")
    elif how == "detached":
        git(top, "checkout", "-q", "--detach")
    else:
        git(top, "worktree", "add", "-q", str(tmp_path / "other"), "-b", "fix")
        file = tmp_path / "other" / "alerts" / "slow.md"
    assert await checkout_of(file, GIT) == Checkout(commit, False)


@pytest.mark.parametrize(
    "head", ["", "ref: refs/heads/none", "ref: refs/../../../etc/passwd", "ref: /etc/passwd", "zz", "\x00", "g" * 40]
)
def test_a_head_that_leads_nowhere_is_no_commit(file: Path, head: str, tmp_path: Path) -> None:
    (tmp_path / "team" / ".git" / "HEAD").write_text(head)
    assert commit_of(file) == ""


async def test_without_a_checkout_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "slow.md").write_text("x")
    assert await checkout_of(tmp_path / "slow.md", GIT) == Checkout()
    (tmp_path / ".git").write_text("gitdir: ")
    assert await checkout_of(tmp_path / "slow.md", GIT) == Checkout()


async def test_what_the_checkout_configures_is_not_run(file: Path, tmp_path: Path) -> None:
    top = tmp_path / "team"
    git(top, "config", "core.fsmonitor", f"touch {tmp_path}/effect;false")
    assert (await checkout_of(file, GIT)).is_dirty is False
    git(top, "config", "filter.x.clean", f"touch {tmp_path}/effect; cat")
    (top / ".git" / "info" / "attributes").write_text("* filter=x\n")
    altered(file)
    assert (await checkout_of(file, GIT)).is_dirty is None
    assert not (tmp_path / "effect").exists()


async def test_a_git_that_never_answers_is_not_waited_for(file: Path, tmp_path: Path) -> None:
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    program.chmod(0o755)
    checkout = await checkout_of(file, str(program), limit_s=0.3)
    assert checkout.commit
    assert checkout.is_dirty is None


async def test_a_run_says_what_it_was_taken_from(bench: Bench, file: Path) -> None:
    altered(file)
    desk = replace(bench.desk(), find_program=lambda name: GIT)
    await bench.opened(runbook(folder=file.parent), desk)
    payload = (await bench.journals[0].read(f"run:{RUN}"))[0].payload
    assert payload["commit"] == git(file.parent, "rev-parse", "HEAD")
    assert payload["dirty"] is True
    assert payload["program"] == f"oncall-tui {__version__}"
    assert payload["host"] == "laptop"
