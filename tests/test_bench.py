"""The measurements measure what they say."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bench.alerts import changed, first_alerts
from bench.beat import beat_into, stalls_of
from bench.figures import Figure, Target, markdown, of_medians, percentile
from bench.first_paint import is_painted
from bench.processes import resident_mib, spent
from bench.program import ROOT, Program
from bench.run import BEGIN, END, PARTS, replaced
from bench.screen import Screen
from bench.worlds import configuration
from oncall_tui.config.load import load
from oncall_tui.domain.alert import Status

ALTERNATE = b"\x1b[?1049h"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"x" * 50, False),
        (ALTERNATE + b"x" * 19, False),
        (ALTERNATE + b"x" * 20, True),
        (b"x" * 50 + ALTERNATE + b" " * 50, False),
        (ALTERNATE + b"\x1b[38;2;10;20;30m\x1b[1;1H" * 20, False),
        (ALTERNATE + b"\x1b]0;a long title of the window\x07\x1bP+q6b6579206e616d6573\x1b\\\x1b(B", False),
        (ALTERNATE + "\x1b[1m⭘ héader\x1b[0m".encode() * 3, True),
    ],
)
def test_a_screen_counts_as_painted_with_its_twentieth_character(said: bytes, expected: bool) -> None:
    assert is_painted(said) is expected


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(one) for one in range(1, 101)]
    assert percentile(values, 0.95) == 95
    assert percentile([3.0], 0.95) == 3
    assert percentile(values, 1.0) == 100


def test_a_figure_tells_medians_their_ratio_and_whether_the_target_is_met() -> None:
    compared = of_medians("paint", "bare", [0.3, 0.1, 0.2], [0.1, 0.1, 0.4], Target(ratio=1.25))
    assert compared == Figure("paint", "bare", 200.0, 100.0, "ms", 3, Target(ratio=1.25))
    told = "| paint | bare | 200.0 ms | 100.0 ms | 2.00x | <= 1.25x | **miss** | 3 |"
    assert markdown([compared]).splitlines()[2] == told


@pytest.mark.parametrize(
    ("ours", "baseline", "target", "words", "verdict"),
    [
        (10.0, 10.0, Target(), "–", "–"),
        (12.0, 10.0, Target(ratio=1.2), "<= 1.2x", "pass"),
        (12.1, 10.0, Target(ratio=1.2), "<= 1.2x", "**miss**"),
        (12.0, None, Target(most=12.0), "<= 12 MiB", "pass"),
        (12.0, None, Target(ratio=9.0), "<= 9x", "**miss**"),
        (12.0, 10.0, Target(ratio=1.5, most=11.0), "<= 1.5x, <= 11 MiB", "**miss**"),
        (12.0, 6.0, Target(ratio=1.5, most=50.0), "<= 1.5x, <= 50 MiB", "**miss**"),
    ],
)
def test_all_that_is_wanted_must_hold(
    ours: float, baseline: float | None, target: Target, words: str, verdict: str
) -> None:
    figure = Figure("memory", "bare", ours, baseline, "MiB", 1, target)
    assert (target.words("MiB"), figure.verdict) == (words, verdict)


def test_a_refresh_changes_a_twentieth_and_keeps_the_rest() -> None:
    before = first_alerts(200)
    after, places = changed(before, seed=1)
    assert len(places) == 10
    assert [place for place in range(200) if after[place] is not before[place]] == places
    assert {after[place].status for place in places} == {Status.ACKNOWLEDGED}
    assert [one.id for one in after] == [one.id for one in before]


def test_the_screen_holds_what_a_terminal_would_show_wherever_the_bytes_are_cut() -> None:
    said = ALTERNATE + "\x1b[2;3H\x1b[1;31mhé┃llo\x1b[0m\r\nnext\x1b]0;title\x07\x1b[1;1H\x1b[?25l▌".encode()
    for cut in range(len(said)):
        screen = Screen(10, 4)
        screen.feed(said[:cut])
        screen.feed(said[cut:])
        assert [line.rstrip() for line in screen.lines] == ["▌", "  hé┃llo", "next", ""]
        assert (screen.style(1, 2), screen.style(2, 0)) == ("1;31", "0")
    assert screen.shows("┃l")
    assert not screen.shows("title")


def test_what_does_not_fit_the_screen_is_not_shown() -> None:
    screen = Screen(3, 1)
    screen.feed(b"abcdef\r\nx\x1b[9;9Hy")
    assert screen.lines == ["abc"]


async def test_a_blocked_loop_is_noted_with_its_length(tmp_path: Path) -> None:
    file = tmp_path / "stalls.jsonl"
    task = asyncio.create_task(beat_into(file))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    blocked = asyncio.Event()
    subprocess.run([sys.executable, "-c", "import time; time.sleep(0.05)"], check=True)  # noqa: ASYNC221
    asyncio.get_running_loop().call_later(0.002, blocked.set)
    await blocked.wait()
    task.cancel()
    await asyncio.wait([task])
    assert max(length for _, length in stalls_of(file)) > 0.04


def test_a_process_tells_what_it_spends(tmp_path: Path) -> None:
    work = "data = b'x' * 50_000_000; sum(range(20_000_000))"
    code = f"import time; print('ready'); input(); {work}; print('done'); time.sleep(60)"
    with Program([sys.executable, "-c", code], tmp_path) as program:
        program.until(lambda one: one.screen.shows("ready"))
        before = spent(program.pid)
        program.press("\n")
        program.until(lambda one: one.screen.shows("done"))
        used = spent(program.pid).since(before)
        assert used.cpu_s > 0.05
        assert resident_mib(program.pid) > 48


def test_a_program_that_ends_is_told_of_with_what_it_said(tmp_path: Path) -> None:
    with (
        Program([sys.executable, "-c", "print('no such file')"], tmp_path) as program,
        pytest.raises(RuntimeError, match="no such file"),
    ):
        program.until(lambda one: one.screen.shows("never"))


def test_the_configuration_of_the_servers_is_one(tmp_path: Path) -> None:
    announced = {
        name: {"url": f"http://127.0.0.1:{port}", "token": "secret", "organization": "shop", "email": "a@shop.example"}
        for port, name in enumerate(("prometheus", "alertmanager", "pagerduty", "sentry"), start=9001)
    }
    file = tmp_path / "oncall.toml"
    file.write_text(configuration(announced, tmp_path, "30s", 60), encoding="utf-8")
    config = load(file)
    assert sum(len(one.checks) for one in config.services.values()) == 60
    assert set(config.sources) == set(announced)
    assert "secret" not in file.read_text(encoding="utf-8")


def test_only_the_figures_of_a_file_are_replaced() -> None:
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert replaced(text, "new") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    with pytest.raises(ValueError, match="no <!-- figures"):
        replaced("nothing to replace", "new")


def test_the_document_has_a_place_for_the_figures() -> None:
    text = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert replaced(text, "new") != text


@pytest.mark.integration
def test_the_quick_measurement_measures_every_part(tmp_path: Path) -> None:
    file = tmp_path / "figures.md"
    file.write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")
    command = [sys.executable, "-m", "bench", "--quick", "--write", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert file.read_text(encoding="utf-8") == f"{BEGIN}\n{done.stdout}{END}\n"
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")][1:]
    assert all(line.count("|") == 9 for line in rows)
    for wanted in (
        "time to first paint",
        "time to first data",
        "one full refresh, 60 checks",
        "key press to repaint",
        "longest stall",
        "memory with",
        "CPU when nothing changes",
    ):
        assert any(wanted in line for line in rows), wanted
    assert len(done.stderr.splitlines()) == len(PARTS)
