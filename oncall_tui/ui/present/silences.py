"""Silences in words: those that stand, and which alerts one would cover."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from oncall_tui.domain.alert import Record
from oncall_tui.domain.clocks import clock, span_in_words
from oncall_tui.domain.silence import Matcher, Silence, SilenceState
from oncall_tui.domain.text import clean_line
from oncall_tui.ui.present import words

_LISTED = 200
"""So many alerts are named of those that a silence would cover; the rest is counted."""
_MATCHER = 120
"""So many characters of a matcher are drawn in a list."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the vendor says that a silence with ``matchers`` would cover; or why it does not say."""

    matchers: tuple[Matcher, ...]
    covered: tuple[Record, ...] = ()
    trouble: str = ""


def asking(source: str) -> Content:
    """While the vendor has not answered."""
    return Content.styled(f"asking {source} which alerts it covers now …", "$dim")


def covers(preview: Preview, own: Record) -> Content:
    """Which alerts a silence would cover; it stands out when ``own``, for which it is made, is not among them."""
    if preview.trouble:
        return Content.styled(preview.trouble, "$error")
    count = len(preview.covered)
    lines = [
        Content.styled(f"covers {_count(count)} now{':' if count else ''}", "bold $bright" if count else "$warning")
    ]
    if own.ref not in {one.ref for one in preview.covered}:
        lines.append(Content.styled("The alert that you came from is not covered: look at the matchers.", "$warning"))
    lines += [_row(one) for one in preview.covered[:_LISTED]]
    if count > _LISTED:
        lines.append(Content.styled(f"and {count - _LISTED} more", "$dim"))
    return Content("\n").join(lines)


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


def to_end(source: str, found: Sequence[Silence], others: int, now: datetime) -> Content:
    """The silences that would be ended, and how many other alerts would be heard again with them."""
    if not found:
        return Content.styled(f"{source} knows none of them any more: they have ended.", "$warning")
    parts = [standing(source, one, now) for one in found]
    if others:
        also = "1 other alert is" if others == 1 else f"{others} other alerts are"
        parts.append(Content.styled(f"{also} muted by this as well, and would be heard again.", "$warning"))
    return Content("\n\n").join(parts)
