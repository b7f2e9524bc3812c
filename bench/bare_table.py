"""Bare Textual with ten thousand rows: ``python -m bench.bare_table 10000 SECONDS [stalls.jsonl]``.

Every so many seconds (0: never) one row in twenty changes, cell by cell: the best case of ``DataTable``.
"""

import sys
from pathlib import Path

from textual.app import App, ComposeResult
from textual.coordinate import Coordinate
from textual.widgets import DataTable

from bench.beat import beat_into

COLUMNS = ("sev", "status", "age", "service", "title", "remark")
LAST_COLUMN = "remark"
_ONE_IN = 20


class BareTable(App[None]):
    """An app with nothing in it but a table."""

    BINDINGS = [("q", "quit", "Quit")]

    def __init__(self, rows: int, every_s: float, stalls: Path | None) -> None:
        super().__init__()
        self._rows, self._every_s, self._stalls = rows, every_s, stalls
        self._turn = 0

    def compose(self) -> ComposeResult:
        yield DataTable[str](cursor_type="row")

    def on_mount(self) -> None:
        table: DataTable[str] = self.query_one(DataTable)
        table.add_columns(*COLUMNS)
        table.add_rows(_cells(number, 0) for number in range(self._rows))
        table.focus()
        if self._every_s:
            self.set_interval(self._every_s, self._change)
        if self._stalls is not None:
            self.run_worker(beat_into(self._stalls))

    def _change(self) -> None:
        table: DataTable[str] = self.query_one(DataTable)
        self._turn += 1
        for row in range(self._turn % _ONE_IN, self._rows, _ONE_IN):
            for column, text in enumerate(_cells(row, self._turn)):
                table.update_cell_at(Coordinate(row, column), text)


def _cells(number: int, turn: int) -> tuple[str, ...]:
    status = "acknowledged" if turn % 2 else "firing"
    return (
        f"P{1 + number % 5}",
        status,
        f"{number % 60}m",
        f"service-{number % 97}",
        f"5xx above 1 % on host-{number} ({turn})",
        "by ana" if turn % 2 else "",
    )


def main(rows: str, every_s: str, stalls: str = "") -> None:
    """Show the table until it is killed."""
    BareTable(int(rows), float(every_s), Path(stalls) if stalls else None).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
