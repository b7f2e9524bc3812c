"""The keys that are nobody's to change: they end the screen, leave it for the shell, and draw it anew."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from oncall_tui.ui import to_terminal
from oncall_tui.ui.to_shell import NO_SHELL, has_shell

if TYPE_CHECKING:
    from oncall_tui.ui.keymap import Keymap

_CLEAR = "\x1b[2J"


class FixedKeys(App[None]):
    """An app with ctrl+q, ctrl+c, ctrl+z and ctrl+l."""

    # They change nothing outside, so that they may be pressed over a question too.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "suspend_process", show=False, priority=True),
        Binding("ctrl+l", "redraw", show=False, priority=True),
    ]
    # Textual's own key for the palette fires even over a question; ours is a command like any other.
    ENABLE_COMMAND_PALETTE = False

    keymap: "Keymap"

    def action_command(self, command_id: str) -> None:
        """Run a command of the registry."""
        raise NotImplementedError

    def say(self, text: str, *, title: str = "", is_bad: bool = False) -> None:
        """A short message in the corner."""
        raise NotImplementedError

    def action_suspend_process(self) -> None:
        """ctrl+z."""
        if has_shell():
            super().action_suspend_process()
        else:
            self.say(NO_SHELL)

    def action_redraw(self) -> None:
        """ctrl+l: another program has written over the screen, or a line has lost something on its way."""
        to_terminal.send(self, _CLEAR)
        self.refresh(layout=True)

    async def action_quit(self) -> None:
        """ctrl+q: as the command, which says what is left unanswered."""
        self.action_command("screen.quit")

    def action_help_quit(self) -> None:
        """ctrl+c, unless it copies a selection: pressed by habit, often to copy. It must not end the screen."""
        self.say(self.keymap.fill("ctrl+c does not end the screen: {screen.quit} does, and ctrl+q from anywhere."))
