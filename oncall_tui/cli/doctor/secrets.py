"""Can every secret be had? Each reference is read once, as the screen would read it; one that fails fails alone."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic

from oncall_tui.config.model import AnySource, Config
from oncall_tui.config.references import references_of, variables_of
from oncall_tui.config.secrets import Secret, SecretError, is_reference, resolve, shown
from oncall_tui.sources.base import CheckState, Finding, Topic
from oncall_tui.threads import DaemonThreads

SLOW_S = 3.0
"""The screen has its first data only after the slowest secret."""

PATIENCE_S = 30.0
"""A keyring that waits for a password nobody is asked for is given up."""

Resolve = Callable[[str], Secret]
"""Reads the secret of a reference. Blocks; raises ``SecretError``."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading a reference gave: the secret or why not, and the seconds it took."""

    secret: Secret | None
    problem: str = ""
    took: float = 0.0


class Secrets:
    """The outcomes of all references of a configuration."""

    def __init__(self, outcomes: Mapping[str, Outcome]) -> None:
        self._outcomes = outcomes

    def resolve(self, reference: str) -> Secret:
        """The secret of a reference. Raises ``SecretError`` when it could not be had."""
        outcome = self._outcomes[reference]
        if outcome.secret is None:
            raise SecretError(outcome.problem)
        return outcome.secret

    def findings(self, settings: AnySource) -> list[Finding]:
        """What is to be said about the secrets of one source, and under which key it holds them."""
        held = {"token": settings.token or "", **{f"headers.{name}": one for name, one in settings.headers.items()}}
        return [self._finding(key, one) for key, one in held.items() if one in self._outcomes]

    def _finding(self, key: str, reference: str) -> Finding:
        outcome, place = self._outcomes[reference], shown(reference)
        if outcome.secret is None:
            said, _, advice = outcome.problem.partition(". ")
            return Finding(CheckState.FAILED, f"`{key}`: {said.rstrip('.')}.", advice, Topic.SECRET)
        if outcome.took >= SLOW_S:
            what = f"`{key}`: {place} took {outcome.took:.0f} s, and every start waits for it."
            return Finding(CheckState.WARNING, what, "Unlock the store before, or keep it nearer.", Topic.SECRET)
        return Finding(CheckState.OK, f"`{key}` is there.", topic=Topic.SECRET)


async def read_secrets(
    config: Config, environ: Mapping[str, str], *, read: Resolve | None = None, patience: float = PATIENCE_S
) -> Secrets:
    """Read all at the same time, each in a thread; what does not come within ``patience`` seconds is given up."""
    references = [one for one in references_of(config) if is_reference(one)]
    read = read or partial(resolve, environ=environ, withheld=variables_of(config))
    threads = DaemonThreads("doctor-secret", size=4)
    try:
        outcomes = await asyncio.gather(*(_outcome(one, read, threads, patience) for one in references))
    finally:
        threads.close()
    return Secrets(dict(zip(references, outcomes, strict=True)))


async def _outcome(reference: str, read: Resolve, threads: DaemonThreads, patience: float) -> Outcome:
    started = monotonic()
    try:
        async with asyncio.timeout(patience):
            secret = await threads.run(lambda: read(reference))
    except SecretError as error:
        return Outcome(None, str(error))
    except TimeoutError:
        return Outcome(None, f"{shown(reference)} has not answered for {patience:g} s. Unlock it and try again.")
    return Outcome(secret, took=monotonic() - started)


def has_failed(findings: Sequence[Finding]) -> bool:
    """Whether a secret that a source needs is missing."""
    return any(one.topic is Topic.SECRET and one.state is CheckState.FAILED for one in findings)
