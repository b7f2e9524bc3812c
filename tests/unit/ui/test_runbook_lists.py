"""Lists, tables, help and the catalogue without a screen: what stands under what, what is cut, what comes first."""

import pytest
from rich.cells import cell_len

from oncall_tui.domain.severity import Severity
from oncall_tui.runbook.options import Parameter
from oncall_tui.runbook.run.captured import Table
from oncall_tui.runbook.run.history import PastRun
from oncall_tui.runbook.run.record import Attempt, Given
from oncall_tui.runbook.run.states import State
from oncall_tui.runbook.run.undoing import Change
from oncall_tui.ui.present.runbook.keys import help_lines
from oncall_tui.ui.present.runbook.lists import change_choices, row_choices, value_choices
from oncall_tui.ui.present.runbook.shelf import columns, heading, shelves
from tests.ui.run_desk import entry
from tests.unit.builders import NOW, PAGERDUTY, alert, record
from tests.unit.runbook.run.helpers import runbook

WIDE = "データベース" * 9


def test_rows_stand_under_each_other_and_what_is_cut_ends_in_an_ellipsis() -> None:
    long = "SELECT everything FROM everywhere WHERE it is long"
    table = Table(("pid", "query", "state"), ((WIDE, long, "active"), ("1", "x", long)))
    head, rows = row_choices(table, 80)
    first, second = (one.plain for one in rows)
    at = cell_len(head.plain[: head.plain.index("state")])
    assert cell_len(first[: first.index("active")]) == cell_len(second[: second.index("SELECT")]) == at
    assert first.count("…") == 2 and "SELECT everything" in first
    assert second.endswith("it is long"), "nothing follows the last column"


def test_values_and_their_origins_stand_under_each_other() -> None:
    params = {name: Parameter(name=name, default=default) for name, default in (("a", "1"), ("longer", "22"))}
    given = {"longer": Given("main-cluster", "label cluster", False)}
    lines = [one.plain for one in value_choices(params, given, {})]
    assert lines == ["a        1              default", "longer   main-cluster   label cluster"]


def test_changes_tell_their_ways_back_under_each_other() -> None:
    def change(unit: str, **way: str) -> Change:
        return Change(unit, Attempt(unit, unit, 1, NOW, "user:ada", "laptop", "s1", "change", "0"), State.DONE, **way)

    changes = [
        change("deploy", manual="by whoever can"),
        change("scale_out", step="scale_back"),
        change(WIDE, none="gone"),
    ]
    lines = [one.plain for one in change_choices(runbook(), changes, NOW)]
    ways = ("by hand: by whoever can", "undone by scale_back", "cannot be undone: gone")
    assert len({cell_len(line[: line.index(way)]) for line, way in zip(lines, ways, strict=True)}) == 1
    assert [line.split()[2] for line in lines[:2]] == ["Deploy", "Scale"] and "…" in lines[2]


@pytest.mark.parametrize("width", [40, 64, 120])
def test_the_help_goes_on_under_what_it_explains(width: int) -> None:
    lines = help_lines(width).plain.split("\n")
    assert max(map(len, lines)) <= width
    further = [line for line in lines if line.startswith(" " * 11)]
    assert bool(further) is (width < 120)
    assert any(line.startswith("c  ctrl+c  cancel what runs") for line in lines)


def test_the_catalogue_begins_with_open_runs_then_with_what_covers_the_worst() -> None:
    bad = alert(record(PAGERDUTY, "Q1", title="down", severity=Severity.P1))
    mild = alert(record(PAGERDUTY, "Q2", title="slow", severity=Severity.P3))
    alone = alert(record(PAGERDUTY, "Q3", title="odd"))
    files = [entry(name, name.upper()) for name in ("a", "b", "c")]
    run = PastRun(
        "01JD", "b", "/nowhere/b.md", "B", NOW, "user:ada", alert=bad.id, driven_by="user:ada", done=2, failed=1
    )
    fits: dict[str, list[str]] = {bad.id: ["/nowhere/b.md"], mild.id: ["/nowhere/b.md", "/nowhere/c.md"], alone.id: []}
    rows = shelves(files, [run], fits, [mild, bad, alone], {})
    assert [one.id for one in rows] == [
        "run:01JD",
        "file:/nowhere/b.md",
        "file:/nowhere/c.md",
        "file:/nowhere/a.md",
        f"alert:{alone.id}",
    ]
    told = {column.title: column.cell for column in columns(lambda: NOW)}
    assert told["alerts now"](rows[0]).plain == "P1 api down"
    assert told["last used"](rows[0]).plain == "02:14  ✓2 ✗1 by ada"
    assert [told[""](one).plain.strip() for one in rows] == ["▸", "P1", "P3", "", "P2"]
    assert told["alerts now"](rows[1]).plain == "P1 api down  +1"
    assert heading(rows, (), "").plain.rstrip() == "RUNBOOKS  3 runbooks, 1 open   1 alert without one"
