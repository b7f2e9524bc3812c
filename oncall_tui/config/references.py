"""The secrets that a configuration asks for: which key names which, and all of them read at once.

Each reference is read once, however many keys hold it. What cannot be had is told together, under the keys that ask.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Protocol

from oncall_tui.config.model import Config
from oncall_tui.config.secrets import Secret, SecretError, is_reference, resolve


class SecretsError(SecretError):
    """Some secrets cannot be had. ``problems`` holds each with its keys, the text one line for each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = tuple(str(SecretError(one)) for one in problems)
        super().__init__("")
        self.args = ("\n".join(self.problems),)


class Run(Protocol):
    """Makes a blocking call off the event loop."""

    def __call__(self, call: Callable[[], Secret], /) -> Awaitable[Secret]: ...


def references_of(config: Config) -> Mapping[str, tuple[str, ...]]:
    """Every reference with the keys that hold it: ``{"env:PD_TOKEN": ("sources.pagerduty.token",)}``."""
    found: dict[str, tuple[str, ...]] = {}
    for name, source in config.sources.items():
        held = {"token": source.token or "", **{f"headers.{one}": value for one, value in source.headers.items()}}
        for key, value in held.items():
            if is_reference(value):
                found[value] = (*found.get(value, ()), f"sources.{name}.{key}")
    return found


def variables_of(config: Config) -> frozenset[str]:
    """The environment variables that hold secrets, by name."""
    return frozenset(one.removeprefix("env:") for one in references_of(config) if one.startswith("env:"))


async def secrets_of(config: Config, environ: Mapping[str, str], run: Run) -> Mapping[str, Secret]:
    """The secret behind every reference. Commands do not see the variables that hold other secrets.

    Raises:
        SecretsError: with everything that cannot be had.
    """
    references = references_of(config)
    withheld = variables_of(config)
    reads = [run(partial(resolve, one, environ=environ, withheld=withheld)) for one in references]
    outcomes = await asyncio.gather(*reads, return_exceptions=True)
    secrets: dict[str, Secret] = {}
    problems: list[str] = []
    for (reference, keys), outcome in zip(references.items(), outcomes, strict=True):
        if isinstance(outcome, SecretError):
            problems.append(f"{' and '.join(keys)}: {outcome}")
        elif isinstance(outcome, BaseException):
            raise outcome
        else:
            secrets[reference] = outcome
    if problems:
        raise SecretsError(tuple(problems))
    return secrets
