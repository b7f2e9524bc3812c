"""Silences in words: those that stand, and which alerts one would cover."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from oncall_tui.domain.alert import Record
from oncall_tui.domain.clocks import clock, span_in_words
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.silence import Matcher, Silence, SilenceState
from oncall_tui.domain.text import clean_line
from oncall_tui.ui.present import words
from oncall_tui.ui.silence_scope import Scope

_LISTED = 200
"""So many alerts are named of those that a silence would cover; the rest is counted."""
_NAMED = 3
"""So many of what is left out are named."""
_MATCHER = 120
"""So many characters of a matcher are drawn in a list."""


Standing = tuple[SourceName, Silence]
"""A silence, and where it stands."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the vendor says that a silence with ``matchers`` would cover; or why it does not say."""

    matchers: tuple[Matcher, ...]
    covered: tuple[Record, ...] = ()
    trouble: str = ""


def asking(source: str) -> Content:
    """While the vendor has not answered."""
    return Content.styled(f"asking {source} which alerts it covers now …", "$dim")


def left_out(scope: Scope) -> Content:
    """What of the selected the matchers of ``scope`` cannot cover or do not hold; empty when there is nothing."""
    lines: list[str] = []
    if scope.unknown:
        count = len(scope.unknown)
        which, it = ("1 marked alert is", "it") if count == 1 else (f"{count} marked alerts are", "them")
        named = _named([one.headline for one in scope.unknown])
        lines.append(f"{which} left alone, no Alertmanager knows of {it}: {named}")
    if scope.proposed.too_many:
        lines.append(f"labels of too many values to match: {_named(scope.proposed.too_many)}")
    return Content("\n").join(map(Content, lines))


def _named(texts: Sequence[str]) -> str:
    """The first of some texts, and how many more there are."""
    told = ", ".join(clean_line(one, 40) for one in texts[:_NAMED])
    return f"{told} and {len(texts) - _NAMED} more" if len(texts) > _NAMED else told


def covers(preview: Preview, scope: Scope) -> Content:
    """Which alerts a silence would cover: what stands out is where that is not what it is made for."""
    if preview.trouble:
        return Content.styled(preview.trouble, "$error")
    count = len(preview.covered)
    if len(scope.alerts) > 1:
        return Content("\n").join(_of_marked(preview, scope))
    lines = [
        Content.styled(f"covers {_count(count)} now{':' if count else ''}", "bold $bright" if count else "$warning")
    ]
    if not scope.covered(preview.covered):
        lines.append(Content.styled("The alert that you came from is not covered: look at the matchers.", "$warning"))
    return Content("\n").join([*lines, *_rows(preview.covered)])


def _of_marked(preview: Preview, scope: Scope) -> Iterator[Content]:
    """The same of several that were marked: how many of them, what else, and last what is as it was meant."""
    covered, beyond = scope.covered(preview.covered), scope.beyond(preview.covered)
    marked, ids = len(scope.alerts), {one.id for one in covered}
    missed = [held[0] for alert, held in scope.held if alert.id not in ids]
    all_of_them = f"all {marked}" if not missed else f"{len(covered)} of the {marked}"
    yield Content.styled(f"covers {all_of_them} marked alerts now", "$warning" if missed else "bold $bright")
    if beyond:
        count = "1 alert that is" if len(beyond) == 1 else f"{len(beyond)} alerts that are"
        yield Content.styled(f"and {count} not marked:", "bold $warning")
        yield from _rows(beyond)
    if missed:
        yield Content.styled("Marked, and not covered: look at the matchers.", "$warning")
        yield from _rows(missed)
    if covered:
        yield Content.styled("Marked, and covered:", "$dim")
        yield from _rows([held[0] for alert, held in scope.held if alert.id in ids])


def _rows(records: Sequence[Record]) -> Iterator[Content]:
    """A line for each, up to so many as anybody reads."""
    yield from map(_row, records[:_LISTED])
    if len(records) > _LISTED:
        yield Content.styled(f"and {len(records) - _LISTED} more", "$dim")


def _count(count: int) -> str:
    return "no active alert" if not count else "1 alert" if count == 1 else f"{count} alerts"


def _row(one: Record) -> Content:
    service = f"  {clean_line(one.service, 20):<12} "
    return Content.assemble(words.severity(one.severity), service, (clean_line(one.title, 200), "$bright"))


def ends(end: datetime, now: datetime) -> Content:
    """The end that a text names."""
    return Content.styled(f"→ {clock(end, now)}, in {span_in_words(end - now)}", "$dim")


def standing(source: str, one: Silence, now: datetime) -> Content:
    """A silence: until when and by whom, why, and what it matches, each on a line of its own."""
    until = f"until {clock(one.ends_at, now)}, {span_in_words(one.ends_at - now)} left"
    when = f"from {clock(one.starts_at, now)} {until}" if one.state is SilenceState.PENDING else until
    facts = [f"at {source}", *([f"by {one.created_by}"] if one.created_by else [])]
    lines = [
        Content.assemble((when, "bold $bright"), (f"  {one.state.value}, {', '.join(facts)}", "$dim")),
        Content.styled(f"  {clean_line(one.comment) or 'without a comment'}", "$foreground"),
        Content.styled(f"  {matchers(one.matchers)}", "$dim"),
    ]
    return Content("\n").join(lines)


def matchers(all_matchers: Iterable[Matcher]) -> str:
    """Matchers on one line, the longest of them cut."""
    return ", ".join(clean_line(str(one), _MATCHER) for one in all_matchers)


def to_end(found: Sequence[Standing], gone: Sequence[str], others: int, now: datetime) -> Content:
    """The silences that would be ended, and how many other alerts would be heard again with them.

    Args:
        gone: the sources that know none any more of those that they told of.
    """
    parts = [standing(source, one, now) for source, one in found]
    parts += [Content.styled(f"{one} knows none of them any more: they have ended.", "$warning") for one in gone]
    if found and others:
        also = "1 other alert is" if others == 1 else f"{others} other alerts are"
        parts.append(Content.styled(f"{also} muted by this as well, and would be heard again.", "$warning"))
    return Content("\n\n").join(parts)
