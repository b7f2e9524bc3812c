"""The screen: joins rooms, views and commands. What it knows it is told by the monitor; what it does goes to acting."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.screen import Screen
from textual.theme import Theme
from textual.types import CSSPathType
from textual.worker import Worker, WorkerState

from oncall_tui.config.model import Config
from oncall_tui.domain.service import Health
from oncall_tui.domain.situation import Situation, Verdict
from oncall_tui.domain.text import clean, clean_line
from oncall_tui.terminal import SMALLEST, Terminal
from oncall_tui.terminal.here import NOWHERE
from oncall_tui.ui import later
from oncall_tui.ui.collecting import Collector
from oncall_tui.ui.first_theme import begin_with, chosen
from oncall_tui.ui.fixed_keys import FixedKeys
from oncall_tui.ui.key_hints import hints
from oncall_tui.ui.keymap import NO_KEYMAP, read_keymap, without_changes
from oncall_tui.ui.messages import RoomsFailed, SituationChanged
from oncall_tui.ui.notify import Notifier
from oncall_tui.ui.polling import Polling
from oncall_tui.ui.rooms import Rooms
from oncall_tui.ui.screens.fitting import Fitting
from oncall_tui.ui.screens.overview import Overview
from oncall_tui.ui.screens.view import View
from oncall_tui.ui.theming import VARIABLES
from oncall_tui.ui.typed_ahead import TypedAhead
from oncall_tui.ui.widgets.lines import KeyLine

if TYPE_CHECKING:
    from oncall_tui.sources.base import Clock
    from oncall_tui.ui.acting import Acting
    from oncall_tui.ui.notify_hook import Hook

OpenRooms = Callable[[], Awaitable[Rooms]]
"""Opens the rooms: secrets, clients, journal. Called after the first paint."""

RECOVERY_S = 3.0
"""So long at most what an earlier session left unsent waits for the first picture."""

Companion = Callable[["OncallApp"], Awaitable[None]]
"""Work that lives as long as the screen, begun after its first paint: watching a folder, for instance."""


class OncallApp(FixedKeys):
    """The on-call engineer's screen."""

    TITLE = "oncall-tui"
    # The first view's sheet is read with the common one: read by itself it would cost all styles another reading.
    CSS_PATH: ClassVar[CSSPathType | None] = ["styles/global.tcss", "screens/overview.tcss"]
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        "alerts": later.alerts,
        "deployments": later.deployments,
        "oncall": later.oncall,
        "runbooks": later.runbooks,
    }
    DEFAULT_MODE = "overview"
    COMMANDS = {later.commands}

    def __init__(
        self,
        config: Config,
        open_rooms: OpenRooms,
        *,
        clock: "Clock",
        timezone: tzinfo | None = None,
        themes: Iterable[Theme] = (),
        problems: Iterable[str] = (),
        companions: Iterable[Companion] = (),
        tick_every: float = 1.0,
        terminal: Terminal = NOWHERE,
        hook: "Hook | None" = None,
    ) -> None:
        super().__init__()
        self.terminal = terminal
        self.config = config
        self.environment = config.display.environment
        self.is_production = config.is_production
        self.notifier = Notifier(self, hook)
        self.polling = Polling(self)
        self.typed_ahead = TypedAhead(self)
        self.situation = Situation(0, clock())
        self._open_rooms = open_rooms
        self.rooms: Rooms | None = None
        self._clock = clock
        self.timezone = timezone
        keymap = read_keymap(config.keys, config.filters, config.actions)
        self.keymap = without_changes(keymap) if config.is_read_only else keymap
        for key, command_id in self.keymap.commands.items():
            self.bind(key, f"command('{command_id}')", show=False)
        self._companions = tuple(companions)
        self._tick_every = tick_every
        self._collector = Collector()
        self._has_recovered = False
        for theme in themes:
            self.register_theme(theme)
        name, problem = chosen(self, config.display.theme)
        self._problems = (*problems, problem) if problem else tuple(problems)
        begin_with(self, name)

    @cached_property
    def acting(self) -> "Acting":
        """The acts of this screen; loaded after the first paint, with the journal and the words that it needs."""
        from oncall_tui.ui.acting import Acting

        return Acting(self)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(VARIABLES)

    async def on_event(self, event: events.Event) -> None:
        """What is typed and pasted enters here. What is pasted comes from somewhere else."""
        if isinstance(event, events.Paste):
            event.text = clean(event.text)
        if not self.typed_ahead.keeps(event):
            await super().on_event(event)
            self.typed_ahead.follow(event)

    def get_default_screen(self) -> Screen[Any]:
        """The first view. As a mode of its own Textual would read all styles once more before it is painted."""
        return Overview()

    def now(self) -> datetime:
        """The present moment in the time zone of the screen."""
        return self._clock().astimezone(self.timezone)

    # The life of the rooms

    def on_ready(self) -> None:
        """The first paint is done: open the rooms and look."""
        self.add_mode(self.DEFAULT_MODE, Overview)
        self._collector.begin()
        self.set_interval(self._tick_every, self._tick)
        asyncio.get_running_loop().set_exception_handler(
            lambda _loop, context: self._say_broken(str(context.get("message", "")), context.get("exception"))
        )
        self.run_worker(self._live(), group="rooms", exclusive=True, exit_on_error=False, description="see and publish")
        for companion in self._companions:
            self.run_worker(companion(self), group="companion", exit_on_error=False, description=repr(companion))
        for problem in self._problems:
            self.say(problem, title="Theme", is_bad=True)
        if self.keymap.problems:
            self.say(self.keymap.complaint, title=NO_KEYMAP, is_bad=True)

    async def _live(self) -> None:
        """Open the rooms, then poll and publish until the end."""
        try:
            rooms = await self._open_rooms()
        except Exception as error:  # whatever it is, the engineer must read it instead of a frozen screen
            reason = f"{str(error) or type(error).__name__} {getattr(error, 'hint', '')}"
            self.post_message(RoomsFailed(clean(reason).strip()))
            return
        self.rooms = rooms
        rooms.monitor.subscribe(self._publish)
        self.set_timer(RECOVERY_S, self._recover)
        await rooms.monitor.run()

    def _publish(self, situation: Situation) -> None:
        self.post_message(SituationChanged(situation))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Work that broke is said, never left silent: the screen may show old data from here on."""
        if event.state is WorkerState.ERROR:
            self._say_broken(event.worker.description or event.worker.name, event.worker.error)
            if event.worker.group == "rooms":
                stopped = Verdict(Health.UNKNOWN, "Polling has stopped: what is shown is old. Start oncall-tui again.")
                self.situation = replace(self.situation, verdict=stopped)
                self.view.show(self.situation)

    def _say_broken(self, what: str, error: BaseException | None) -> None:
        kind = type(error).__name__ if error is not None else "unknown error"
        self.say(f"{what}: {kind}. Start again if it stays.", title="Something broke inside oncall-tui", is_bad=True)

    def on_rooms_failed(self, message: RoomsFailed) -> None:
        self.exit(return_code=2, message=message.reason)

    async def on_unmount(self) -> None:
        await later.end_runs(self)
        if self.rooms is not None:
            await self.rooms.close()
        self.notifier.close()
        self._collector.end()

    def on_situation_changed(self, message: SituationChanged) -> None:
        """Draw the newer picture; an older one is dropped."""
        if message.situation.generation <= self.situation.generation:
            return
        self.notifier.announce(self.situation, message.situation)
        self.polling.tell_of_interruption(self.situation, message.situation)
        self.situation = message.situation
        self.acting.hear(message.situation)
        if self._can_draw:
            self.view.show(message.situation)
            # Not while the app is closing, when there is no screen left to ask for.
            if isinstance(self.screen, Fitting):
                self.screen.hear(message.situation)
        self._collector.settle()
        self.call_after_refresh(self._recover)

    def _recover(self) -> None:
        """Once, after the first picture: that would wait for the database to be loaded."""
        if not self._has_recovered:
            self._has_recovered = True
            recovery = "look at what the last session left unsent"
            self.run_worker(self.acting.recover(), group="recover", exit_on_error=False, description=recovery)

    def _tick(self) -> None:
        self._collector.tick()
        self.notifier.tick()
        if self.rooms is not None:
            self.acting.waiting.tick()
        if self._can_draw:
            self.view.tick()
            if self.now().second % 10 == 0:
                self.view.redraw_rows()

    # What commands ask for

    @property
    def is_too_small(self) -> bool:
        """Whether the terminal is too small for anything to be drawn; known before any screen has heard of it."""
        return self.size.width < SMALLEST[0] or self.size.height < SMALLEST[1]

    @property
    def view(self) -> View:
        """The view that is shown, under whatever dialog."""
        return next(screen for screen in reversed(self.screen_stack) if isinstance(screen, View))

    @property
    def _can_draw(self) -> bool:
        """Whether there is a view to draw on: not before the first paint, and no more while the app is closing."""
        return any(isinstance(screen, View) and screen.can_draw for screen in self.screen_stack)

    async def show_view(self, name: str, row_id: str | None = None) -> None:
        """Go to a view, and there to the row of ``row_id``."""
        await self.switch_mode(name)
        if row_id is not None:
            self.view.reveal(row_id)

    def action_command(self, command_id: str) -> None:
        """Run a command of the registry; when it is of no use now, say what is missing."""
        self._collector.touch()
        command = self.keymap.registry[command_id]
        if self.is_too_small and not command.works_unseen:
            return
        if command.opens or command.asks_first:
            self.typed_ahead.expect()
        is_there = command.works_unseen or self.view.can_draw
        if not is_there or (command.mutates and self.typed_ahead.is_moving):
            self.say("The screen was changing. Press again if you mean it.", title="Nothing was done")
        elif command.is_available(self):
            work = command.run(self)
            if work is not None:
                self.run_worker(work, group="command", exit_on_error=False, description=command_id)
        elif command.missing and not command.is_quiet:
            self.say(self.keymap.fill(self.view.why_not(command)))

    def refresh_keys(self) -> None:
        """Draw the key line anew: what is available has changed."""
        table = self.view.alerts_table
        for line in self.view.query(KeyLine):
            line.show(hints(self), table.marked_in_words if table is not None else "")

    def redraw_rows(self) -> None:
        """States of rows have changed; while the app is closing there may be none left."""
        if self._can_draw:
            self.view.redraw_rows()

    def say(self, text: str, *, title: str = "", is_bad: bool = False) -> None:
        """A short message in the corner. Never read as markup: parts of it may come from outside."""
        self.notify(clean(text), title=clean_line(title), severity="error" if is_bad else "information", markup=False)
