"""Keys in the order in which they are meant: the next one goes on its way once the one before has done its work.

Textual sends a key to what has the focus when the key arrives, and runs its command later, when the key has come up to
the app. Of ``/api`` in one packet all four letters are on their way to the list before the filter is there: the ``a``
would acknowledge. Here what is typed waits until the key before has been heard by everybody, until what its command
opens is there with its focus, and goes there then. Where nothing opens it goes nowhere.
"""

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet

from textual import events
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import NoActiveWorker, Worker, get_current_worker

from oncall_tui.ui.screens.view import View

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp

GROUPS = ("command", "runbook", "action")
"""Workers that may be on their way to another view, dialog or field."""
LIMIT_TICKS = 100
"""So long at most something is waited for, in turns of the event loop: a machine that stands still is no delay."""
_TICK_S = 0.02
_ROUNDS = 2
"""What a key sets going by a message, as enter in a field does, is done one round after the key itself."""
_SUDDEN_S = 0.5
"""What opens by itself, long after its key, takes no key for so long: that was meant for what it covers."""

DROPPED = "What it was meant for is not there yet: what you typed is dropped."
UNSEEN = "You typed before this could be read: that is dropped."
"""Two lines at 80 columns: the corner may cover the foot of a tall question, and nothing that is to be read."""

_Where = tuple[Screen[Any] | None, Widget | None]


class Passed(events.Event, bubble=True, verbose=True):
    """Follows a key up to the app: where it arrives, the key has been heard."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class TypedAhead:
    """What was typed and is not delivered yet."""

    def __init__(self, app: "OncallApp") -> None:
        self._app = app
        self._kept: deque[events.Event] = deque()
        self._next: events.Event | None = None
        """What has been let go and is on its way to the app."""
        self._delivered: events.Event | None = None
        self._is_busy = False
        self._is_waiting = False
        self._opens = False
        """Whether the command of the last key opens something that is typed into, or answered."""
        self._before: _Where = (None, None)
        self._seen: _Where = (None, None)
        self._rounds = 0
        self._number = 0
        self._target: Widget | None = None
        self._ticks = 0
        self._timer: asyncio.TimerHandle | None = None
        self._behind: WeakKeyDictionary[Worker[Any], Screen[Any] | None] = WeakKeyDictionary()
        """The screen that the key of a worker was pressed on."""
        self._open: WeakSet[Worker[Any]] = WeakSet()
        """Workers that open nothing more."""
        self._late: WeakSet[Worker[Any]] = WeakSet()
        """Workers that nothing waits for any more, and that may open something still."""
        self._left_at: Screen[Any] | None = None
        self._sudden_until = 0.0

    # What the app asks

    def keeps(self, event: events.Event) -> bool:
        """Whether ``event`` is not to be dealt with now: it is kept, dropped, or was for this room only."""
        if isinstance(event, Passed):
            if event.number == self._number:
                # Behind what the key has asked the app for: a new focus comes that way.
                self._app.call_later(self._look)
            return True
        if event.is_forwarded or not isinstance(event, events.Key | events.Paste | events.MouseDown | events.MouseUp):
            return False
        if event is self._next:
            self._next = None
        elif self._is_busy:
            self._kept.append(event)
            return True
        elif self._is_sudden():
            return not isinstance(event, events.MouseUp)
        elif self._opening():
            self._begin()
            self._is_waiting = True
            self._kept.append(event)
            return True
        self._begin()
        self._delivered = event
        return False

    def follow(self, event: events.Event) -> None:
        """``event`` has been sent on: find out when it has been heard."""
        if event is self._delivered:
            self._delivered = None
            self._send()

    def expect(self) -> None:
        """The key that is being heard opens something: what was typed after it is not meant for what is there now."""
        self._opens = self._is_busy

    def nothing_more(self) -> None:
        """The worker that asks has opened what it had to: its work goes on, and no key waits for it."""
        with suppress(NoActiveWorker):
            self._open.add(get_current_worker())

    @property
    def is_still(self) -> bool:
        """Whether everything that was typed has been delivered and heard, or dropped."""
        return not (self._is_busy or self._kept)

    @property
    def is_moving(self) -> bool:
        """Whether a command is still on its way to another view or dialog."""
        return any(one.group == "command" and not one.is_finished for one in self._app.workers)

    # How far the last key is

    def _begin(self) -> None:
        self._before = self._seen = self._where()
        self._is_busy, self._is_waiting, self._opens = True, False, False
        self._rounds = self._ticks = 0
        self._tick_later()

    def _send(self) -> None:
        """Another round, behind the key and whatever it has set going where the focus is."""
        self._number += 1
        self._target = self._where()[1] or self._where()[0]
        if self._target is not None:
            self._target.post_message(Passed(self._number))

    def _look(self) -> None:
        """A round is over."""
        if not self._is_busy:
            return
        where = self._where()
        self._rounds = self._rounds + 1 if where == self._seen else 1
        self._seen = where
        if self._rounds < _ROUNDS:
            self._send()
        elif self._opening():
            self._is_waiting = True
        else:
            self._go_on()

    def _where(self) -> _Where:
        if self._app._exit or not self._app.screen_stack:
            return None, None
        screen = self._app.screen
        return screen, screen.focused

    def _opening(self) -> list[Worker[Any]]:
        """The workers that are still on their way to what they open."""
        screen, found = self._where()[0], []
        for one in self._app.workers:
            if one.group not in GROUPS or one.is_finished or one in self._open or one in self._late:
                continue
            if screen is self._behind.setdefault(one, self._before[0]) or isinstance(screen, View):
                found.append(one)
        return found

    # What becomes of what was kept

    def _go_on(self) -> None:
        """All is still: let the next one go."""
        is_there = self._seen != self._before
        if self._opens and not is_there:
            self._kept.clear()
        elif self._seen[0] is not self._before[0] and getattr(self._seen[0], "IS_QUESTION", False):
            # A question is answered by who has seen it.
            was_answer = self._seen[0] is not None and any(answers(one, self._seen[0]) for one in self._kept)
            self._kept.clear()
            if was_answer:
                self._app.say(UNSEEN)
        elif is_there:
            # A click is aimed at what stood there.
            self._kept = deque(one for one in self._kept if not isinstance(one, events.MouseEvent))
        if self._kept:
            self._next = self._kept.popleft()
            self._app.post_message(self._next)
        else:
            self._rest()

    def _rest(self) -> None:
        self._is_busy = self._is_waiting = False
        self._number += 1
        self._left_at = self._where()[0]
        if self._timer is not None:
            self._timer.cancel()

    def _give_up(self) -> None:
        """A hold ends, whatever its cause does: what was typed is dropped, since nobody knows what it would hit."""
        had_any = any(isinstance(one, events.Key | events.Paste) for one in self._kept)
        self._kept.clear()
        self._late.update(self._opening())
        self._rest()
        if had_any:
            self._app.say(DROPPED)

    def _is_sudden(self) -> bool:
        """Whether something has just opened by itself that was not waited for any more."""
        screen, now = self._where()[0], asyncio.get_running_loop().time()
        if self._late and screen is not self._left_at:
            self._left_at = screen
            if not isinstance(screen, View):
                self._sudden_until = now + _SUDDEN_S
        return now < self._sudden_until

    # Time

    def _tick_later(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_TICK_S, self._ring)

    def _ring(self) -> None:
        # Not here: outside of the app's messages a dialog could be looked at in the middle of its opening.
        self._app.call_later(self._tick)

    def _tick(self) -> None:
        if not self._is_busy:
            return
        self._ticks += 1
        target = self._target
        if self._ticks > LIMIT_TICKS:
            self._give_up()
            return
        if self._is_waiting:
            if not self._opening():
                self._is_waiting, self._rounds = False, 0
                self._send()
        elif target is not None and not (target.is_running and target.is_attached):
            # It went away, and what was on its way through it is lost.
            self._send()
        self._tick_later()


def answers(event: events.Event, question: Screen[Any]) -> bool:
    """Whether ``event`` would have said something to ``question``: one of its own keys, or what goes into its field."""
    in_field = isinstance(question.focused, Input)
    if isinstance(event, events.Key):
        # What every screen has, as tab, is bound to actions of the app and the screen, and answers nothing.
        own = any("." not in one.action for one in question._bindings.key_to_bindings.get(event.key, ()))
        return own or (in_field and event.is_printable)
    return isinstance(event, events.Paste) and in_field
