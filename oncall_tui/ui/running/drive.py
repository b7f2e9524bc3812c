"""One run as this screen drives it: what it printed, what is being verified, and who draws it. Outlives its screen."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.execution import Chunk, Ending
from oncall_tui.runbook.model import Runbook, Section, Step
from oncall_tui.runbook.run.differing import Difference
from oncall_tui.runbook.run.live import Ended, Verifying
from oncall_tui.runbook.run.pages import NotDriving
from oncall_tui.runbook.run.plan import Confirmation, Plan
from oncall_tui.runbook.run.run import NotStarted, Run
from oncall_tui.runbook.run.states import State
from oncall_tui.runbook.values.resolve import Value
from oncall_tui.ui.present.runbook import differing
from oncall_tui.ui.present.runbook.document import Document
from oncall_tui.ui.present.runbook.scene import Output, Waiting

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


class Drive:
    """A run, and what is known of it only here."""

    def __init__(self, app: "OncallApp", alert: str = "", why: str = "") -> None:
        """``alert`` is the alert in words, ``why`` how the runbook was found."""
        self._app = app
        self.alert = alert
        self.why = why
        self.values: Mapping[str, Value] = {}
        self.outputs: dict[str, Output] = {}
        self.waiting: dict[str, Waiting] = {}
        self.opened: set[str] = set()
        self.expanded: set[str] = set()
        self.cursor = ""
        self.is_replaced = False
        """Whether the text that the run was begun with is lost, so that it goes on with the file as it is now."""
        self.difference: Difference | None = None
        """How the file differs from what is run, as far as it was looked at."""
        self.unheard = ""
        """Why what others write is not seen; empty when it is."""
        self.on_change: Callable[[], None] = lambda: None
        self._run: Run | None = None
        self._document: Document | None = None

    async def lay_out(self, runbook: Runbook) -> None:
        """Make the page of what is about to be driven, while the journal writes that it begins."""
        self._document = Document(runbook)

    def take(self, run: Run, values: Mapping[str, Value] | None = None) -> None:
        """Drive ``run``."""
        self._run = run
        self._document = self._document or Document(run.runbook)
        self.values = values or {}

    @property
    def run(self) -> Run:
        """The run."""
        assert self._run is not None
        return self._run

    @property
    def document(self) -> Document:
        """Its page."""
        assert self._document is not None
        return self._document

    def changed(self) -> None:
        """Something about the run is another thing than it was."""
        if self._run is not None:
            self.on_change()

    @property
    def problems(self) -> list[str]:
        """What is to know of its file and of the journal, in words."""
        lost = "The text that this run was begun with is lost: this is the file as it is now."
        unheard = f"What others do in this run is not seen: {self.unheard}"
        changed = differing.told(self.difference) if self.difference is not None else ""
        return [
            *([unheard] if self.unheard else []),
            *([lost] if self.is_replaced else []),
            *([changed] if changed else []),
        ]

    @property
    def is_busy(self) -> bool:
        """Whether something runs or is verified."""
        return bool(self.run.running) or any(one.next_at is not None for one in self.waiting.values())

    @property
    def running_names(self) -> list[str]:
        """What runs, or is verified."""
        return [*self.run.running, *(name for name, one in self.waiting.items() if one.next_at is not None)]

    # What is started

    async def look(self) -> None:
        """Ask the checks of a native file; nothing else ever starts by itself."""
        if self.run.record.closed:
            return
        self._app.typed_ahead.nothing_more()
        try:
            await self.run.checks()
        except JournalError as error:
            self._say(f"{error} {error.hint}")

    async def ask(self, step: Step) -> None:
        """Ask one check."""
        self._app.typed_ahead.nothing_more()
        try:
            await self.run.check(step)
        except JournalError as error:
            self._say(f"{error} {error.hint}")
        self.changed()

    async def start(self, plan: Plan, confirmation: Confirmation) -> None:
        """Start what was confirmed, follow it to its end, and verify it."""
        self._app.typed_ahead.nothing_more()
        output = self.outputs[plan.unit] = Output()
        self.waiting.pop(plan.unit, None)

        def hear(chunk: Chunk) -> None:
            output.hear(chunk)
            self.changed()

        try:
            if plan.needs_terminal:
                from oncall_tui.ui.running.at_terminal import at_terminal

                ended = await at_terminal(self._app, self, plan, confirmation)
            else:
                ended = await (await self.run.start(plan, confirmation, hear)).ended()
        except NotStarted as error:
            self._say(f"Nothing was started: {error}.")
        except NotDriving as error:
            self._say(str(error))
        except JournalError as error:
            self._say(f"Nothing was started: {error} {error.hint}")
        else:
            await self._follow(plan, ended)
        self.changed()

    async def _follow(self, plan: Plan, ended: Ended) -> None:
        self.changed()
        self._tell(plan, ended)
        if not plan.is_dry and self.run.record.unit(plan.unit).state is State.UNVERIFIED:
            await self.verify(plan.unit)

    def _tell(self, plan: Plan, ended: Ended) -> None:
        name, state = plan.unit, ended.judged.state
        if ended.unwritten:
            self._say(f"{name} has ended, and the journal does not hold it yet: {ended.unwritten}")
        if ended.executed.still_running:
            self._say(f"{name} left running: {', '.join(ended.executed.still_running)}.")
        if state.is_trouble:
            advice = "" if plan.is_dry else " u lists what can be taken back." if self.run.changes() else ""
            effects = " Its effects are unknown." if ended.executed.ending is Ending.CANCELLED else ""
            self._say(f"{name} {state.value.replace('_', ' ')}: {ended.judged.reason}.{effects}{advice}")

    async def verify(self, unit: str) -> None:
        """Ask until the change of a unit shows."""
        step = next((one for one in self.run.runbook.steps if unit in (two.id for two in one.commands)), None)
        wanted = step.options.verify if step is not None else None
        if wanted is None:
            return
        waiting = self.waiting[unit] = Waiting(wanted.expect)
        try:
            ended = await self.run.verify(unit, self._progress(waiting, wanted.every))
        except JournalError as error:
            self._say(f"{error} {error.hint}")
            ended = None
        waiting.next_at = None
        if ended is not None and ended.answer is not True:
            self._say(f"{unit} is done, but {wanted.expect} did not come true. u lists what can be taken back.")
        # What was measured before the change would be read as how things are now.
        await self.look()
        self.changed()

    async def verify_section(self, section: Section) -> None:
        """Ask until what a section promises is so."""
        if section.verify is None:
            return
        self._app.typed_ahead.nothing_more()
        waiting = self.waiting[section.slug] = Waiting(section.verify.expect)
        try:
            await self.run.verify_section(section, self._progress(waiting, section.verify.every))
        except JournalError as error:
            self._say(f"{error} {error.hint}")
        waiting.next_at = None
        self.changed()

    def _progress(self, waiting: Waiting, every: timedelta) -> Callable[[Verifying], None]:
        def progress(state: Verifying) -> None:
            waiting.latest = state
            if state.value is not None:
                waiting.values.append(state.value)
                del waiting.values[:-200]
            is_over = state.answer is True or state.elapsed_s >= state.within_s
            waiting.next_at = None if is_over else self._app.now() + every
            self.changed()

        return progress

    def cancel(self, unit: str) -> str:
        """End what runs under the cursor, else the only thing that runs; its name, empty when nothing does."""
        running = self.run.running
        name = unit if unit in running else next(iter(running), "") if len(running) == 1 else ""
        if name:
            running[name].cancel()
            return name
        if any(one.next_at is not None for one in self.waiting.values()):
            self.run.give_up_waiting()
            return "the verification"
        return ""

    def _say(self, text: str) -> None:
        self._app.say(text, title=self.run.runbook.title, is_bad=True)
