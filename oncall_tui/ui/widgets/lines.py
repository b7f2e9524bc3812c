"""Widgets of a line or two: the top line, the banner, the service map, a sparkline, the key line."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.service import Service, ServiceId
from oncall_tui.domain.situation import Situation, Trend
from oncall_tui.terminal import SMALLEST
from oncall_tui.ui.present import banner, emptiness, sparkline, top_line, topics
from oncall_tui.ui.present.services import service_map
from oncall_tui.ui.present.working import NO_WORK, Work

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


class Line(Widget):
    """A widget that draws a ``Content`` made for its size."""

    DEFAULT_CSS = "Line { height: 1; width: 1fr; }"

    def content(self, width: int, height: int) -> Content:
        """What to draw on ``width`` by ``height`` cells."""
        raise TypeError(f"{type(self).__name__} draws nothing")

    def render(self) -> Content:
        return self.content(self.size.width, self.size.height)


class Heading(Static):
    """The line above a list. It is as high and wide whatever it says, so that a new word moves nothing else."""

    def __init__(self, heading_id: str, content: Content | str = "") -> None:
        super().__init__(content, id=heading_id, classes="heading")

    def tell(self, content: Content) -> None:
        """Say something else; laying out the screen for it would cost more than all else that is drawn."""
        if not isinstance(self.content, Content) or not content.is_same(self.content):
            self.update(content, layout=False)


class TooSmall(Line):
    """What a view says in the place of everything when the terminal is too small."""

    def __init__(self, way_out: str) -> None:
        """``way_out`` says what can be done as it is."""
        super().__init__(id="too-small")
        self._way_out = way_out

    def content(self, width: int, height: int) -> Content:
        columns, lines = SMALLEST
        size = f"{self.app.size.width}x{self.app.size.height}"
        return Content(f"This terminal is {size}. Make it {columns}x{lines} or larger; {self._way_out}.")


class TopLine(Line):
    """Environment, what is being sent or waits, on call, freshness."""

    def __init__(self, environment: Content) -> None:
        super().__init__(id="top-line")
        self._environment = environment
        self._state: tuple[Situation, datetime, Work] | None = None

    def show(self, situation: Situation, now: datetime, work: Work = NO_WORK) -> None:
        self._state = (situation, now, work)
        self.refresh()

    def content(self, width: int, height: int) -> Content:
        if self._state is None:
            return self._environment
        situation, now, work = self._state
        return top_line.fits(situation, self._environment, now, width - 1, work)


class Banner(Widget):
    """Health in words; below it what limits the view: a sleep, a wrong clock, a line for every source that fails."""

    DEFAULT_CSS = "Banner { height: auto; max-height: 6; width: 1fr; }"

    app: "OncallApp"

    def __init__(self) -> None:
        super().__init__(id="banner")
        self._content = Content("waiting for the first answer")

    def show(self, situation: Situation, now: datetime) -> None:
        # Two cells of padding; before the first layout the widget has no size of its own.
        width, key = self.app.size.width - 2, self.app.keymap.shown("screen.sources")
        troubles = banner.view_troubles(situation, now, width, key)
        content = banner.verdict(situation.verdict) + (Content("\n") + troubles if troubles else Content())
        if not content.is_same(self._content):
            self._content = content
            self.refresh(layout=True)

    def render(self) -> Content:
        return self._content


class ServiceMap(Line, can_focus=True):
    """Services with their state."""

    TOPIC = topics.SERVICES
    DEFAULT_CSS = "ServiceMap:focus { background: $selection; }"

    def __init__(self) -> None:
        super().__init__(id="services")
        self._shown: tuple[tuple[Service, ...], str, Mapping[ServiceId, Alert], str] = ((), "", {}, "")
        self._empty = Content()

    def show(self, situation: Situation, old: str) -> None:
        """``old`` is the clock time of which the services are, if that is too long ago."""
        self._empty = emptiness.no_services(situation)
        shown = (situation.services, old, situation.shouting, self._empty.plain)
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def content(self, width: int, height: int) -> Content:
        services, old, alerts, _ = self._shown
        return service_map(services, width, height, old, alerts) if services else self._empty


class TrendLine(Line):
    """The trends as one sparkline each, side by side: what a small screen has instead of the chart."""

    def __init__(self) -> None:
        super().__init__(id="trend-line")
        self._trends: tuple[Trend, ...] = ()

    def show(self, trends: tuple[Trend, ...]) -> None:
        self._trends = trends
        self.set_class(not trends, "-empty")
        self.refresh()

    def content(self, width: int, height: int) -> Content:
        return sparkline.trend_line(self._trends, width)


class KeyLine(Line):
    """The keys that work now, the most likely first, as many as fit."""

    def __init__(self) -> None:
        super().__init__(id="key-line")
        self._keys: tuple[tuple[str, str], ...] = ()
        self._marked = ""

    def show(self, keys: Sequence[tuple[str, str]], marked: str = "") -> None:
        """``marked`` says how many rows are marked; empty for none."""
        if (tuple(keys), marked) != (self._keys, self._marked):
            self._keys, self._marked = tuple(keys), marked
            self.refresh()

    def content(self, width: int, height: int) -> Content:
        parts = [Content.styled(f" {self._marked} ", "bold $background on $mark")] if self._marked else []
        line = Content(" ") + Content("   ").join(parts)
        for key, label in self._keys:
            gap = "   " if len(line) > 1 else ""
            longer = Content.assemble(line, gap, (key, "bold $bright"), " ", (label, "$dim"))
            if longer.cell_length > width:
                break
            line = longer
        return line
