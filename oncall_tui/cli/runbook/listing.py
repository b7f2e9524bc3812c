"""``oncall-tui runbook list``."""

from typing import TYPE_CHECKING

import click

from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import complain, print_json, print_lines, table, terminal_width
from oncall_tui.cli.runbook.library import catalogue, looked_in
from oncall_tui.cli.session import Session
from oncall_tui.cli.shapes_runbook import RunbookObject, RunbooksAnswer
from oncall_tui.domain.counts import counted
from oncall_tui.domain.text import clean_line

if TYPE_CHECKING:
    from oncall_tui.runbook.catalogue.entry import Entry


@click.command("list")
@click.option("--alert", metavar="NAME", help="Only those that fit an alert of this name.")
@as_json_option
@click.pass_obj
def listing(session: Session, alert: str | None, as_json: bool) -> None:
    """List the runbooks of every folder, with what is wrong with them."""
    from oncall_tui.runbook.catalogue.find import Subject, find

    places, index = catalogue(session)
    fitting: list[tuple[Entry, str | None, str | None]] = [(one, None, None) for one in index.entries]
    if alert is not None:
        met = find(Subject(alert), index.entries, places)
        fitting = [(one.entry, met.rule.value, one.why) for one in met.candidates]
    found = [one for one in (_object(*each) for each in fitting) if one is not None]
    if as_json:
        print_json(dict(RunbooksAnswer(runbooks=found)))
    elif not found:
        nothing = "No runbook." if alert is None else f"No runbook fits {clean_line(alert)}."
        print_lines([nothing])
        complain(looked_in(places))
    else:
        rows: list[tuple[str, ...]] = [
            (one["title"], one["mode"], one["id"], _state(one), one["file"]) for one in found
        ]
        headers: tuple[str, ...] = ("TITLE", "MODE", "ID", "STATE", "FILE")
        gives_way = {4: 16, 0: 20, 2: 12}
        if alert is not None:
            rows = [(*row[:1], one["why"] or "", *row[1:]) for row, one in zip(rows, found, strict=True)]
            headers, gives_way = (headers[0], "BECAUSE", *headers[1:]), {5: 16, 1: 24, 0: 20, 3: 12}
        print_lines(table(headers, rows, gives_way=gives_way, width=terminal_width()))


def _object(entry: "Entry", rule: str | None, why: str | None) -> RunbookObject | None:
    """A runbook with the state of its lint; it is read whole for that."""
    from pathlib import Path

    from oncall_tui.runbook.reading.read import read_file

    try:
        book = read_file(Path(entry.path))
    except OSError as error:
        complain(f"{entry.path}: {error.strerror or error}")
        return None
    return {
        "file": entry.path,
        "folder": entry.root,
        "mode": book.mode.value,
        "id": book.id,
        "title": book.title,
        "owner": book.owner,
        "severity": book.severity or None,
        "errors": len(book.errors),
        "warnings": len(book.findings) - len(book.errors),
        "rule": rule,
        "why": why,
    }


def _state(one: RunbookObject) -> str:
    parts = [counted(one["errors"], "error")] if one["errors"] else []
    parts += [counted(one["warnings"], "warning")] if one["warnings"] else []
    return ", ".join(parts) or "fine"
