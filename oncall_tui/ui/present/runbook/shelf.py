"""The rows of the catalogue: open runs first, then every runbook, then the alerts that none covers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.clocks import clock
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.catalogue.entry import Entry
from oncall_tui.runbook.model import Mode
from oncall_tui.runbook.run.history import PastRun
from oncall_tui.ui.present import words
from oncall_tui.ui.present.runbook.page import who
from oncall_tui.ui.widgets.columns import Column

Lint = tuple[int, int]
"""Errors and warnings of a file."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A row: exactly one of the three is there."""

    run: PastRun | None = None
    entry: Entry | None = None
    alert: Alert | None = None
    last: PastRun | None = None
    """The newest run of the runbook."""
    covers: tuple[Alert, ...] = ()
    """The active alerts that the runbook fits; of a run the one that it is for."""
    lint: Lint | None = None
    """None while it has not been read."""

    @property
    def worst(self) -> Severity | None:
        """The severity of the worst alert that it fits now."""
        return min((one.severity for one in self.covers), default=None)

    @property
    def id(self) -> str:
        """Unique in the list."""
        if self.run is not None:
            return f"run:{self.run.run_id}"
        return f"file:{self.entry.path}" if self.entry is not None else f"alert:{self.alert.id if self.alert else ''}"

    @property
    def words(self) -> str:
        """What a filter looks in."""
        if self.run is not None:
            return f"open run {self.run.title} {self.run.path} {self.run.driven_by}".lower()
        if self.entry is not None:
            found = (
                f"{self.entry.title} {self.entry.relative} {self.entry.id} {self.entry.mode.value} {self.entry.owner}"
            )
            return f"{found} {' '.join(one.headline for one in self.covers)}".lower()
        return f"without runbook {self.alert.service} {self.alert.headline}".lower() if self.alert else ""


def shelves(
    entries: Sequence[Entry],
    past: Sequence[PastRun],
    fits: Mapping[str, Sequence[str]],
    alerts: Sequence[Alert],
    lint: Mapping[str, Lint],
) -> list[Shelf]:
    """Every row, in order; ``fits`` tells the paths that fit an alert, by the id of the alert."""
    newest: dict[str, PastRun] = {}
    for run in past:
        newest.setdefault(run.path, run)
    covered: dict[str, list[Alert]] = {}
    for alert in alerts:
        for path in fits.get(alert.id, ()):
            covered.setdefault(path, []).append(alert)
    files = [
        Shelf(entry=one, last=newest.get(one.path), covers=tuple(covered.get(one.path, ())), lint=lint.get(one.sha256))
        for one in entries
    ]
    files.sort(key=lambda one: (one.worst or 99, one.entry.title.lower() if one.entry else ""))
    without = [Shelf(alert=one) for one in alerts if one.id in fits and not fits[one.id]]
    here = {str(one.id): one for one in alerts}
    runs = [Shelf(run=one, covers=tuple([here[one.alert]] if one.alert in here else ())) for one in past if one.is_open]
    return [*runs, *files, *without]


def columns(now: Callable[[], datetime]) -> tuple[Column[Shelf], ...]:
    """What is told of each."""
    return (
        Column("", _sign, 2),
        Column("runbook", _title, 22, flex=3),
        Column("mode", _mode, 8, from_width=90),
        Column("file", _file, 16, flex=1, from_width=140),
        Column("lint", _lint, 10),
        Column("last used", lambda one: _last(one, now()), 16, flex=1),
        Column("alerts now", _covers, 14, flex=2),
    )


def _sign(one: Shelf) -> Content:
    if one.run is not None:
        return Content.styled("▸", "bold $mark")
    if one.alert is not None:
        return words.severity(one.alert.severity)
    return words.severity(one.worst) if one.worst is not None else Content()


def _title(one: Shelf) -> Content:
    if one.run is not None:
        return Content.assemble(("open run  ", "$mark"), (clean_line(one.run.title, 120), "bold $bright"))
    if one.alert is not None:
        return Content.assemble((f"{one.alert.service} {one.alert.headline}", "$foreground"))
    return Content.styled(clean_line(one.entry.title, 120) if one.entry else "", "$bright")


def _mode(one: Shelf) -> Content:
    if one.entry is None:
        return Content()
    return Content.styled(one.entry.mode.value, "$foreground" if one.entry.mode is Mode.NATIVE else "$dim")


def _file(one: Shelf) -> Content:
    text = (
        one.entry.relative if one.entry is not None else one.run.path.rsplit("/", 1)[-1] if one.run is not None else ""
    )
    return Content.styled(clean_line(text, 200), "$dim")


def _lint(one: Shelf) -> Content:
    if one.entry is None:
        return Content()
    if one.lint is None:
        return Content.styled("…", "$dim")
    errors, warnings = one.lint
    if errors:
        return Content.styled(f"✗ {errors} error{'s' if errors > 1 else ''}", "bold $error")
    return Content.styled(f"! {warnings} warn", "$warning") if warnings else Content.styled("✓ clean", "$health-up")


def _last(one: Shelf, now: datetime) -> Content:
    if one.alert is not None:
        return Content()
    run = one.run or one.last
    if run is None:
        return Content.styled("never", "$dim")
    at, how = clock(run.opened_at, now), f"by {who(run.driven_by)}" if run.is_open else clean_line(run.closed, 60)
    return Content.assemble(
        (f"{at}  ", "$dim"),
        (f"✓{run.done} " if run.done else "", "$health-up"),
        (f"✗{run.failed} " if run.failed else "", "bold $error"),
        (how, "$mark" if run.is_open else "$foreground"),
    )


def _covers(one: Shelf) -> Content:
    if one.alert is not None:
        return Content.styled("no runbook", "$warning")
    if not one.covers:
        return Content()
    first = min(one.covers, key=lambda alert: alert.severity)
    more = f"  +{len(one.covers) - 1}" if len(one.covers) > 1 else ""
    return Content.assemble(words.severity(first.severity), f" {first.service} {first.headline}", (more, "$dim"))


def heading(rows: Sequence[Shelf], troubles: Sequence[str], told: str) -> Content:
    """How many there are of each."""
    runs = sum(one.run is not None for one in rows)
    files = sum(one.entry is not None for one in rows)
    without = sum(one.alert is not None for one in rows)
    counts = [f"{files} runbook{'' if files == 1 else 's'}", *([f"{runs} open"] if runs else [])]
    line = Content.assemble(("RUNBOOKS", "bold $dim"), (f"  {', '.join(counts)}", "$dim"))
    if without:
        line = Content.assemble(line, (f"   {without} alert{'' if without == 1 else 's'} without one", "$warning"))
    return Content.assemble(
        line, (f"   {told}", "$dim"), (f"   {clean_line(troubles[0], 200)}" if troubles else "", "$warning")
    )
