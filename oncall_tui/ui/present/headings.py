"""Headings of lists: what is in them, counted."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content

from oncall_tui.domain.deployment import Deployment
from oncall_tui.domain.service import Service
from oncall_tui.domain.tally import Tally

if TYPE_CHECKING:
    from oncall_tui.domain.filtering import Filter


def alerts(
    tally: Tally, shown: int, wanted: "Filter | None" = None, arranged: str = "", width: int = 0, name: str = ""
) -> Content:
    """``ALERTS  5 active, 1 yours, 2 not acknowledged``, with the filter, its ``name``, and how it is ``arranged``.

    What cannot be read of a filter takes the place of the counts: somebody is at it. On ``width`` cells, unless that is
    0, what is muted is left out first, and counts give way to what is chosen.
    """
    if wanted is not None and wanted.problems:
        problem = wanted.problems[0]
        return Content.assemble(
            ("ALERTS", "bold $bright"), (f"  {shown} match   ", "$accent"), (str(problem), "bold $warning")
        )
    chosen: list[Content | str | tuple[str, str]] = []
    if name or (wanted is not None and wanted.text):
        chosen.append((f"   {shown} match ", "$accent"))
        chosen += [(f" {name} ", "bold $background on $accent"), " "] if name else []
        chosen.append((wanted.text if wanted is not None else "", "bold $accent"))
    if arranged:
        chosen.append((f"   {arranged}", "$accent"))
    audible = replace(tally, inhibited=0)
    counts = [_counts(one) for one in (tally, audible, replace(audible, silenced=0))]
    line = Content()
    for told in [*counts, counts[0][:1], []] if chosen else counts:
        gap = "  " if told else ""
        line = Content.assemble(("ALERTS", "bold $bright"), gap, Content.styled(", ", "$dim").join(told), *chosen)
        if not width or line.cell_length <= width:
            break
    return line


def _counts(tally: Tally) -> list[Content]:
    """How many there are, yours, silenced, inhibited and not acknowledged."""
    # Of an empty list the place of its rows says why it is empty: nothing there is not nothing known.
    facts = [f"{tally.active} active"] if tally.active else []
    facts += [f"{tally.mine} yours"] if tally.mine else []
    facts += [f"{tally.silenced} silenced"] if tally.silenced else []
    facts += [f"{tally.inhibited} inhibited"] if tally.inhibited else []
    told = [Content.styled(fact, "$dim") for fact in facts]
    told += [Content.styled(f"{tally.firing} not acknowledged", "bold $foreground")] if tally.firing else []
    return [*told, Content.styled(f"{tally.forgotten} forgotten", "bold $warning")] if tally.forgotten else told


def deployments(shown: Sequence[Deployment], suspected: int) -> Content:
    """``DEPLOYMENTS  12 in two days, 1 suspected``."""
    tail = (f"  {suspected} suspected", "$suspect") if suspected else ("", "")
    count = (f"  {len(shown)} recent" if shown else "", "$dim")
    return Content.assemble(("DEPLOYMENTS", "bold $bright"), count, tail)


def services(all_services: Sequence[Service], as_of: str = "") -> Content:
    """``SERVICES  13``, and for old ones the moment of which they are: ``SERVICES  13  as of 02:10``."""
    count = (f"  {len(all_services)}" if all_services else "", "$dim")
    return Content.assemble(("SERVICES", "bold $bright"), count, (f"  as of {as_of}" if as_of else "", "$warning"))
