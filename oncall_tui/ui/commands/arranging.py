"""Commands that arrange the list of alerts: its order, its groups, and which of them are folded."""

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from oncall_tui.domain.parts import GROUPINGS, in_words
from oncall_tui.domain.query import Order
from oncall_tui.ui.commands.command import Command, Group

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp
    from oncall_tui.ui.widgets.alert_table import AlertTable


class _Arranges(Command):
    """A command on the list of alerts that is in use."""

    group = Group.LISTS
    missing = "Only alerts can be sorted: {view.alerts} goes to their list."

    def is_available(self, app: "OncallApp") -> bool:
        return app.view.alerts_table is not None

    def run(self, app: "OncallApp") -> None:
        table = app.view.alerts_table
        if table is not None:
            self.arrange(table)
            app.view.draw_headings()
            app.refresh_keys()

    @abstractmethod
    def arrange(self, table: "AlertTable") -> None:
        """Arrange it."""


class Sort(_Arranges):
    """Sort by the next column, severity again after the last.

    A click on the heading of a column sorts by it, another one the other way round.
    """

    id = "list.sort"
    key = "s"
    label = "sort"
    palette = "list: sort by the next column"
    rank = 85

    def arrange(self, table: "AlertTable") -> None:
        table.sort_by_next()


class Reverse(_Arranges):
    """Sort the other way round."""

    id = "list.reverse"
    key = "d"
    label = "reverse"
    palette = "list: sort the other way round"

    def arrange(self, table: "AlertTable") -> None:
        table.reverse()


class SortBy(_Arranges):
    """A command of the palette for one order."""

    key = ""
    order: ClassVar[Order]
    is_in_help = False

    def arrange(self, table: "AlertTable") -> None:
        table.sort_by(self.order)


def _sort_by(order: Order) -> type[Command]:
    words = in_words(order)
    told = {
        "__doc__": f"Sort by {words}.",
        "id": f"sort.{order.value}",
        "label": f"by {order.value}",
        "palette": f"sort: by {words}",
        "order": order,
    }
    return type(f"SortBy{order.name.title()}", (SortBy,), told)


class GroupNext(_Arranges):
    """Group by service, alert name, cluster, source, environment, not at all."""

    id = "list.group"
    key = "t"
    label = "group"
    missing = "Only alerts can be grouped: {view.alerts} goes to their list."
    palette = "list: group by the next part"
    rank = 84

    def arrange(self, table: "AlertTable") -> None:
        groupings = ("", *GROUPINGS)
        place = groupings.index(table.grouping) if table.grouping in groupings else -1
        table.group_by(groupings[(place + 1) % len(groupings)])


class Fold(_Arranges):
    """Fold the group that the cursor is in, or unfold it."""

    id = "list.fold"
    key = "c"
    label = "fold"
    palette = "list: fold or unfold the group"
    rank: ClassVar[int | None] = 35
    missing = "There is no group here: {list.group} groups the alerts."

    def is_available(self, app: "OncallApp") -> bool:
        table = app.view.alerts_table
        return table is not None and table.can_fold

    def arrange(self, table: "AlertTable") -> None:
        table.toggle_fold()


class FoldAll(Fold):
    """Fold every group; when all are folded, unfold them."""

    id = "list.fold_all"
    key = "C"
    label = "fold all"
    palette = "list: fold or unfold every group"
    rank = None

    def arrange(self, table: "AlertTable") -> None:
        table.toggle_all_folds()


ARRANGING_COMMANDS: tuple[type[Command], ...] = (
    Sort,
    Reverse,
    GroupNext,
    Fold,
    FoldAll,
    *(_sort_by(order) for order in Order),
)
