"""Marks on rows of every view: taken away from what is done, kept on what failed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from oncall_tui.ui.screens.view import View
from oncall_tui.ui.widgets.alert_table import AlertTable

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


def unmark(app: "OncallApp", alert_ids: Iterable[str]) -> None:
    """Take the marks away from these alerts, under the names they have now as well."""
    known = {one: app.situation.alert(one) for one in alert_ids}
    ids = {name for one, alert in known.items() for name in (one, alert.id if alert is not None else one)}
    for view in views(app):
        for table in view.query(AlertTable):
            table.clear_marks(ids)
    app.refresh_keys()


def views(app: "OncallApp") -> tuple[View, ...]:
    """Every view that was opened: each has marks of its own."""
    return tuple(one for stack in app._screen_stacks.values() for one in stack if isinstance(one, View))
