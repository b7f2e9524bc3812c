"""A command: one verb, from which its key, footer, help and palette entry all follow.

What is not a ``Command`` in the registry can be neither pressed nor listed, so help never names a dead key.
"""

from abc import ABC, abstractmethod
from collections.abc import Coroutine
from enum import StrEnum
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp


class Group(StrEnum):
    """Under which heading help lists a command."""

    ALERTS = "Alerts"
    LISTS = "Lists"
    VIEWS = "Views"
    SCREEN = "Screen"


class Command(ABC):
    """One verb. The docstring is its help: the first line says what it does, in words for the engineer."""

    id: ClassVar[str]
    """The name for key maps: ``alert.acknowledge``."""
    key: ClassVar[str]
    """The default keys by Textual's names, separated by commas, or none; ``ui.keymap`` knows those that are bound."""
    label: ClassVar[str]
    """One or two words for the footer."""
    palette: ClassVar[str]
    """``noun: verb`` for the command palette."""
    group: ClassVar[Group]
    rank: ClassVar[int | None] = None
    """The place in the footer, the smallest first; None keeps it out of the footer."""
    missing: ClassVar[str] = ""
    """Why it is of no use while it is not available, with the keys of other commands as ``{command.id}``."""
    is_quiet: ClassVar[bool] = False
    """Whether its key, pressed while it is of no use, needs no word: help has it all the same."""
    works_unseen: ClassVar[bool] = False
    """Whether it works while the terminal is too small for the view: nothing is acted on that cannot be seen."""
    mutates: ClassVar[bool] = False
    """Whether it changes anything outside this screen."""
    is_in_help: ClassVar[bool] = True
    """Whether the help lists it; one of many alike is found in the palette."""
    asks_first: ClassVar[bool] = False
    """Whether its key only opens a form: pressed by habit it changes nothing yet."""
    opens: ClassVar[bool] = False
    """Whether it opens something that takes keys, as ``asks_first`` does: what is typed after its key goes there, and
    nowhere when it does not open."""

    @classmethod
    def help(cls) -> str:
        """What it does, from the docstring."""
        return cleandoc(cls.__doc__ or cls.label)

    @classmethod
    def summary(cls) -> str:
        """The first line of the help."""
        return cls.help().splitlines()[0]

    def hint(self, app: "OncallApp") -> str:
        """What the key line says that it does: the label, or more where something is to be known before."""
        return self.label

    def is_available(self, app: "OncallApp") -> bool:
        """Whether it can be used now, on the view and the row that have the focus."""
        return True

    @abstractmethod
    def run(self, app: "OncallApp") -> Coroutine[Any, Any, None] | None:
        """Do it, and return what is left to be awaited.

        What moves the cursor or sets a mark is done at once: keys that are typed fast must find it done.
        """
