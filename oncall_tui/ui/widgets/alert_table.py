"""The list of alerts: filter, order, marks, and the cursor held on the same trouble through every refresh."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.query import Order, Searcher
from oncall_tui.domain.situation import Situation
from oncall_tui.domain.text import clean_line
from oncall_tui.threads import DaemonThreads
from oncall_tui.ui.present import emptiness, topics
from oncall_tui.ui.present.alert_row import Scene, alert_columns, needed
from oncall_tui.ui.widgets.arrangement import Arrangement
from oncall_tui.ui.widgets.columns import Column
from oncall_tui.ui.widgets.live_rows import Renamed
from oncall_tui.ui.widgets.live_table import LiveTable
from oncall_tui.ui.widgets.sections import Section

if TYPE_CHECKING:
    from textual.worker import Worker

    from oncall_tui.config.model import FilterSettings
    from oncall_tui.domain.filtering import Filter

_HESITATION = timedelta(seconds=1)
"""How long an act is refused after the cursor came to another row by itself: a hand needs about a third of it."""

_SORTS = {"since": Order.AGE}
"""What a column sorts by where that is not its own name."""


def _as_they_are(row_id: str) -> str:
    return row_id


class AlertTable(LiveTable[Alert]):
    """Alerts of a situation, as filtered, ordered and grouped here."""

    TOPIC = topics.ALERTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "fold(True)", show=False),
        Binding("right", "fold(False)", show=False),
    ]

    def __init__(
        self,
        scene: Callable[[], Scene],
        columns: Sequence[str] = (),
        *,
        id: str | None = None,  # noqa: A002  # Textual's name for it
    ) -> None:
        """``columns`` are named as in the configuration; the usual ones without any."""
        super().__init__(alert_columns(scene, columns), lambda alert: alert.id, id=id)
        self._scene = scene
        self._situation: Situation | None = None
        self._shifted_at: datetime | None = None
        self._searcher = Searcher()
        self._reading = DaemonThreads("filter")
        self._sighted: (
            tuple[Situation | None, tuple[Alert, ...], frozenset[str], tuple[tuple[Alert, ...], frozenset[str]]] | None
        ) = None
        self._needed: tuple[Situation | None, dict[str, int]] = (None, {})
        self._is_searched = False
        self._found: Sequence[Alert] = ()
        self.wanted: Filter | None = None
        self.filter_name = ""
        """What the filter is called in the configuration; empty for one that was typed."""
        self.arrangement = Arrangement()

    def on_unmount(self) -> None:
        """Let the thread that reads for the filter end."""
        self._reading.close()

    def show_situation(self, situation: Situation) -> None:
        """Draw the alerts of ``situation``; a row that a pager has renamed keeps cursor and mark."""
        before, is_on_row = self.cursor_key, self.cursor_section is None
        was_told_of_nothing = self._situation is not None and any(one.fetched_at for one in self._situation.freshness)
        held = situation.alert(before) if before is not None and is_on_row else None
        self._situation = situation
        self._draw(situation)
        if self._is_searched:
            self.expect_filter()
        expected = before if not is_on_row else None if held is None else held.id
        has_come = before is None and self.cursor_key is not None and was_told_of_nothing
        if has_come or (before is not None and expected != self.cursor_key):
            self._shifted_at = self._scene().now

    def move_to(self, index: int) -> None:
        self._shifted_at = None
        super().move_to(index)

    def _draw(self, situation: Situation) -> None:
        def renamed(alert_id: str) -> str | None:
            alert = situation.alert(alert_id)
            return None if alert is None else alert.id

        self.say_when_empty(emptiness.no_alerts(situation, self.filter_text))
        found: Sequence[Alert] = self.arrangement.in_order(situation)
        if self.wanted is not None:
            found = self._searcher.matching(found, self.wanted, self._scene().now)
        self._found = found
        self._arrange(renamed)

    def _arrange(self, renamed: Renamed = _as_they_are) -> None:
        """Draw what was found, in its groups."""
        if not self.grouping:
            self.show_rows(self._found, renamed)
        else:
            self.show_sections(self.arrangement.sections(self._found), renamed)

    def needed(self, column: Column[Alert]) -> int:
        """By all alerts, not only those that a filter finds: columns must not jump with every letter of it."""
        if self._situation is None:
            return 0
        if self._needed[0] is not self._situation:
            self._needed = (self._situation, {})
        known = self._needed[1]
        if column.name not in known:
            known[column.name] = needed(column.name, self._situation)
        return known[column.name]

    def expect_filter(self) -> None:
        """Somebody is about to type a filter: read the alerts meanwhile, so that the first letter does not wait."""
        self._is_searched = True
        # The function and not what it gives: the next one may come before this one has begun, which then never runs.
        _: Worker[None] = self.run_worker(self._read_ahead, group="filter", exclusive=True, exit_on_error=False)

    async def _read_ahead(self) -> None:
        if self._situation is not None:
            alerts = self.arrangement.in_order(self._situation)
            await self._reading.compute(lambda: self._searcher.prepare(alerts))

    @property
    def has_just_shifted(self) -> bool:
        """Whether the row under the cursor has become another one within the last moment, by itself.

        A key pressed now was meant for the row that was there: whoever acts must ask again. A clock that was set back
        since makes it no moment ago.
        """
        return self._shifted_at is not None and timedelta(0) <= self._scene().now - self._shifted_at < _HESITATION

    # Filter

    def filter_by(self, text: str) -> None:
        """Show only what ``text`` finds from now on (``domain.filtering``)."""
        from oncall_tui.domain.filtering import read_filter

        self.wanted, self.filter_name = (read_filter(text) if text else None), ""
        self._draw_again()

    def apply(self, saved: "FilterSettings") -> None:
        """Show what a saved filter finds; order and groups stay where it says nothing of them."""
        from oncall_tui.domain.filtering import read_filter

        self.wanted = read_filter(saved.filter) if saved.filter else None
        self.filter_name = clean_line(saved.name, 40)
        self.arrangement.take(saved)
        self._draw_again()

    @property
    def filter_text(self) -> str:
        """The filter as it is written; empty without one."""
        return "" if self.wanted is None else self.wanted.text

    # Order

    @property
    def order(self) -> str:
        """By what it is sorted: one of ``Order``, or a label."""
        return self.arrangement.order

    @property
    def grouping(self) -> str:
        """The part of alerts by which they stand together; empty for none."""
        return self.arrangement.grouping

    def sort_by(self, order: str, *, is_reversed: bool = False) -> None:
        """Sort by one of ``Order``, or by a label (``label:team``)."""
        self.arrangement.order, self.arrangement.is_reversed = order, is_reversed
        self._draw_again()

    def sort_by_next(self) -> None:
        """Sort by the next column that is shown."""
        orders = list(dict.fromkeys([Order.SEVERITY, *(self._sort_of(one.column) for one in self._placed)]))
        place = orders.index(self.order) if self.order in orders else -1
        self.sort_by(orders[(place + 1) % len(orders)])

    def sort_by_column(self, column: Column[Alert]) -> None:
        """Sort by a column; by the same again the other way round."""
        order = self._sort_of(column)
        self.sort_by(order, is_reversed=order == self.order and not self.arrangement.is_reversed)

    def reverse(self) -> None:
        """Sort the other way round."""
        self.sort_by(self.order, is_reversed=not self.arrangement.is_reversed)

    def column_title(self, column: Column[Alert]) -> Content:
        """With an arrow where the list is sorted by it, unless that is the usual order."""
        is_usual = self.arrangement.is_usual_order
        if is_usual or self._sort_of(column) != self.order or column.name == "since":
            return Content(column.title)
        return Content.styled(f"{'↑' if self.arrangement.is_reversed else '↓'}{column.title}", "$accent")

    def _sort_of(self, column: Column[Alert]) -> str:
        return _SORTS.get(column.name, column.name)

    # Groups

    def group_by(self, part: str) -> None:
        """Let alerts stand together by a part of them (``domain.parts``); by none with an empty text."""
        self.arrangement.grouping = part
        if self._situation is not None:
            self._arrange()

    @property
    def can_fold(self) -> bool:
        """Whether the cursor is in a group."""
        return self._held.section_here is not None

    def toggle_fold(self) -> None:
        """Fold the group that the cursor is in, or unfold it."""
        section = self._held.section_here
        if section is not None:
            self.action_fold(not section.is_folded)

    def action_fold(self, is_folded: bool) -> None:
        """Fold the group that the cursor is in, or unfold it. The cursor goes to the line of what is folded."""
        section = self._held.section_here
        if section is not None and section.is_folded != is_folded:
            self.arrangement.folding.fold(section.key, is_folded)
            self._arrange()

    def toggle_all_folds(self) -> None:
        """Fold every group; when all are folded, unfold them."""
        sections = [line for line in self._held.lines if isinstance(line, Section)]
        if sections:
            self.arrangement.folding.fold_all(not all(one.is_folded for one in sections))
            self._arrange()

    def move_to_id(self, row_id: str) -> bool:
        """Put the cursor on the alert, in a folded group too, which is unfolded for it."""
        section = self._held.hiding(row_id)
        if section is not None:
            self.arrangement.folding.fold(section.key, False)
            self._arrange()
        return super().move_to_id(row_id)

    def section_line(self, section: Section[Alert], marked: int, width: int) -> Content:
        from oncall_tui.ui.present.group_line import group_line

        return group_line(section, self.grouping, marked, self._scene().now)

    # What acts are meant for

    @property
    def chosen(self) -> tuple[Alert, ...]:
        """What an act is meant for: the marked alerts, those that the filter hides last; else the one at the cursor."""
        if self.marked:
            return self._marks_by_sight[0]
        return () if self.cursor_row is None else (self.cursor_row,)

    @property
    def hidden_marks(self) -> frozenset[str]:
        """The ids of the marked alerts that the filter hides."""
        return self._marks_by_sight[1]

    @property
    def _marks_by_sight(self) -> tuple[tuple[Alert, ...], frozenset[str]]:
        """All marked alerts, and which of them are hidden. Every command asks at every key, so it is kept."""
        situation, shown, marked = self._situation, self.marked_rows, self.marked
        known = self._sighted
        if known is None or known[0] is not situation or known[1] is not shown or known[2] is not marked:
            hidden = marked - {alert.id for alert in shown} if len(shown) != len(marked) else frozenset[str]()
            others = [situation.alert(one) for one in sorted(hidden)] if situation is not None else []
            every = (*shown, *(alert for alert in others if alert is not None)) if others else shown
            known = self._sighted = (situation, shown, marked, (every, hidden))
        return known[3]

    @property
    def marked_in_words(self) -> str:
        """``3 marked, 1 hidden``; empty without marks."""
        hidden = f", {len(self.hidden_marks)} hidden" if self.hidden_marks else ""
        return f"{len(self.marked)} marked{hidden}" if self.marked else ""

    def _draw_again(self) -> None:
        if self._situation is not None:
            self._draw(self._situation)
