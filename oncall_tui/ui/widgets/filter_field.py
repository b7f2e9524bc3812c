"""The field that filters the list of alerts."""

from textual.widgets import Input

from oncall_tui.ui.present import topics


class FilterField(Input):
    """Words and fields, as ``domain.filtering`` reads them."""

    TOPIC = topics.FILTER

    def __init__(self) -> None:
        super().__init__(placeholder="filter: words  -words  sev<=2  service:api  status:firing  age>10m", id="filter")
