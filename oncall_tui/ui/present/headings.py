"""Headings of lists: what is in them, counted."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from oncall_tui.domain.deployment import Deployment
from oncall_tui.domain.query import Order
from oncall_tui.domain.service import Service
from oncall_tui.domain.tally import Tally

if TYPE_CHECKING:
    from oncall_tui.domain.filtering import Filter


def alerts(tally: Tally, shown: int, wanted: "Filter | None" = None, order: Order = Order.SEVERITY) -> Content:
    """``ALERTS  5 active, 1 yours, 2 not acknowledged``, with filter and order where they are not the usual ones.

    What cannot be read of a filter takes the place of the counts: somebody is at it.
    """
    if wanted is not None and wanted.problems:
        problem = wanted.problems[0]
        return Content.assemble(
            ("ALERTS", "bold $bright"), (f"  {shown} match   ", "$accent"), (str(problem), "bold $warning")
        )
    # Of an empty list the place of its rows says why it is empty: nothing there is not nothing known.
    facts = [f"{tally.active} active"] if tally.active else []
    facts += [f"{tally.mine} yours"] if tally.mine else []
    facts += [f"{tally.silenced} silenced"] if tally.silenced else []
    parts: list[Content | tuple[str, str]] = [("ALERTS", "bold $bright"), (f"  {', '.join(facts)}", "$dim")]
    if tally.firing:
        parts.append((f", {tally.firing} not acknowledged", "bold $foreground"))
    if tally.forgotten:
        parts.append((f", {tally.forgotten} forgotten", "bold $warning"))
    if wanted is not None and wanted.text:
        parts.append((f"   {shown} match ", "$accent"))
        parts.append((wanted.text, "bold $accent"))
    if order is not Order.SEVERITY:
        parts.append((f"   by {order.value}", "$accent"))
    return Content.assemble(*parts)


def deployments(shown: Sequence[Deployment], suspected: int) -> Content:
    """``DEPLOYMENTS  12 in two days, 1 suspected``."""
    tail = (f"  {suspected} suspected", "$suspect") if suspected else ("", "")
    count = (f"  {len(shown)} recent" if shown else "", "$dim")
    return Content.assemble(("DEPLOYMENTS", "bold $bright"), count, tail)


def services(all_services: Sequence[Service], as_of: str = "") -> Content:
    """``SERVICES  13``, and for old ones the moment of which they are: ``SERVICES  13  as of 02:10``."""
    count = (f"  {len(all_services)}" if all_services else "", "$dim")
    return Content.assemble(("SERVICES", "bold $bright"), count, (f"  as of {as_of}" if as_of else "", "$warning"))
