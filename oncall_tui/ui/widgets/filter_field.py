"""The field that filters the list of alerts."""

from textual.widgets import Input

from oncall_tui.domain.text import clean
from oncall_tui.ui.present import topics

_ON_ONE_LINE = {ord("\t"): " ", ord("\n"): " "}


class FilterField(Input):
    """Words and fields, as ``domain.filtering`` reads them."""

    TOPIC = topics.FILTER

    def __init__(self) -> None:
        super().__init__(placeholder="filter: words  -words  sev<=2  service:api  status:firing  age>10m", id="filter")

    def validate_value(self, value: str) -> str:
        """What is pasted comes from somewhere else: cleaned here, before a frame can be drawn with it."""
        return clean(value).translate(_ON_ONE_LINE)
