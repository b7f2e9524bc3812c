"""Tables of a runbook's prose: aligned, fitted to the width, nothing of them lost, counted by cells."""

import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio
from rich.cells import cell_len
from textual.content import Content

from oncall_tui.ui.present.runbook import table as tables
from oncall_tui.ui.present.runbook.document import Document
from oncall_tui.ui.present.runbook.inline import inline
from oncall_tui.ui.present.runbook.prose import Kind, Prose, prose_of
from tests.nasty.corpus import LONG, MARKUP, SEQUENCES, UNICODE
from tests.pace import pace
from tests.unit.runbook.run.helpers import Bench
from tests.unit.ui.test_runbook_page import drawn, imported, scene_of

THRESHOLDS = """\
| Metric | At most | What to do |
|:-------|--------:|:----------:|
| `p95` | 500 ms | **roll back** |
| 5xx | 1 % | see [it](https://x.example/a) |
| database | 80 % |
"""


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    await made.close()


def lines_of(one: Prose, width: int) -> list[str]:
    lines = [one.line(at, width) for at in range(one.height(width))]
    assert all(line.cell_length <= width for line in lines), [line.plain for line in lines]
    assert one.line(len(lines), width).plain.strip() == ""
    return [line.plain.rstrip() for line in lines]


def told(text: str, width: int = 76) -> list[str]:
    """The lines of all that the text is read as."""
    return [line for one in prose_of(text.split("\n")) for line in lines_of(one, width)]


def test_columns_are_aligned_as_their_author_wants_with_a_rule_below_the_head() -> None:
    assert told(THRESHOLDS) == [
        "Metric    At most           What to do",
        "───────────────────────────────────────────────",
        "p95        500 ms           roll back",
        "5xx           1 %  see it (https://x.example/a)",
        "database     80 %",
    ]


def test_the_head_stands_out_and_cells_keep_the_styles_of_prose() -> None:
    (one,) = prose_of(THRESHOLDS.rstrip().split("\n"))
    styles = [[str(span.style) for span in one.line(at, 76).spans] for at in range(3)]
    assert styles == [["bold $bright"] * 3, ["$faint"], ["$mark", "bold $bright"]]


@pytest.mark.parametrize("width", [40, 60, 76, 100, 156])
def test_long_cells_go_on_below_themselves_and_lose_no_word(width: int) -> None:
    words = [f"word{number}" for number in range(30)]
    lines = told(
        f"| Name | What | Why |\n|---|---|---|\n| api | {' '.join(words)} | because |\n| db | x | y |\n", width
    )
    assert next(line for line in lines if "word" in line).startswith("api   word0 ")
    assert " ".join(lines).replace("because", "").split()[-33:-3] == words
    left = lines[0].index("What")
    assert all(line[:left].strip() in ("", "api") and line[left] != " " for line in lines if "word" in line)
    assert lines[-1].split() == ["db", "x", "y"]


def test_short_columns_keep_their_width_and_words_stay_whole_where_there_is_room() -> None:
    long = "It is the database that is asked for too much at once, so look there first of all."
    lines = told(f"| Sign | Which is the meaning of it |\n|---|---|\n| a-b-c-d-e-f | {long} |\n| {long} | x |\n", 60)
    assert not any(line.endswith("-") for line in lines)
    assert sum("a-b-c-d-e-f" in line for line in lines) == 1
    assert " ".join(" ".join(lines).split()).count("database") == 2


def test_wide_characters_are_counted_by_their_cells() -> None:
    wide = "データベース接続エラー"
    lines = told(f"| Name | Wert |\n|---|---|\n| {wide} | right |\n| a | {wide * 5} |\n", 60)
    assert cell_len(lines[2][: lines[2].index("right")]) == cell_len(wide) + tables.GAP
    assert "".join(lines[3:]).replace(" ", "") == f"a{wide * 5}"


def test_without_room_for_its_columns_each_row_is_a_list() -> None:
    names = [f"Column {number}" for number in range(12)]
    rows = ["| " + " | ".join(f"value {row}.{number}" for number in range(12)) + " |" for row in range(2)]
    text = "\n".join(["| " + " | ".join(names) + " |", "|" + "---|" * 12, *rows, "| only | | this |"])
    lines = told(text)
    assert lines[0] == "Column 0   value 0.0"
    assert lines[11] == "Column 11  value 0.11"
    assert set(lines[12]) == {"─"}
    assert lines[-3:] == ["─" * 76, "Column 0   only", "Column 2   this"], "an empty cell is not told"
    assert told(text, 200)[0].split("  ")[0] == "Column 0", "with room they stand beside each other"
    assert len(told(text, 200)) == 5


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("| a | b |\n| c | d |", ["| a | b |", "| c | d |"]),
        ("| a | b |\n|---|", ["| a | b |", "|---|"]),
        ("| a |\n\n|---|", ["| a |", "|---|"]),
        ("a | b\nfirst | second", ["a | b first | second"]),
        ("```\n| a |\n|---|\n```", ["▏ | a |", "▏ |---|"]),
    ],
    ids=["no rule", "another number of cells", "apart", "running text", "code"],
)
def test_what_is_no_table_stays_as_it_is_written(text: str, lines: list[str]) -> None:
    assert told(text) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a | b\n--|--\n1 | 2\nafter it", ["a  b", "────", "1  2", "after it"]),
        ("before it\na | b\n--|--\n1 | 2\n- item", ["before it", "a  b", "────", "1  2", "• item"]),
        ("| a \\| b | `c \\| d` |\n|---|---|\n| \\| | x \\|", ["a | b  c | d", "────────────", "|      x |"]),
        ("| | |\n|---|---|\n| a | b |", ["a  b"]),
        ("- one\n\n  | a |\n  |---|\n  | b |\n    code", ["• one", "  a", "  ─", "  b", "▏ code"]),
        ("| a |\n|---|\n| b |\n> said", ["a", "─", "b", "▏ said"]),
        ("| a | b |\n|---|---|", ["a  b", "────"]),
        ("|\n|-|\n", []),
    ],
    ids=["no bars outside", "below prose", "escaped", "no head", "in an item", "quote after", "no rows", "nothing"],
)
def test_tables_are_read_as_code_hosts_read_them(text: str, lines: list[str]) -> None:
    assert told(text) == lines


@pytest.mark.parametrize("said", [MARKUP, SEQUENCES, UNICODE, LONG], ids=["markup", "bytes", "letters", "long"])
def test_hostile_cells_are_plain_text_within_the_width(said: Mapping[str, str]) -> None:
    for name, hostile in said.items():
        text = f"| a | {hostile[:500]} | b |\n|---|---|---|\n| {hostile[:500]} | x | y |"
        for one in prose_of(text.split("\n")):
            for width in (40, 76):
                lines = [one.line(at, width) for at in range(min(one.height(width), 20))]
                assert all(line.cell_length <= width for line in lines), name
                assert not any(set("\x1b\x07\x9b\u202e\x00") & set(line.plain) for line in lines), name
                assert not any("click" in str(span.style) for line in lines for span in line.spans), name


def test_a_head_of_thousands_of_columns_costs_no_more_than_what_is_written() -> None:
    (one,) = prose_of(["|x" * 5_000, "|-" * 5_000, *["| a | b |"] * 1_000])
    assert one.kind is Kind.TABLE
    assert one.height(76) == 3 * 1_000 - 1, "two cells each, and a rule between"


async def test_two_thousand_lines_of_tables_are_readable_as_soon_as_any_page_and_drawn_only_in_sight(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = "| row {0} | some `code` | a longer text, that has to go on below itself {0} | https://x.example/{0} |\n"
    table = "| A | B | C | D |\n|---|--:|:-:|---|\n" + "".join(row.format(number) for number in range(950))
    run = await bench.opened(imported(f"# Long\n\n{table}\n## Second\n\n{table}\n"))
    best = 1.0
    for _ in range(3):
        before = time.process_time()
        document = Document(run.runbook)
        laid = document.lay_out(scene_of(run), 76)
        for at in range(50):
            laid.line(at, 76)
        best = min(best, time.process_time() - before)
    assert laid.height > 3_800
    assert best < 0.1 * pace(), f"{best * 1000:.0f} ms"
    cells: list[str] = []

    def counted(text: str) -> Content:
        cells.append(text)
        return inline(text)

    monkeypatch.setattr(tables, "inline", counted)
    for at in range(1_000, 1_010):
        laid.line(at, 76)
    assert 4 <= len(cells) <= 40, "of rows that are drawn only their cells"


async def test_on_the_page_a_table_stands_apart_from_what_is_around_it(bench: Bench) -> None:
    run = await bench.opened(imported(f"# T\n\nBefore.\n{THRESHOLDS}\n{THRESHOLDS}After.\n\n```bash\n$ df -h\n```\n"))
    lines = drawn(run, 76).splitlines()
    at = lines.index("Before.")
    assert lines[at + 1] == lines[at + 7] == lines[at + 13] == ""
    assert lines[at + 2] == lines[at + 8] == "Metric    At most           What to do"
    assert lines[at + 14] == "After."
    assert not any("|" in line for line in lines)
