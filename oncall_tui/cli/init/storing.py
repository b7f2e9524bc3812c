"""Where typed tokens are kept: the keyring, a private file, or the environment. Never in the configuration."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from oncall_tui.cli.init.desk import Desk
from oncall_tui.cli.init.draft import DraftSource
from oncall_tui.cli.init.questions import Choice, Tone
from oncall_tui.cli.init.writing import write_private
from oncall_tui.config.paths import private_directory
from oncall_tui.config.secrets import Secret

SERVICE = "oncall-tui"
"""Under this name the keyring has our tokens: ``keyring:oncall-tui/NAME``."""


class Place(Enum):
    """Where a token may be kept."""

    KEYRING = "the keyring of this desktop"
    FILE = "a private file of yours (mode 0600)"
    ENVIRONMENT = "an environment variable that you set"


class NotKept(Exception):
    """A place does not take a token; the text says why, without it."""


class Keyring(Protocol):
    """The keyring of the desktop."""

    def absence(self) -> str:
        """Why there is none, empty when there is one."""
        ...

    def get(self, user: str) -> str | None: ...

    def put(self, user: str, token: str) -> None: ...


class DesktopKeyring:
    """The keyring that the library ``keyring`` finds. Every call may ask for the password that unlocks it.

    Keyrings are plug-ins of anybody's, which raise what they like: the errors of D-Bus, for one.
    """

    def absence(self) -> str:
        """Why there is none, empty when there is one."""
        import keyring

        try:
            is_there = keyring.get_keyring().priority > 0
        except Exception:
            is_there = False
        return "" if is_there else "There is no keyring on this machine, as is usual without a desktop."

    def get(self, user: str) -> str | None:
        """The token under a name; None when there is none or it cannot be read."""
        import keyring

        try:
            return keyring.get_password(SERVICE, user)
        except Exception:
            return None

    def put(self, user: str, token: str) -> None:
        """Keep a token and read it back. Raises ``NotKept``."""
        import keyring

        try:
            keyring.set_password(SERVICE, user, token)
        except Exception as error:
            raise NotKept(f"The keyring does not take it: {type(error).__name__}.") from None
        if self.get(user) != token:
            raise NotKept("The keyring took it, but does not give it back.")


@dataclass(frozen=True, slots=True)
class Kept:
    """The sources with their tokens kept, and what whoever sits there must still do."""

    sources: tuple[DraftSource, ...]
    variables: tuple[str, ...] = ()
    """Environment variables to be set before the start."""


def kept(
    desk: Desk, sources: Sequence[DraftSource], folder: Path, keyring: Keyring, *, prefers_environment: bool = False
) -> Kept:
    """Bring every typed token to one place, asked for once; a place that fails is left out and asked for again.

    Args:
        folder: where a private file goes.
        prefers_environment: propose the place that writes nothing.
    """
    sources = [one.kept_at(one.token.reference) if one.token and one.token.reference else one for one in sources]
    typed = [one for one in sources if one.token is not None and not one.token.reference]
    if not typed:
        return Kept(tuple(sources))
    absence = keyring.absence()
    if absence:
        desk.questions.say(absence, Tone.QUIET)
    places = [place for place in Place if place is not Place.KEYRING or not absence]
    while True:
        noun = "the token" if len(typed) == 1 else f"the {len(typed)} tokens"
        choices = [Choice(place.value) for place in places]
        default = places.index(Place.ENVIRONMENT) if prefers_environment else 0
        place = places[desk.questions.one_of(f"Where shall {noun} be kept?", choices, default)]
        try:
            references = _brought(desk, typed, place, folder, keyring)
        except NotKept as problem:
            desk.questions.say(str(problem), Tone.BAD)
            places.remove(place)
            continue
        done = tuple(one.kept_at(references[one.name]) if one.name in references else one for one in sources)
        variables = [ref.removeprefix("env:") for ref in references.values() if ref.startswith("env:")]
        return Kept(done, tuple(dict.fromkeys(variables)))


def _brought(desk: Desk, typed: Sequence[DraftSource], place: Place, folder: Path, keyring: Keyring) -> dict[str, str]:
    """The reference of each token by the name of its source. Everything is asked before anything is kept."""
    tokens = {one.name: one.token for one in typed if one.token is not None}
    if place is Place.ENVIRONMENT:
        return {name: f"env:{token.variable}" for name, token in tokens.items()}
    secrets = {name: token.secret or Secret("") for name, token in tokens.items()}
    if place is Place.KEYRING:
        users = {name: _free_name(desk, name, secret, keyring) for name, secret in secrets.items()}
        for name, user in users.items():
            keyring.put(user, secrets[name].reveal())
        return {name: f"keyring:{SERVICE}/{user}" for name, user in users.items()}
    paths = {name: _free_file(desk, name, folder) for name in secrets}
    for name, path in paths.items():
        _write(path, secrets[name])
    return {name: f"file:{path}" for name, path in paths.items()}


def _free_name(desk: Desk, name: str, secret: Secret, keyring: Keyring) -> str:
    """A name under which no other token is kept, unless that one may be replaced."""
    there = keyring.get(name)
    if there is None or Secret(there) == secret:
        return name
    if desk.questions.yes(f"The keyring has another token as {SERVICE}/{name}. Replace it?", True):
        return name
    return next(one for number in range(2, 1_000) if keyring.get(one := f"{name}-{number}") is None)


def _free_file(desk: Desk, name: str, folder: Path) -> Path:
    """A file that is not there yet, or may be replaced."""
    path = folder / f"{name}.token"
    if not path.exists() or desk.questions.yes(f"{path} is there already. Replace it?", True):
        return path
    return next(one for number in range(2, 1_000) if not (one := folder / f"{name}-{number}.token").exists())


def _write(path: Path, secret: Secret) -> None:
    try:
        private_directory(path.parent)
        write_private(path, f"{secret.reveal()}\n".encode())
    except OSError as error:
        raise NotKept(f"{path} cannot be written: {error.strerror}.") from None


def export_lines(variables: Sequence[str]) -> list[str]:
    """What to type in the shell: the token is read unseen and stays out of the history."""
    return [f"read -rs {name} && export {name}" for name in variables]
