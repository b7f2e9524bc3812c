"""Going through the page of a run: from step to step by keys, by clicks, to its ends."""

from textual import events
from textual.screen import ModalScreen

from oncall_tui.ui.screens.fitting import Fitting
from oncall_tui.ui.widgets.run_document import RunDocument


class PageScreen(ModalScreen[None], Fitting[None]):
    """A screen over the page of a runbook. Moving starts nothing."""

    @property
    def page(self) -> RunDocument:
        """The page of the runbook."""
        return self.query_one(RunDocument)

    def on_key(self, event: events.Key) -> None:
        """The keys that move in lists go from step to step; pages scroll."""
        down, up = (lambda: self.page.move(1)), (lambda: self.page.move(-1))
        moves = {"list.down": down, "list.up": up, "list.first": self._to_first, "list.last": self._to_last}
        arrows = {"down": down, "up": up, "home": self._to_first, "end": self._to_last}
        move = arrows.get(event.key) or moves.get(self.app.keymap.commands.get(event.key, ""))
        if move is not None and event.key not in self._bindings.key_to_bindings:
            event.stop()
            event.prevent_default()
            move()

    def _to_first(self) -> None:
        self.page.scroll_home(animate=False)
        if self.page.targets:
            self.page.move_to(self.page.targets[0])

    def _to_last(self) -> None:
        if self.page.targets:
            self.page.move_to(self.page.targets[-1])
        self.page.scroll_end(animate=False)

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there; nothing is run by it."""
        if isinstance(event.widget, RunDocument):
            target = self.page.target_at(event.y - event.widget.region.y if event.widget is not self.page else event.y)
            if target:
                self.page.move_to(target)
