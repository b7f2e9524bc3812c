"""The page of a runbook without a screen: prose, lines, folds, and how long a long one takes."""

import time
from collections.abc import AsyncIterator
from datetime import UTC
from pathlib import Path

import pytest
import pytest_asyncio

from oncall_tui.runbook.execution import Chunk, Stream
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.reading.read import read
from oncall_tui.runbook.run.run import Run
from oncall_tui.ui.present.runbook import page
from oncall_tui.ui.present.runbook.document import Document
from oncall_tui.ui.present.runbook.inline import inline
from oncall_tui.ui.present.runbook.prose import Kind, prose_of
from oncall_tui.ui.present.runbook.scene import LINES_KEPT, Output, Scene
from oncall_tui.ui.present.runbook.wrapping import breaks, lines_of
from tests.pace import pace
from tests.unit.runbook.run.helpers import Bench, judge, value


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    await made.close()


def scene_of(run: Run, **rest: object) -> Scene:
    return Scene(run, run.known(), run.desk.clock().astimezone(UTC), **rest)  # type: ignore[arg-type]


def drawn(run: Run, width: int = 100, **rest: object) -> str:
    laid = Document(run.runbook).lay_out(scene_of(run, **rest), width)
    return "\n".join(laid.line(at, width)[0].plain.rstrip() for at in range(laid.height))


def imported(text: str) -> Runbook:
    return read(text.encode(), Path("/nowhere/plain.md"), judge)


def test_paragraphs_items_code_quotes_and_tables_are_told_apart() -> None:
    text = (
        "One\nparagraph.\n\n- first\n- second\n  goes on\n1. numbered\n\n> said\n\n    code  here\n\n| a | b |\n\n---\n"
    )
    found = [(one.kind, one.text, one.mark) for one in prose_of(text.split("\n"))]
    assert found == [
        (Kind.PARAGRAPH, "One paragraph.", ""),
        (Kind.ITEM, "first", "•"),
        (Kind.ITEM, "second goes on", "•"),
        (Kind.ITEM, "numbered", "1."),
        (Kind.QUOTE, "said", ""),
        (Kind.CODE, "code  here", ""),
        (Kind.TABLE, "| a | b |", ""),
        (Kind.RULE, "", ""),
    ]


def test_comments_are_not_drawn_and_fences_are_code() -> None:
    lines = ["before", "<!-- oncall", "when: x", "-->", "after", "```", "# no heading", "```"]
    assert [(one.kind, one.text) for one in prose_of(lines)] == [
        (Kind.PARAGRAPH, "before after"),
        (Kind.CODE, "# no heading"),
    ]


def test_links_tell_their_address_and_nothing_is_markup_of_ours() -> None:
    told = inline("see [the page](https://x.example/a) and `kubectl [@click=app.quit]x[/]` or **bold** *em*")
    assert told.plain == "see the page (https://x.example/a) and kubectl [@click=app.quit]x[/] or bold em"
    assert not any("click" in str(span.style) for span in told.spans)


@pytest.mark.parametrize("hostile", ["\x1b]0;PWNED\x07", "\x9b31m", "\u202egnp", "a\x00b"])
def test_prose_is_cleaned(hostile: str) -> None:
    text = "".join(one.text for one in prose_of([f"x{hostile}y", f"    {hostile}"]))
    assert not set(text) & set("\x1b\x07\x9b\u202e\x00")


def test_lines_break_at_blanks_and_long_words_are_cut() -> None:
    assert [one.plain for one in lines_of(inline("one two three four"), 9)] == ["one two", "three", "four"]
    assert [one.plain for one in lines_of(inline("a" * 20), 8)] == ["a" * 8, "a" * 8, "a" * 4]
    assert breaks("short", 80) == []
    assert all(len(one.plain) <= 5 for one in lines_of(inline("漢字" * 9), 10))


async def test_what_is_not_indicated_is_folded_and_one_key_opens_it(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.says("cpu", value(41))
    await run.checks()
    told = drawn(run)
    assert "▸ Scale out  not indicated: cpu 41 <= 80   enter opens" in told
    assert "describe" not in told
    assert 'describe "$service"' in drawn(run, opened=frozenset({"scale-out"}))


async def test_a_check_without_data_is_unknown_and_never_green(bench: Bench) -> None:
    run = await bench.opened()
    bench.script.says("cpu", value(None))
    await run.checks()
    told = drawn(run)
    assert "? Cpu" in told and "UNKNOWN" in told and "no data" in told
    assert "cannot tell: cpu has no data" in told


async def test_an_imported_page_keeps_its_blocks_in_their_places(bench: Bench) -> None:
    text = "# Disk full\n\nIntro.\n\n## Diagnosis\n\n1. Look at it.\n\n```bash\n$ df -h\n```\n\n"
    text += "Then `kubectl get pods` helps.\n\n```\nsome output\n```\n"
    run = await bench.opened(imported(text))
    lines = [one.strip() for one in drawn(run).splitlines() if one.strip()]
    assert [lines.index(one) for one in ("Intro.", "☐ Look at it.", "▏ df -h")] == sorted(
        lines.index(one) for one in ("Intro.", "☐ Look at it.", "▏ df -h")
    )
    assert "Then kubectl get pods helps." in lines
    assert "▏ some output" in lines


async def test_a_runbook_of_two_thousand_lines_is_readable_in_a_tenth_of_a_second(bench: Bench) -> None:
    words = "Some words about **it** and `code` that go on for a while, so that they are wrapped once."
    part = f"## Part {{0}}\n\n{words}\n\n- [ ] Do {{0}}.\n\n```bash\n$ echo {{0}}\n```\n\n"
    text = "# Long\n\n" + "".join(part.format(number) for number in range(200))
    assert text.count("\n") >= 1_800
    run = await bench.opened(imported(text))
    best = 1.0
    for _ in range(3):
        before = time.process_time()
        document = Document(run.runbook)
        laid = document.lay_out(scene_of(run), 100)
        for at in range(50):
            laid.line(at, 100)
        best = min(best, time.process_time() - before)
    assert laid.height > 1_800
    assert best < 0.1 * pace(), f"{best * 1000:.0f} ms"


def test_output_is_bounded_and_goes_on_where_a_line_was_left() -> None:
    output = Output()
    output.hear(Chunk(Stream.OUT, "one\ntw"))
    output.hear(Chunk(Stream.OUT, "o\n"))
    output.hear(Chunk(Stream.OUT, "three"))
    assert list(output.lines) == ["one", "two", "three"]
    output.hear(Chunk(Stream.OUT, "\n" + "x\n" * (LINES_KEPT + 5)))
    assert len(output.lines) == LINES_KEPT
    assert output.dropped == 8


async def test_the_title_keeps_the_rule_that_found_the_file_before_all_else(bench: Bench) -> None:
    run = await bench.opened()
    now = bench.clock().astimezone(UTC)
    why = "its match fits: alertname ~ApiSlow|ApiLatency.*, team platform"

    def told(width: int) -> str:
        line = page.title(run, "P2 API slow on api-1", why, "", False, now, width).plain
        assert len(line) <= width
        return line

    assert told(300).endswith(f"{why}   run {run.record.run_id[-6:]}")
    assert "for P2 API slow on api-1   its match fits: " in told(80)
    assert told(80).endswith("…")
    assert "its match fits" in told(55)
    assert "for P2" not in told(55)
    assert "its match" not in told(30)
    assert "run " + run.record.run_id[-6:] in page.title(run, "", "", "", False, now, 80).plain
