"""Secrets: held masked, named by reference, fetched where they are kept.

A configuration holds a *reference*: ``env:NAME``, ``keyring:SERVICE/USER``, ``file:PATH`` or ``command:ARGV``. What it
refers to is read by ``resolve``, which blocks (a keyring may ask for a password, a command may take seconds): call it
off the event loop. No message here ever holds a secret or the output of a command.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NoReturn

from oncall_tui.config.secret_stores import (
    COMMAND_TIMEOUT,
    SecretError,
    read_command,
    read_file,
    read_keyring,
    run_command,
)

if TYPE_CHECKING:
    from subprocess import CompletedProcess

__all__ = ["COMMAND_TIMEOUT", "Secret", "SecretError", "is_reference", "reference_problem", "resolve", "shown"]

FORMS = "env:NAME, keyring:SERVICE/USER, file:PATH or command:ARGV"
_REFERENCE = re.compile(r"(env|keyring|file|command):(.+)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Secret:
    """A secret that prints as stars. ``reveal()`` is the only way to it; equal secrets compare equal."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself: to be handed to a vendor, and to nobody else."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('********')"

    def __str__(self) -> str:
        return "********"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        # Loads OpenSSL: 4 ms that no start needs.
        from hmac import compare_digest

        return compare_digest(self._value.encode(errors="replace"), other._value.encode(errors="replace"))

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: object) -> "Secret":
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never written out")


def is_reference(text: str) -> bool:
    """Whether ``text`` names a place where a secret is kept; anything else is taken for a literal secret."""
    return _REFERENCE.fullmatch(text) is not None


def reference_problem(text: str) -> str:
    """What is wrong with the form of a reference, empty when it can be resolved. Nothing is read."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return "is not a reference"
    scheme, rest = match.groups()
    if scheme == "env" and not _NAME.fullmatch(rest):
        return "does not name an environment variable"
    if scheme == "keyring" and not all(rest.rpartition("/")):
        return "does not name a service and a user"
    if scheme == "command":
        try:
            return "" if _words(rest) else "names no command"
        except ValueError as error:
            return f"cannot be split into words: {error}"
    return ""


def shown(reference: str) -> str:
    """A reference as it may stand in a message: of a command only the program, whose arguments may tell too much."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return "a literal secret"
    scheme, rest = match.groups()
    if scheme == "command" and not reference_problem(reference):
        return f"command:{_words(rest)[0]}"
    return reference if scheme != "command" else "command:"


def resolve(
    reference: str,
    *,
    environ: Mapping[str, str],
    withheld: Collection[str] = (),
    run: Callable[[Sequence[str], Mapping[str, str]], "CompletedProcess[bytes]"] = run_command,
    keyring: Callable[[str, str], str | None] = read_keyring,
) -> Secret:
    """The secret that ``reference`` names. Blocks; a command may take ten seconds.

    Args:
        environ: where ``env:`` looks, and the environment of a ``command:``.
        withheld: variables that a ``command:`` does not get: they hold other secrets.
        run: runs a command and gives its outcome, bytes on both outputs.
        keyring: password of a service and a user, None when the keyring has none.

    Raises:
        SecretError: when there is nothing there, it may not be read, or it is not one line of text.
    """
    problem = reference_problem(reference)
    if problem:
        raise SecretError(f"{shown(reference)} {problem}. Write {FORMS}.")
    scheme, _, rest = reference.partition(":")
    value: str
    if scheme == "env":
        value = _from_environment(rest, environ)
    elif scheme == "keyring":
        value = read_keyring_entry(rest, keyring)
    elif scheme == "file":
        value = read_file(rest)
    else:
        open_to_all = {name: one for name, one in environ.items() if name not in withheld}
        value = read_command(_words(rest), open_to_all, run)
    value = value.rstrip("\r\n")
    if not value.strip():
        raise SecretError(f"{shown(reference)} gave nothing but blanks. Put the token there.")
    if _CONTROL.search(value):
        raise SecretError(f"{shown(reference)} gave more than one line of text. Leave only the token there.")
    return Secret(value)


def read_keyring_entry(rest: str, keyring: Callable[[str, str], str | None]) -> str:
    """The password of ``SERVICE/USER``; the last slash divides, since a service may be an address."""
    service, _, user = rest.rpartition("/")
    value = keyring(service, user)
    if value is None:
        raise SecretError(
            f"keyring:{rest}: the keyring has no such entry. Store it with `keyring set {service} {user}`."
        )
    return value


def _words(command: str) -> list[str]:
    import shlex

    return shlex.split(command)


def _from_environment(name: str, environ: Mapping[str, str]) -> str:
    value = environ.get(name)
    if value is None:
        raise SecretError(
            f"env:{name}: the environment variable {name} is not set in this shell. Set it before starting oncall-tui, "
            "or name another place: keyring:SERVICE/USER, file:PATH or command:ARGV."
        )
    return value
