"""What is asked only when somebody wants to know it: the history of an alert, and how often people were called."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from oncall_tui.domain.alert import Alert
from oncall_tui.domain.history import History
from oncall_tui.domain.pages import PageLog
from oncall_tui.sources.errors import SourceError

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp
    from oncall_tui.ui.rooms import Rooms

Answer = TypeVar("Answer")

GOOD_FOR = timedelta(minutes=5)
"""How long an answer is not asked for again."""
_PAUSE = timedelta(seconds=30)
"""After a question that has no answer."""
_KEPT = 200
"""Histories that are kept."""
_NOT_READY = "the sources are still being opened"


@dataclass(frozen=True, slots=True)
class Told(Generic[Answer]):
    """What is known of a question. Not asked, being asked, failed and answered are four different things."""

    answer: Answer | None = None
    """The last one; it stays while it is asked anew, and when that fails."""
    at: datetime | None = None
    asked_at: datetime | None = None
    is_asking: bool = False
    trouble: str = ""
    """Why the last question has no answer."""

    @property
    def is_unasked(self) -> bool:
        return self.answer is None and not self.is_asking and not self.trouble


@dataclass(slots=True)
class _Question(Generic[Answer]):
    told: Told[Answer] = field(default_factory=Told)


class Knowing:
    """The answers of this screen. Nothing is asked twice at a time, and nothing again that is known well enough."""

    def __init__(self, app: "OncallApp") -> None:
        self._app = app
        self._histories: dict[str, _Question[History]] = {}
        self._pages: _Question[PageLog] = _Question()

    @property
    def pages(self) -> Told[PageLog]:
        """Whom the pagers called in the last days."""
        return self._pages.told

    def history(self, alert: Alert) -> Told[History]:
        """When ``alert`` fired before. It is found under any of its records."""
        found = next((self._histories[one.ref] for one in alert.records if one.ref in self._histories), None)
        return Told() if found is None else found.told

    def ask_pages(self, days: int) -> None:
        """Look who was called, unless that is known; the view is drawn anew when it is."""
        # One day more: days are those of the screen's time zone, and of the first one all must be known.
        since = self._app.now() - timedelta(days=days + 1)
        self._ask(self._pages, lambda rooms: rooms.pages_since(since), "count the pages")

    def ask_history(self, alert: Alert) -> None:
        """Look when ``alert`` fired before, unless that is known; the view is drawn anew when it is.

        Of an alert that no pager holds nobody is asked: only a pager remembers.
        """
        refs = [one.ref for one in alert.records]
        question = next((self._histories[one] for one in refs if one in self._histories), None) or _Question()
        self._histories.update(dict.fromkeys(refs, question))
        while len(self._histories) > _KEPT:
            del self._histories[next(iter(self._histories))]
        self._ask(question, lambda rooms: rooms.history_of(alert), "look for the history")

    def _ask(self, question: _Question[Answer], ask: "Callable[[Rooms], Awaitable[Answer]]", what: str) -> None:
        told, rooms, now = question.told, self._app.acting.rooms, self._app.now()
        if rooms is None:
            question.told = replace(told, trouble=_NOT_READY)
            return
        rest = _PAUSE if told.trouble else GOOD_FOR
        if told.is_asking or (told.asked_at is not None and timedelta(0) <= now - told.asked_at < rest):
            return
        question.told = replace(told, is_asking=True, asked_at=now, trouble="")
        self._app.run_worker(self._answer(question, ask, rooms), group="knowing", exit_on_error=False, description=what)

    async def _answer(
        self, question: _Question[Answer], ask: "Callable[[Rooms], Awaitable[Answer]]", rooms: "Rooms"
    ) -> None:
        try:
            answer = await ask(rooms)
        except SourceError as error:
            question.told = replace(question.told, is_asking=False, trouble=f"{error} {error.hint}".strip())
        except BaseException:
            question.told = replace(question.told, is_asking=False, trouble="it was broken off")
            raise
        else:
            question.told = Told(answer, self._app.now(), question.told.asked_at)
        self._app.redraw_rows()
