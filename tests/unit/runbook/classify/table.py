"""The table of commands with the class that each must get, written from the manuals of the tools."""

from dataclasses import dataclass
from pathlib import Path

from oncall_tui.runbook.danger import Danger, Judgement

FOLDER = Path(__file__).parents[3] / "data" / "runbook_danger"
EXPECTED = {
    "read": Danger.READ,
    "change": Danger.CHANGE,
    "revealing": Danger.CHANGE,
    "destroy": Danger.DESTROY,
}
MARKS = ("follow: ", "terminal: ")


@dataclass(frozen=True, slots=True)
class Row:
    """A body and what must be said of it."""

    body: str
    sort: str
    needs_terminal: bool | None = None
    """None where it does not matter."""

    def fits(self, judgement: Judgement) -> bool:
        """Whether a judgement says it."""
        is_terminal_right = self.needs_terminal is None or judgement.needs_terminal is self.needs_terminal
        is_kept_right = judgement.keeps_output is (self.sort != "revealing")
        return (
            judgement.danger is EXPECTED[self.sort] and is_terminal_right and (is_kept_right or self.sort == "change")
        )


def shell_rows(sort: str) -> list[Row]:
    """The shell commands of one class."""
    rows = []
    for line in (FOLDER / f"{sort}.txt").read_text("utf-8").splitlines()[1:]:
        mark = next((mark for mark in MARKS if line.startswith(mark)), "")
        body = line.removeprefix(mark).replace("⏎", "\n")
        rows.append(Row(body, sort, needs_terminal=True if mark else False if sort == "read" else None))
    return rows


def marked_rows(name: str) -> list[Row]:
    """The rows of a file whose lines begin with their class."""
    rows = []
    for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()[1:]:
        sort, _, body = line.partition(": ")
        rows.append(Row(body.replace("⏎", "\n"), sort))
    return rows


READING = shell_rows("read")
REVEALING = shell_rows("revealing")
CHANGING = shell_rows("change")
DESTROYING = shell_rows("destroy")
MUTATING = CHANGING + DESTROYING
DISGUISED = shell_rows("disguised")
SQL = marked_rows("sql")
HTTP = marked_rows("http")
