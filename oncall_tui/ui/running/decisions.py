"""What the verbs of a run share: asking for a reason, writing a decision, confirming a plan and starting it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content

from oncall_tui.domain.text import clean_line
from oncall_tui.journal.errors import JournalError
from oncall_tui.runbook.model import Command, Step
from oncall_tui.runbook.run.approving import Agreed, Lacking
from oncall_tui.runbook.run.deciding import Refused
from oncall_tui.runbook.run.pages import NotDriving
from oncall_tui.runbook.run.plan import Confirmation, Floor, Plan
from oncall_tui.runbook.run.run import NotStarted
from oncall_tui.ui.present.runbook import question
from oncall_tui.ui.screens.asking import Ask
from oncall_tui.ui.screens.confirm_step import ConfirmStep
from oncall_tui.ui.screens.dialogs import Question

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp
    from oncall_tui.ui.running.drive import Drive

READ_ONLY = "This screen is read-only: it asks and reads, and starts nothing that changes something."


class Decisions:
    """Decisions about one run."""

    def __init__(self, app: "OncallApp", drive: "Drive") -> None:
        self._app = app
        self._drive = drive

    def unit(self, unit_id: str) -> tuple[Step, Command | None] | None:
        """The step that a place of the cursor belongs to."""
        for step in self._drive.run.runbook.steps:
            for command in step.commands:
                if command.id == unit_id:
                    return step, command
            if not step.commands and step.id == unit_id:
                return step, None
        return None

    def _may_decide(self) -> bool:
        run = self._drive.run
        if run.record.closed:
            self._app.say("This run is over: nothing more is started in it.")
        elif run.pages.is_read_only:
            self._app.say("Somebody else drives this run: w takes it over.")
        else:
            return True
        return False

    async def _reason(self, title: str, placeholder: str, told: str = "") -> str | None:
        body = (
            Content.styled(clean_line(told, 400), "$warning") if told else Content("The reason stands in the journal.")
        )
        return await self._app.push_screen_wait(Ask(title, body, "write it down", placeholder=placeholder))

    async def _confirmed(self, plan: Plan, anew: Callable[[], Plan]) -> None:
        """Ask as its danger demands, and start what was seen; what has changed meanwhile is shown again."""
        note = ""
        while plan.floor is not Floor.KEY:
            approval = await self._approval(plan)
            if approval is None:
                return
            plan = await self._drive.run.sealed(plan)
            confirmation = await self._app.push_screen_wait(self._question(plan, note))
            if confirmation is None:
                return
            now = await self._guarded(anew)
            if now is None:
                return
            if now.blocked:
                self._app.say(f"Not started: {clean_line('; '.join(now.blocked), 500)}.")
                return
            if now.digest == confirmation.digest:
                given = Confirmation(confirmation.mode, confirmation.digest, confirmation.typed, approval)
                await self._drive.start(replace(now, scripts=plan.scripts), given)
                return
            plan, note = now, "Something has changed since you saw it: this is what would run now."
        await self._drive.start(plan, Confirmation(plan.floor, plan.digest))

    async def _guarded(self, anew: Callable[[], Plan]) -> Plan | None:
        """The plan, with the guards of the runbook asked where it would run; None when they cannot be asked."""
        plan = anew()
        if plan.of_guards and not await self._decide(self._drive.run.ask_guards(plan)):
            return None
        return anew()

    async def _approval(self, plan: Plan) -> str | None:
        """Who agreed, as the operator states it; empty where nobody has to, or somebody did in a session of theirs."""
        run = self._drive.run
        if not plan.role or not await self._decide(run.pages.reload()):
            return None if plan.role else ""
        if isinstance(run.agreed(plan), Agreed):
            return ""
        if run.desk.approvals.is_shared:
            who = run.desk.approvals.holders(plan.role)
            way = "They open this run where they are, and press a on this step."
            self._app.say(clean_line(f"Somebody has to agree first: {who}. {way}", 500))
            return None
        told = Content.assemble(
            ("Somebody who is ", ""),
            (clean_line(plan.role, 60), "bold $bright"),
            (" has to agree first. Who did?\n", ""),
            ("This program cannot check it: the journal says “stated by the operator”.", "$dim"),
        )

        def objection(text: str) -> str:
            found = run.agreed(plan, text)
            return clean_line(found.reason) if isinstance(found, Lacking) else ""

        ask = Ask("Who agreed?", told, "go on", placeholder="name", objection=objection)
        return await self._app.push_screen_wait(ask)

    async def agree(self, unit_id: str) -> None:
        """Agree to a step that somebody else is about to run."""
        run = self._drive.run
        if not await self._decide(run.pages.reload()):
            return
        plan = run.plan(unit_id)
        if not plan.role:
            self._app.say("Nobody has to agree to this step.")
        elif not run.pages.is_read_only:
            self._app.say(f"One's own word does not count: {clean_line(run.desk.approvals.holders(plan.role))}.")
        else:
            told = Content.assemble(
                question.heading(run.runbook, plan), "\n\n", question.command(plan), "\n\n", self._rest(plan)
            )
            asked = f"Agree, as {clean_line(plan.role, 60)}?"
            if await self._app.push_screen_wait(Question(asked, told, "agree")):
                await self._decide(run.approve(plan))

    def _question(self, plan: Plan, note: str) -> ConfirmStep:
        runbook = self._drive.run.runbook
        return ConfirmStep(plan, question.heading(runbook, plan), question.command(plan), self._rest(plan), note)

    def _rest(self, plan: Plan) -> Content:
        app = self._app
        return question.rest(plan, app.environment, app.is_production, self._drive.run.record.guards, app.now())

    async def _decide(self, work: Awaitable[object]) -> bool:
        """Whether a decision was written; what hinders it is said."""
        try:
            await work
        except (Refused, NotDriving, NotStarted) as error:
            self._app.say(f"{error}."[:1].upper() + f"{error}."[1:])
        except JournalError as error:
            self._app.say(f"{error} {error.hint}", is_bad=True)
        else:
            self._drive.changed()
            return True
        self._drive.changed()
        return False
