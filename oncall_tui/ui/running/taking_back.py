"""Taking back what was changed: by its step, by hand, or not at all."""

from textual.content import Content

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.run.undoing import Change
from oncall_tui.ui.running.decisions import READ_ONLY, Decisions
from oncall_tui.ui.screens.asking import Ask, Choose


class TakingBack(Decisions):
    """What was changed, the newest first."""

    async def undo(self) -> None:
        """List what was changed, the newest first, and take one back."""
        changes = self._drive.run.changes()
        if not changes:
            self._app.say("Nothing was changed in this run yet.")
            return
        from oncall_tui.ui.present.runbook.lists import change_choices

        choices = change_choices(self._drive.run.runbook, changes, self._app.now())
        told = Content("What was changed, the newest first.")
        chosen = await self._app.push_screen_wait(Choose("Take back", told, "take it back", choices))
        if chosen is not None and self._may_decide():
            await self._take_back(changes[chosen])

    async def _take_back(self, change: Change) -> None:
        run = self._drive.run
        if change.undone_by:
            self._app.say(f"It was taken back already, by {change.undone_by}.")
        elif change.step:
            plan = await self._guarded(lambda: run.plan_undo(change))
            if plan is None:
                return
            if plan.blocked:
                self._app.say(f"Not started: {clean_line('; '.join(plan.blocked), 500)}.")
            elif self._app.config.is_read_only:
                self._app.say(READ_ONLY)
            else:
                await self._confirmed(plan, lambda: run.plan_undo(change))
        elif change.manual:
            told = Content(clean_line(change.manual))
            how = await self._app.push_screen_wait(
                Ask("Taken back by hand?", told, "it is", placeholder="what you did")
            )
            if how is not None:
                await self._decide(run.undone(change.unit, how))
        else:
            self._app.say(f"It cannot be taken back: {change.none or 'nobody says how'}.")
