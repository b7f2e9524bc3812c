"""The secrets of runs: read in threads of their own, and again when a run is taken up, since no journal has them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from oncall_tui.config.secrets import SecretError, is_reference, resolve
from oncall_tui.runbook.run.deciding import Refused
from oncall_tui.runbook.run.run import Run
from oncall_tui.runbook.values.known import Known
from oncall_tui.runbook.values.resolve import Value
from oncall_tui.runbook.values.resolve import resolve as resolve_values
from oncall_tui.threads import DaemonThreads

_THREADS = 4
"""A keyring that waits for its password holds one of them for as long as it pleases."""


class RunSecrets:
    """Reads secrets for runs. Nothing else waits for what it waits for."""

    def __init__(self, environ: Mapping[str, str], withheld: Callable[[], Collection[str]]) -> None:
        """``withheld``: names of the variables that hold other secrets."""
        self._environ = environ
        self._withheld = withheld
        self._threads = DaemonThreads("secrets", _THREADS)

    def read(self, reference: str) -> str:
        """The secret that a reference names. Blocks. Raises ``SecretError``."""
        return resolve(reference, environ=self._environ, withheld=self._withheld()).reveal()

    async def given(self, run: Run, value: Value) -> Value:
        """The value as the run has it, and written down; a secret that cannot be read is none, and says why.

        What is typed for a secret may be the secret itself; from everywhere else it is a reference.
        """
        text = value.text or ""
        if value.is_secret and (value.origin != "typed" or is_reference(text)):
            try:
                text = await self._secret(text)
            except SecretError as error:
                # Its steps are blocked until somebody types it.
                run.lacks(value.name, str(error))
                return replace(value, text=None, problem=str(error))
        await run.give(value.name, text, value.origin)
        return value

    async def recalled(self, run: Run, config: Mapping[str, str]) -> Mapping[str, Value]:
        """The secrets of a run that was taken up, read again from where they came from; by parameter.

        Nothing is written: that they were given is in the journal. One that was typed, that comes from elsewhere by
        now, or that cannot be read blocks its steps, and says why.
        """
        given = run.record.params
        wanted = {name: one for name, one in run.runbook.params.items() if one.is_secret and name in given}
        found = {}
        for name, value in resolve_values(wanted, Known(config=config, environ=self._environ)).items():
            origin = given[name].origin
            if value.text is None or value.origin != origin:
                why = f"it came from {origin}, and no journal holds a secret: give it again"
                found[name] = replace(value, text=None, problem=why)
            else:
                found[name] = await self._again(run, value)
            if found[name].problem:
                run.lacks(name, found[name].problem)
        return found

    def close(self) -> None:
        """Nothing more is read."""
        self._threads.close()

    async def _again(self, run: Run, value: Value) -> Value:
        try:
            run.recall(value.name, await self._secret(value.text or ""))
        except (SecretError, Refused) as error:
            return replace(value, text=None, problem=str(error))
        return value

    async def _secret(self, reference: str) -> str:
        return (await self._threads.run(lambda: self.read(reference))).strip()
