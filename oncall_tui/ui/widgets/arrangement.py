"""How a list of alerts is arranged: its order, its groups, and which of them are folded. Knows no screen."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.parts import UNGROUPED, in_words, part_of
from oncall_tui.domain.query import Order, resorted
from oncall_tui.domain.situation import Situation
from oncall_tui.ui.widgets.sections import PREFIX, Folding, Section

if TYPE_CHECKING:
    from oncall_tui.config.model import FilterSettings

_Groups = Mapping[str, tuple[Alert, ...]]


class Arrangement:
    """Order and groups, with what was found out by them last: it is asked for again with every letter of a filter."""

    def __init__(self) -> None:
        self.order: str = Order.SEVERITY
        """One of ``Order``, or a label (``label:team``)."""
        self.is_reversed = False
        self.grouping = ""
        """The part of alerts by which they stand together (``domain.parts``); empty for none."""
        self.folding = Folding()
        self._ordered: tuple[Situation, tuple[str, bool], tuple[Alert, ...]] | None = None
        self._grouped: tuple[Sequence[Alert], str, _Groups] | None = None

    @property
    def is_usual_order(self) -> bool:
        """Whether the worst stands first."""
        return self.order == Order.SEVERITY and not self.is_reversed

    def take(self, saved: "FilterSettings") -> None:
        """Arrange as a saved filter wants it; what it says nothing of stays as it is."""
        if saved.sort:
            self.order, self.is_reversed = saved.sort.removeprefix("-"), saved.sort.startswith("-")
        if saved.group:
            self.grouping = "" if saved.group == UNGROUPED else saved.group

    def in_order(self, situation: Situation) -> tuple[Alert, ...]:
        """The alerts in their order, which no letter of a filter changes. A situation has them by severity."""
        if self.is_usual_order:
            return situation.alerts
        order, known = (self.order, self.is_reversed), self._ordered
        if known is None or known[0] is not situation or known[1] != order:
            rows = resorted(situation.alerts, self.order, is_reversed=self.is_reversed)
            known = self._ordered = (situation, order, rows)
        return known[2]

    def sections(self, found: Sequence[Alert]) -> list[Section[Alert]]:
        """What was found in its groups."""
        sections = []
        for name, rows in self._groups(found).items():
            key = f"{PREFIX}{self.grouping}{PREFIX}{name}"
            sections.append(Section(key, name, rows, self.folding.is_folded(key)))
        return sections

    def _groups(self, found: Sequence[Alert]) -> _Groups:
        """The same again when only a fold has changed."""
        known = self._grouped
        if known is None or known[0] is not found or known[1] != self.grouping:
            from oncall_tui.domain.grouping import grouped

            part = part_of(self.grouping)
            groups = grouped(found, part) if part is not None else {}
            known = self._grouped = (found, self.grouping, groups)
        return known[2]

    @property
    def in_words(self) -> str:
        """Order and groups, where they are not the usual ones: ``by age, reversed, grouped by service``."""
        words = [] if self.is_usual_order else [f"by {in_words(self.order)}"]
        words += ["reversed"] if self.is_reversed else []
        words += [f"grouped by {in_words(self.grouping)}"] if self.grouping else []
        return ", ".join(words)
