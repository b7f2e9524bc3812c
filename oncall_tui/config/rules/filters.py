"""Rules for ``[[filters]]``. Their keys are checked with the key map (``ui.keymap``), which knows all the others."""

from collections.abc import Iterator

from oncall_tui.config.keys import Finding, Key
from oncall_tui.config.model import FilterSettings
from oncall_tui.config.rules.draft import Draft
from oncall_tui.domain.filtering import read_filter
from oncall_tui.domain.parts import GROUPINGS, LABEL, UNGROUPED, part_of
from oncall_tui.domain.query import Order, is_order
from oncall_tui.domain.text import clean_line


def filter_findings(draft: Draft) -> Iterator[Finding]:
    """Names that are blank or taken, terms that make no sense, orders and groups that there are none of."""
    seen: set[str] = set()
    for number, one in enumerate(draft.config.filters):
        key: Key = ("filters", number)
        if not one.name.strip():
            yield Finding((*key, "name"), "is empty", "name the filter")
        elif one.name.casefold() in seen:
            yield Finding((*key, "name"), f'"{clean_line(one.name, 40)}" names another filter too', "rename one")
        seen.add(one.name.casefold())
        yield from _terms(one, key)
        yield from _arrangement(one, key)


def _terms(one: FilterSettings, key: Key) -> Iterator[Finding]:
    problems = read_filter(one.filter).problems
    if problems:
        told = "; ".join(clean_line(str(problem), 120) for problem in problems)
        yield Finding((*key, "filter"), told, "docs/filters.md has the language")
    if not (one.filter.strip() or one.sort or one.group):
        yield Finding((*key, "filter"), "chooses nothing", "write a filter, a sort or a group")


def _arrangement(one: FilterSettings, key: Key) -> Iterator[Finding]:
    if one.sort and not is_order(one.sort.removeprefix("-")):
        orders = ", ".join(order.value for order in Order)
        problem = f'"{clean_line(one.sort, 40)}" is no order'
        yield Finding((*key, "sort"), problem, f"write one of {orders} or {LABEL}NAME; - before it turns it round")
    if one.group not in ("", UNGROUPED) and part_of(one.group) is None:
        problem = f'"{clean_line(one.group, 40)}" is nothing to group by'
        yield Finding((*key, "group"), problem, f"write one of {', '.join(GROUPINGS)}, {LABEL}NAME or {UNGROUPED}")
