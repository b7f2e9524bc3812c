"""What every part of the wizard works with: who answers, what was given, how vendors and secrets are reached."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import click
from msgspec import structs

from oncall_tui.cli.init.addresses import host_of
from oncall_tui.cli.init.draft import Token
from oncall_tui.cli.init.given import Given
from oncall_tui.cli.init.looking import PLACE, Looking, Seen
from oncall_tui.cli.init.questions import Choice, Questions, Tone
from oncall_tui.config.model import AnySource
from oncall_tui.config.secrets import Secret, SecretError, is_reference, reference_problem
from oncall_tui.sources.base import CheckState
from oncall_tui.sources.errors import SourceError


class Way(Enum):
    """How to go on after a failure."""

    AGAIN = "try again"
    SKIP = "skip it"
    KEEP = "keep it anyway"


@dataclass(frozen=True, slots=True)
class Desk:
    """One run of the wizard."""

    given: Given
    questions: Questions
    looking: Looking
    environ: Mapping[str, str]
    resolve: Callable[[str], Secret]
    """The secret behind a reference; raises ``SecretError``."""

    def around(self, name: str, settings: AnySource, token: Token | None) -> Seen:
        """What there is at a vendor; nothing where nothing may be asked."""
        if not self.given.is_checked:
            return Seen()
        self.questions.waiting(f"asking {host_of(settings.url)}")
        return self.looking.around(name, with_token(settings, token), token.secret if token else None)

    def closely(self, name: str, settings: AnySource, token: Token | None) -> Seen:
        """Whether the settings work, with the warnings said."""
        if not self.given.is_checked:
            return Seen()
        self.questions.waiting(f"asking {host_of(settings.url)}")
        seen = self.looking.closely(name, with_token(settings, token), token.secret if token else None)
        for finding in seen.findings:
            if finding.state is CheckState.WARNING:
                self.questions.say(f"{finding.what} {finding.advice}", Tone.WARNING)
        return seen

    def after(self, error: SourceError, what: str, *, may_keep: bool = True) -> Way:
        """Say why it failed and ask how to go on.

        Raises:
            SourceError: when there is nobody to ask.
        """
        if not self.questions.is_asking:
            raise error
        self.questions.say(f"{error} {_while_asked(error.hint)}", Tone.BAD)
        if "ca_file" in error.hint and self.given.ca_file is None:
            self.questions.say("`oncall-tui config init --ca-file FILE` trusts a private authority.", Tone.QUIET)
        ways = [Way.AGAIN, Way.SKIP, *([Way.KEEP] if may_keep else [])]
        place = self.questions.one_of(f"What now with {what}?", [Choice(way.value) for way in ways], 0)
        return ways[place]

    def referred(self, reference: str, variable: str, option: str) -> Token:
        """The token behind a reference that an option gave.

        Raises:
            click.UsageError: it is a literal, or no usable reference.
            SecretError: there is nothing behind it.
        """
        if not is_reference(reference) or reference_problem(reference):
            raise click.UsageError(
                f"{option} takes a reference, never the token itself, which others could read in the list of "
                "processes: env:NAME, keyring:SERVICE/USER, file:PATH or command:ARGV."
            )
        return Token(variable, reference, self.resolve(reference) if self.given.is_checked else None)


_KEYS_OF_FILE = re.compile(r"`([a-z_]+)` of this source")
_ASKED_HERE = {"url": "the address", "token": "the token or the password"}


def _while_asked(hint: str) -> str:
    """The advice of a source, which names keys of a file, in the words of somebody who has no file yet."""
    return _KEYS_OF_FILE.sub(lambda found: _ASKED_HERE.get(found[1], f"`{found[1]}` in the file"), hint)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Somebody typed an address where a token was asked for: the vendor is to be asked there."""

    typed: str


def with_token(settings: AnySource, token: Token | None) -> AnySource:
    """The settings as a source is built from them: any reference will do, the token comes beside it."""
    changed: Any = structs.replace(settings, token=None if token is None else token.reference or PLACE)
    source: AnySource = changed
    return source


def entered(desk: Desk, question: str, variables: tuple[str, ...]) -> Token | Elsewhere | None:
    """A token from whoever sits there: out of the environment, typed unseen, or by reference. None for Enter."""
    for variable in variables:
        if _holds_token(desk, variable) and desk.questions.yes(f"{variable} is set here. Use its token?", True):
            return Token(variable, f"env:{variable}", desk.resolve(f"env:{variable}"))
    while True:
        typed = desk.questions.hidden(question)
        if not typed:
            return None
        if typed.startswith(("http://", "https://")):
            return Elsewhere(typed)
        if not is_reference(typed):
            return Token(variables[0], secret=Secret(typed))
        try:
            return Token(variables[0], typed, desk.resolve(typed))
        except SecretError as error:
            desk.questions.say(str(error), Tone.BAD)


def _holds_token(desk: Desk, variable: str) -> bool:
    """Whether an environment variable has something that could be one."""
    try:
        return bool(desk.resolve(f"env:{variable}").reveal())
    except SecretError:
        return False
