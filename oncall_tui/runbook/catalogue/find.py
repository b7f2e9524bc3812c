"""Which runbook fits an alert, by the first rule that knows one, and the words for why."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from types import MappingProxyType

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.catalogue.address import Address, address_of, files_at
from oncall_tui.runbook.catalogue.entry import Entry
from oncall_tui.runbook.catalogue.places import Places
from oncall_tui.runbook.values.check import LONGEST, pattern_of

ANNOTATIONS = ("runbook_url", "runbook")
_NO_LETTER = re.compile(r"[\W_]+")


class Rule(StrEnum):
    """How a runbook was found, the surest first."""

    MATCH = "match"
    ANNOTATION = "annotation"
    NAME = "name"
    HEADING = "heading"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of the alert. Its texts are hostile input: they are compared, never opened or run."""

    alertname: str
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    annotations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A runbook that fits."""

    entry: Entry
    why: str
    anchor: str = ""
    """The anchor of the section that is meant."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The runbooks that one rule knows; several are for the operator to choose from."""

    rule: Rule
    candidates: tuple[Candidate, ...] = ()
    refused: tuple[str, ...] = ()
    """Addresses that were not followed, with the reason."""
    search: str = ""
    """What to type into the search, when nothing fits."""


def subject_of(alert: Alert) -> Subject:
    """The alert of the screen; what several records say is put together, the leading one rules."""
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    for record in reversed(alert.records):
        labels.update(record.labels)
        annotations.update(record.annotations)
    name = labels.get("alertname") or next((one.name for one in alert.records if one.name), "") or alert.title
    if alert.runbook and not any(annotations.get(one) for one in ANNOTATIONS):
        annotations[ANNOTATIONS[0]] = alert.runbook
    return Subject(name, labels, annotations)


def find(subject: Subject, entries: Sequence[Entry], places: Places) -> Finding:
    """The first rule that finds something: ``match``, annotation, file name, heading."""
    refused: list[str] = []
    rules: Sequence[tuple[Rule, Callable[[], list[Candidate]]]] = (
        (Rule.MATCH, partial(_by_match, subject, entries)),
        (Rule.ANNOTATION, partial(_by_annotation, subject, entries, places, refused)),
        (Rule.NAME, partial(_by_name, subject, entries)),
        (Rule.HEADING, partial(_by_heading, subject, entries)),
    )
    for rule, look in rules:
        candidates = look()
        if candidates:
            return Finding(rule, tuple(candidates), tuple(refused))
    return Finding(Rule.NONE, refused=tuple(refused), search=clean_line(subject.alertname, 100))


def could_match(subject: Subject, entries: Sequence[Entry]) -> bool:
    """Whether some ``match`` fits as far as is known: of a rule that does not fire, most labels are not."""
    labels = {**subject.labels, "alertname": subject.alertname}
    return any(
        "alertname" in one and all(key not in labels or _fits(labels[key], one[key]) for key in one)
        for entry in entries
        for one in entry.match
    )


def search(words: str, entries: Iterable[Entry]) -> list[Entry]:
    """The runbooks that hold every word in title, id, path or a heading; those with all in their name first."""
    wanted = words.lower().split()
    found = []
    for entry in entries:
        name = f"{entry.title} {entry.id} {entry.relative}".lower()
        everything = f"{name} {' '.join(one.text for one in entry.headings)}".lower()
        if all(word in everything for word in wanted):
            found.append((not all(word in name for word in wanted), entry.title.lower(), entry))
    return [entry for _, _, entry in sorted(found, key=lambda one: one[:2])]


def _by_match(subject: Subject, entries: Sequence[Entry]) -> list[Candidate]:
    labels = {**subject.labels, "alertname": subject.alertname}
    found = []
    for entry in entries:
        fitting = [one for one in entry.match if one and all(_fits(labels.get(key), one[key]) for key in one)]
        if fitting:
            best = max(fitting, key=len)
            told = ", ".join(f"{key} {value}" for key, value in best.items())
            found.append((-len(best), Candidate(entry, clean_line(f"its match fits: {told}"))))
    return [candidate for _, candidate in sorted(found, key=lambda one: one[0])]


def _fits(text: str | None, wanted: str) -> bool:
    if text is None or len(text) > LONGEST:
        return False
    if not wanted.startswith("~"):
        return text == wanted
    pattern = pattern_of(wanted[1:])
    return pattern is not None and pattern.fullmatch(text) is not None


def _by_annotation(subject: Subject, entries: Sequence[Entry], places: Places, refused: list[str]) -> list[Candidate]:
    for name in ANNOTATIONS:
        text = subject.annotations.get(name, "").strip()
        if not text:
            continue
        address = address_of(text)
        if not isinstance(address, Address):
            refused.append(f"annotation {name} = {clean_line(text, 200)}: {address}")
            continue
        found, how = files_at(address, entries, places)
        if found:
            return [
                Candidate(entry, f"annotation {name} {how}", _anchor(entry, address.anchor, subject)) for entry in found
            ]
    return []


def _by_name(subject: Subject, entries: Sequence[Entry]) -> list[Candidate]:
    exact = [one for one in entries if one.stem.lower() == subject.alertname.lower()]
    name = _NO_LETTER.sub("", subject.alertname.lower())
    found = exact or [one for one in entries if name and _NO_LETTER.sub("", one.stem.lower()) == name]
    return [Candidate(one, "the file has the name of the alert", _anchor(one, "", subject)) for one in found]


def _by_heading(subject: Subject, entries: Sequence[Entry]) -> list[Candidate]:
    if not subject.alertname:
        return []
    found = []
    name = subject.alertname.casefold()
    whole = re.compile(rf"(?<!\w){re.escape(subject.alertname)}(?!\w)", re.IGNORECASE)
    for entry in entries:
        # The quick question first: of the headings of a thousand files hardly one holds the name.
        having = (one for one in entry.headings if name in one.text.casefold())
        heading = next((one for one in having if whole.search(one.text)), None)
        if heading is not None:
            found.append(Candidate(entry, "a heading has the name of the alert", heading.slug))
    return found


def _anchor(entry: Entry, anchor: str, subject: Subject) -> str:
    """The section that is meant: by the anchor of the address, else the one that bears the alert's name."""
    slugs = [one.slug for one in entry.headings]
    for wanted in (anchor.lower(), f"alert-name-{subject.alertname.lower()}"):
        if wanted and wanted in slugs:
            return wanted
    return ""
