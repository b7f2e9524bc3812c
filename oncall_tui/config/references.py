"""The secrets that a configuration asks for: which key names which, read for one source at a time.

Each reference is read once, however many keys hold it. What cannot be had is told under the keys that ask for it.
"""

import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from oncall_tui.config.model import Config, SourceSettings
from oncall_tui.config.secrets import Secret, SecretError, is_reference, resolve

_QUIET = ("env:", "file:")
"""Places that can be looked at again and again. The others may ask somebody for a password each time."""


class SecretsError(SecretError):
    """Some secrets cannot be had. ``problems`` holds each with its keys, the text one line for each."""

    def __init__(self, problems: tuple[str, ...], hint: str = "") -> None:
        self.problems = tuple(str(SecretError(one)) for one in problems)
        self.hint = hint
        """When they are looked for again; empty when only a new start can help."""
        super().__init__("")
        self.args = ("\n".join(self.problems),)


class Read(Protocol):
    """Reads what a reference names, as ``secrets.resolve`` does. Blocks; raises ``SecretError``."""

    def __call__(self, reference: str, /, *, environ: Mapping[str, str], withheld: Collection[str]) -> Secret: ...


def references_of(config: Config) -> Mapping[str, tuple[str, ...]]:
    """Every reference with the keys that hold it: ``{"env:PD_TOKEN": ("sources.pagerduty.token",)}``."""
    found: dict[str, tuple[str, ...]] = {}
    for name, source in config.sources.items():
        for reference, keys in _held_by(name, source).items():
            found[reference] = (*found.get(reference, ()), *keys)
    return found


def _held_by(name: str, source: SourceSettings) -> Mapping[str, tuple[str, ...]]:
    """The references of one source with their keys."""
    found: dict[str, tuple[str, ...]] = {}
    held = {"token": source.token or "", **{f"headers.{one}": value for one, value in source.headers.items()}}
    for key, value in held.items():
        if is_reference(value):
            found[value] = (*found.get(value, ()), f"sources.{name}.{key}")
    return found


def variables_of(config: Config) -> frozenset[str]:
    """The environment variables that hold secrets, by name."""
    held = {*references_of(config), *_of_runbooks(config)}
    return frozenset(one.removeprefix("env:") for one in held if one.startswith("env:"))


def _of_runbooks(config: Config) -> Iterator[str]:
    """The references that steps are given: passwords of databases, and values that are secret."""
    yield from (one.password for one in config.runbooks.databases.values() if one.password is not None)
    tables: list[Mapping[str, object]] = [config.runbooks.values]
    while tables:
        for value in tables.pop().values():
            if isinstance(value, Mapping):
                tables.append(value)
            elif isinstance(value, str) and is_reference(value):
                yield value


@dataclass
class _Known:
    """What reading one reference gave. One thread reads, the others wait for it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    secret: Secret | None = None
    error: SecretError | None = None


class Secrets:
    """The secrets of a configuration, from several threads. Commands do not see the variables of other secrets.

    What cannot be had is looked for again each time it is asked for, where nobody notices: in the environment and in
    files. A keyring and a command may ask somebody for a password, so they are tried again only after ``renew``.
    """

    def __init__(self, config: Config, environ: Mapping[str, str], read: Read = resolve) -> None:
        self._config = config
        self._environ = environ
        self._read = read
        self._withheld = variables_of(config)
        self._known = {reference: _Known() for reference in references_of(config)}

    def of(self, source: str) -> Mapping[str, Secret]:
        """The secret behind every reference of a source. Blocks.

        Raises:
            SecretsError: with every one of them that cannot be had.
        """
        secrets: dict[str, Secret] = {}
        problems: dict[str, str] = {}
        for reference, keys in _held_by(source, self._config.sources[source]).items():
            try:
                secrets[reference] = self._secret(reference)
            except SecretError as error:
                problems[reference] = f"{' and '.join(keys)}: {error}"
        if problems:
            raise SecretsError(tuple(problems.values()), _when_again(problems))
        return secrets

    def renew(self, source: str) -> None:
        """Let what a source lacks be looked for again, wherever it is kept."""
        for reference in _held_by(source, self._config.sources[source]):
            self._known[reference].error = None

    def _secret(self, reference: str) -> Secret:
        known = self._known[reference]
        with known.lock:
            if known.secret is not None:
                return known.secret
            if known.error is not None and not reference.startswith(_QUIET):
                raise SecretError(str(known.error))
            try:
                known.secret = self._read(reference, environ=self._environ, withheld=self._withheld)
            except SecretError as error:
                known.error = error
                raise
            return known.secret


def _when_again(references: Collection[str]) -> str:
    """When what is missing is looked for again. The environment of a process does not change: nothing is promised."""
    if all(one.startswith("env:") for one in references):
        return ""
    is_quiet = all(one.startswith(_QUIET) for one in references)
    return "It is looked for again by itself." if is_quiet else "It is read again when you refresh."
