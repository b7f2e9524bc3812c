"""The field that filters the list of alerts."""

from textual.widgets import Input

from oncall_tui.ui.present import topics


class FilterField(Input):
    """Words and -words."""

    TOPIC = topics.FILTER

    def __init__(self) -> None:
        super().__init__(placeholder="filter: words, -words", id="filter")
