"""The line above a group of alerts: the worst of it, its name, how many of what, since when, what is not looked at."""

from collections.abc import Callable
from datetime import datetime

from textual.content import Content

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.clocks import age, age_in_words
from oncall_tui.domain.grouping import GroupFacts, facts_of
from oncall_tui.domain.parts import in_words
from oncall_tui.ui.present import words
from oncall_tui.ui.widgets.sections import Section

FOLDED, UNFOLDED = "▸", "▾"


def group_line(section: Section[Alert], part: str, marked: int, now: datetime) -> Content:
    """``P1 ▾ api  3: 1 P1, 2 P3  oldest 12m  2 not acknowledged``; ``part`` is what they have in common."""
    told = facts_of(section.rows)
    name = (section.title, "bold $bright") if section.title else (f"without {in_words(part)}", "bold $dim")
    facts = [
        Content.assemble(
            words.severity(told.worst, is_loud=told.firing > 0),
            (f" {FOLDED if section.is_folded else UNFOLDED} ", "bold $accent"),
            name,
        ),
        _counts(told),
        Content.styled(f"oldest {age(now - told.oldest)}", "$dim"),
    ]
    if told.firing:
        facts.append(Content.styled(f"{told.firing} not acknowledged", "bold $foreground"))
    if marked:
        facts.append(Content.styled(f"{marked} marked", "bold $mark"))
    return words.joined(facts)


def _counts(told: GroupFacts) -> Content:
    """``3: 1 P1, 2 P3``; one kind of severity is told by the worst already."""
    noun = "alert" if told.count == 1 else "alerts"
    if len(told.by_severity) == 1:
        return Content.styled(f"{told.count} {noun}", "$foreground")
    each = [Content.assemble((f"{many} ", "$foreground"), words.severity(one)) for one, many in told.by_severity]
    return Content.styled(f"{told.count}: ", "$foreground") + Content.styled(", ", "$dim").join(each)


def group_detail(section: Section[Alert], part: str, now: datetime, fill: Callable[[str], str]) -> Content:
    """What the details tell of a group; ``fill`` puts keys in the place of commands."""
    told = facts_of(section.rows)
    noun = "alert" if told.count == 1 else "alerts"
    name = section.title or f"Without {in_words(part)}"
    lines = [
        Content.styled(name, "bold $bright"),
        Content.styled(f"{told.count} {noun} with the same {in_words(part)}", "$foreground"),
        Content("   ").join(
            Content.assemble(words.severity(one), (f" {one.title} {many}", "$foreground"))
            for one, many in told.by_severity
        ),
        Content.styled(f"The oldest began {age_in_words(now - told.oldest)} ago.", "$dim"),
        Content.styled(fill("{alert.mark} marks them all, {alert.open} folds the group or unfolds it."), "$dim"),
    ]
    return Content("\n").join(lines)
