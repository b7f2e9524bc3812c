"""Folders of runbooks made in a test."""

from pathlib import Path

from oncall_tui.runbook.catalogue.entry import Entry
from oncall_tui.runbook.catalogue.find import Finding, Subject, find
from oncall_tui.runbook.catalogue.index import index_of
from oncall_tui.runbook.catalogue.places import Places, Root


def written(folder: Path, files: dict[str, str]) -> Path:
    """The folder with these files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder.resolve()


def places(*folders: Path, prefixes: dict[str, Path] | None = None) -> Places:
    """These folders as roots, named after their last part."""
    return Places(tuple(Root(one.name, one.resolve()) for one in folders), prefixes or {})


def entries(where: Places) -> tuple[Entry, ...]:
    """Everything in them, nothing kept."""
    return index_of(where, None).entries


def found(
    where: Places, alertname: str, labels: dict[str, str] | None = None, *, annotations: dict[str, str] | None = None
) -> Finding:
    """What fits an alert."""
    return find(Subject(alertname, labels or {}, annotations or {}), entries(where), where)


def names(finding: Finding) -> list[str]:
    """The paths of the candidates below their roots."""
    return [one.entry.relative for one in finding.candidates]
