"""A run of a runbook, on a screen of its own: the page of the runbook, with its steps as cells."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.types import CSSPathType
from textual.widgets import Static

from oncall_tui.domain.situation import Situation
from oncall_tui.runbook.run.deciding import next_of
from oncall_tui.ui.present.runbook import differing, page
from oncall_tui.ui.present.runbook.document import SECTION
from oncall_tui.ui.present.runbook.keys import enters, help_lines, hints
from oncall_tui.ui.present.runbook.scene import Scene
from oncall_tui.ui.running.flows import Flows
from oncall_tui.ui.running.following import EVERY_S, Following
from oncall_tui.ui.screens.run_page import PageScreen
from oncall_tui.ui.widgets.lines import KeyLine, TooSmall
from oncall_tui.ui.widgets.run_document import RunDocument

if TYPE_CHECKING:
    from oncall_tui.ui.running.drive import Drive

_SOON_S = 0.05
"""So much is put together into one drawing: output comes in many pieces."""


class RunScreen(PageScreen):
    """Draws a run and hands its keys to the flows. The run goes on when it is left."""

    CSS_PATH: ClassVar[CSSPathType | None] = "run.tcss"
    AUTO_FOCUS = "RunDocument"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False),
        Binding("enter", "activate", show=False),
        Binding("space", "expand", show=False),
        Binding("s", "skip", show=False),
        Binding("d", "dry_run", show=False),
        Binding("m", "by_hand", show=False),
        Binding("u", "undo", show=False),
        Binding("v", "values", show=False),
        Binding("p", "pick", show=False),
        Binding("n", "next", show=False),
        Binding("c,ctrl+c", "cancel_running", show=False),
        Binding("o", "override", show=False),
        Binding("w", "claim", show=False),
        Binding("a", "agree", show=False),
        Binding("e", "escalate", show=False),
        Binding("f", "file", show=False),
        Binding("x", "close", show=False),
        Binding("question_mark,f1", "help", show=False),
    ]

    def __init__(self, drive: "Drive") -> None:
        super().__init__()
        self._drive = drive
        self._is_due = False
        self._drawn: Size | None = None
        """The size that was drawn for; none before the first drawing, for which the cursor is put on its step."""

    def compose(self) -> ComposeResult:
        yield Static(id="run-title")
        yield Static(id="run-banners")
        yield RunDocument()
        yield KeyLine()
        yield TooSmall("esc leaves the run, which goes on")

    def on_mount(self) -> None:
        self._flows = Flows(self.app, self._drive)
        self._drive.on_change = self.draw_soon
        self._following = Following(self.app, self._drive)
        self.set_interval(1.0, self._tick)
        self.set_interval(EVERY_S, self._look)
        self.call_after_refresh(self._draw_first)

    def on_unmount(self) -> None:
        self._drive.on_change = lambda: None

    def on_screen_resume(self) -> None:
        if self._drawn is not None:
            self.draw_soon()

    def hear(self, situation: Situation) -> None:
        """The situation behind it is another one; the run is what it was."""

    def on_resize(self) -> None:
        if self._drawn not in (None, self.size):
            self.call_after_refresh(self.draw)

    # Drawing

    def _draw_first(self) -> None:
        run, was_at = self._drive.run, self._drive.cursor
        unknown = page.unknown_of(run)
        # A long page takes its time: it is laid out once where the cursor can stand where it is wanted.
        self.page.cursor = unknown[0] if unknown else was_at or self._next() or ""
        self.draw()
        if self.page.cursor not in self.page.targets:
            self.page.cursor = next(iter(self.page.targets), "")
            self.draw()
        elif unknown or was_at:
            self.page.reveal()
        self._look()

    def draw_soon(self) -> None:
        """Draw once what comes in pieces has come."""
        if not self._is_due and self.is_attached:
            self._is_due = True
            # Output is told from where no timer of Textual can be begun: by way of the screen's own messages.
            self.call_later(self._draw_in_a_moment)

    def _draw_in_a_moment(self) -> None:
        self.set_timer(_SOON_S, self.draw)

    def _tick(self) -> None:
        if self._drive.is_busy:
            self.draw()

    def _look(self) -> None:
        if self._following.is_due:
            # Not here: a journal that hangs must not keep keys from being heard.
            self.run_worker(self._following.look(), group="look", exit_on_error=False, description="look at a run")

    def draw(self) -> None:
        """Draw everything that may have changed."""
        self._is_due, self._drawn = False, self.size
        if not self.is_attached or not self.query("RunDocument"):
            return
        scene = self.scene()
        run, app = self._drive.run, self.app
        width = max(self.size.width - 1, 1)
        title = page.title(
            run, self._drive.alert, self._drive.why, app.environment, app.is_production, app.now(), width
        )
        self.query_one("#run-title", Static).update(title)
        told = page.banners(scene, self._drive.problems)
        banners = self.query_one("#run-banners", Static)
        banners.display = bool(told)
        banners.update(Content("\n").join(told))
        self.page.show(self._drive.document, scene)
        can_pick = self._flows.can_pick(self.page.cursor)
        self.query_one(KeyLine).show(
            hints(scene, app.config.is_read_only, can_pick, self._drive.difference is not None)
        )

    def scene(self) -> Scene:
        """This moment."""
        run, cursor = self._drive.run, self.page.cursor
        found = self._flows.unit(cursor)
        return Scene(
            run,
            run.known(),
            self.app.now(),
            cursor,
            frozenset(self._drive.opened),
            frozenset(self._drive.expanded),
            self._drive.outputs,
            self._drive.waiting,
            run.plan(cursor) if found is not None and found[1] is not None else None,
        )

    @on(RunDocument.CursorMoved)
    def follow_cursor(self) -> None:
        """Say what stands against the step under the cursor."""
        self._drive.cursor = self.page.cursor
        self.draw()

    # Keys

    def _work(self, coroutine: "Coroutine[Any, Any, Any]", what: str) -> None:
        # On the app: what was started goes on when this screen is left.
        self.app.run_worker(coroutine, group="runbook", exit_on_error=False, description=what)

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_activate(self) -> None:
        """``enter``."""
        target = self.page.cursor
        if not self.is_readable or not target:
            return
        if not self.page.is_cursor_shown:
            # Nothing is run that nobody sees: a page opens at its top, and what comes next may be far below.
            self.page.reveal()
        elif target.startswith(SECTION):
            self._open(target.removeprefix(SECTION))
        else:
            self._work(self._flows.activate(target), f"run {target}")

    def _open(self, slug: str) -> None:
        run = self._drive.run
        section = next((one for one in run.runbook.sections if one.slug == slug), None)
        does = enters(self.scene(), section) if section is not None else None
        if does in ("open", "fold"):
            self._drive.opened ^= {slug}
            self.draw()
        elif does is not None and section is not None:
            waiting = self._drive.waiting.get(slug)
            if waiting is None or (waiting.latest is not None and waiting.next_at is None):
                self._work(self._drive.verify_section(section), f"verify {slug}")

    def action_expand(self) -> None:
        """Show all of the command and of its output, or the last lines again."""
        self._drive.expanded ^= {self.page.cursor}
        if self.page.cursor.startswith(SECTION):
            self._drive.opened ^= {self.page.cursor.removeprefix(SECTION)}
        self.draw()

    def _next(self) -> str | None:
        scene, run = self.scene(), self._drive.run
        return next_of(run.runbook, run.record, lambda step: scene.is_folded(run.runbook.section_of(step)))

    def action_next(self) -> None:
        """Go to the step that comes next."""
        targets = self.page.targets
        unknown = page.unknown_of(self._drive.run)
        wanted = unknown[0] if unknown else self._next()
        if wanted is None:
            self.app.say("Nothing comes next: everything is done, or something failed and has to be looked at.")
        elif wanted in targets:
            self.page.move_to(wanted)
        else:
            found = self._flows.unit(wanted)
            if found is not None:
                self.page.move_to(f"{SECTION}{self._drive.run.runbook.section_of(found[0]).slug}")

    def action_cancel_running(self) -> None:
        """End what runs."""
        name = self._drive.cancel(self.page.cursor)
        self.app.say(f"Ending {name} …" if name else "Nothing runs here.")

    def action_skip(self) -> None:
        self._on_unit(self._flows.skip, "skip")

    def action_dry_run(self) -> None:
        self._on_unit(self._flows.dry_run, "rehearse")

    def action_agree(self) -> None:
        self._on_unit(self._flows.agree, "agree to")

    def action_override(self) -> None:
        self._on_unit(self._flows.override, "override")

    def action_by_hand(self) -> None:
        found = self._flows.unit(self.page.cursor)
        if found is not None and found[1] is None:
            self.action_activate()
        else:
            self._on_unit(self._flows.by_hand, "do by hand")

    def action_pick(self) -> None:
        found = self._flows.unit(self.page.cursor)
        if found is not None and self._flows.can_pick(self.page.cursor):
            self._work(self._flows.pick(found[0].id), "pick a row")

    def action_values(self) -> None:
        from oncall_tui.ui.running.values import show_values

        self._work(show_values(self.app, self._drive), "show the values")

    def action_undo(self) -> None:
        self._work(self._flows.undo(), "take back")

    def action_claim(self) -> None:
        self._work(self._flows.claim(), "take the run over")

    def action_escalate(self) -> None:
        self._work(self._flows.escalate(), "escalate")

    def action_file(self) -> None:
        """What has changed in the file."""
        from oncall_tui.ui.screens.dialogs import Notice

        found = self._drive.difference
        if found is None:
            self.app.say("The file is what it was when this run was begun.")
        else:
            self.app.push_screen(Notice("What has changed in the file", differing.shown(found), opened_by=""))

    def action_close(self) -> None:
        self._work(self._flows.close(), "end the run")

    def _on_unit(self, verb: Any, what: str) -> None:
        target = self.page.cursor
        if self.is_readable and self._flows.unit(target) is not None:
            self._work(verb(target), f"{what} {target}")

    def action_help(self) -> None:
        from oncall_tui.ui.screens.dialogs import Notice

        # The frame, its padding and the bar beside it take eight cells of the nine tenths that a dialog is wide.
        told = help_lines(min(self.size.width * 9 // 10, 110) - 8)
        self.app.push_screen(Notice("Keys of a run", told, opened_by="screen.help"))
