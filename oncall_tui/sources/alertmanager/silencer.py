"""Create, extend and expire silences (API v2, ``POST /silences``, ``DELETE /silence/{silenceID}``).

Nothing here is repeated by itself, and nothing is taken for done that Alertmanager did not say.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from oncall_tui.domain.silence import Silence, SilenceState
from oncall_tui.sources.actors import ActOutcome, ActResult
from oncall_tui.sources.alertmanager.matching import objection_to_silence
from oncall_tui.sources.alertmanager.silences import KnownSilence, is_same, postable, read_silences
from oncall_tui.sources.base import Clock
from oncall_tui.sources.connection import segment
from oncall_tui.sources.errors import Refused, SourceError
from oncall_tui.sources.http import HttpCaller
from oncall_tui.sources.understood import understood
from oncall_tui.sources.values import WRONG_SHAPE, identity, mapping, moment
from oncall_tui.threads import DaemonThreads

SILENCES = "/api/v2/silences"

_UNKNOWN = "Alertmanager knows no such silence: it ended long ago, or never was."
_NO_SUCH_ID = (404, 422)
"""How Alertmanager answers an id that it does not have, and one that is no id at all."""


class AlertmanagerSilencer:
    """The silences of one Alertmanager. ``caller`` counts what it sends as acts."""

    def __init__(self, caller: HttpCaller, clock: Clock, threads: DaemonThreads) -> None:
        self._caller = caller
        self._clock = clock
        self._threads = threads

    async def silences(self) -> Sequence[Silence]:
        """Active and pending silences, the next to end first.

        Raises:
            SourceError: the vendor could not be asked.
        """
        standing = [one.shown for one in await self._known() if one.raw.state is not SilenceState.EXPIRED]
        return tuple(sorted(standing, key=lambda one: (one.ends_at, one.id)))

    async def silence(self, wanted: Silence) -> ActResult:
        """The protocol's ``silence``. One that has ended is not begun again: somebody ended it on purpose."""
        objection = objection_to_silence(wanted, self._clock())
        if objection:
            return ActResult(wanted.id, ActOutcome.FAILED, f"nothing was sent: {objection}")
        try:
            known = await self._known()
        except SourceError as error:
            return _failed(wanted.id, error, was_sent=False)
        replaced = next((one for one in known if one.raw.id == wanted.id), None)
        body = postable(wanted, replaced)
        same = next((one for one in known if is_same(one, body, self._clock())), None)
        if same is not None:
            by = same.shown.created_by or None
            return ActResult(same.raw.id, ActOutcome.ALREADY, "The very same silence is there already.", by)
        if wanted.id and replaced is None:
            return ActResult(wanted.id, ActOutcome.GONE, _UNKNOWN)
        if replaced is not None and replaced.raw.state is SilenceState.EXPIRED:
            return _ended(replaced.raw.id, replaced, "It is not begun again: make a new one.")
        return await self._post(wanted, body)

    async def expire(self, silence_id: str) -> ActResult:
        """The protocol's ``expire``."""
        try:
            # Ids are UUIDs. One that must be quoted is none, and a proxy may take it for another address.
            if segment(silence_id) != silence_id:
                return ActResult(silence_id, ActOutcome.GONE, _UNKNOWN)
            path = f"/api/v2/silence/{silence_id}"
            told = mapping(await self._caller.get_json(path))
        except SourceError as error:
            return _missing_or_failed(silence_id, error, was_sent=False)
        state = mapping(told.get("status")).get("state")
        if not isinstance(state, str):
            reason = "nothing was sent: Alertmanager did not say how this silence stands."
            return ActResult(silence_id, ActOutcome.FAILED, reason)
        if state == SilenceState.EXPIRED:
            ended = moment(told.get("endsAt"))
            when = f" at {ended:%H:%M} UTC on {ended:%d %B}" if ended is not None else ""
            return ActResult(silence_id, ActOutcome.ALREADY, f"It ended{when}.")
        try:
            await self._caller.send_json("DELETE", path)
        except SourceError as error:
            return _missing_or_failed(silence_id, error, was_sent=True)
        return ActResult(silence_id, ActOutcome.CONFIRMED)

    async def _post(self, wanted: Silence, body: Mapping[str, Any]) -> ActResult:
        try:
            answer = await self._caller.send_json("POST", SILENCES, body)
        except SourceError as error:
            return _missing_or_failed(wanted.id, error, was_sent=True)
        try:
            silence_id = identity(mapping(answer).get("silenceID"))
        except WRONG_SHAPE:
            reason = "Alertmanager did not confirm it. Look at the list of silences."
            return ActResult(wanted.id, ActOutcome.FAILED, reason, may_have_arrived=True)
        is_renamed = wanted.id not in ("", silence_id)
        reason = "Alertmanager ended the old one and gave the new one an id of its own." if is_renamed else ""
        return ActResult(silence_id, ActOutcome.CONFIRMED, reason)

    async def _known(self) -> tuple[KnownSilence, ...]:
        """Every silence that Alertmanager remembers.

        Raises:
            SourceError: the vendor could not be asked.
        """
        connection = self._caller.connection
        body = await self._caller.get_bytes(SILENCES)
        return await understood(connection.name, self._threads.run(lambda: read_silences(connection, body)))


def _ended(silence_id: str, known: KnownSilence, more: str) -> ActResult:
    when = f"{known.raw.ends_at:%H:%M} UTC on {known.raw.ends_at:%d %B}"
    return ActResult(silence_id, ActOutcome.GONE, f"It ended at {when}. {more}")


def _missing_or_failed(silence_id: str, error: SourceError, *, was_sent: bool) -> ActResult:
    """An id that is not there (0.25 says so with a 500 and words), or any other failure."""
    if isinstance(error, Refused) and silence_id:
        if error.status in _NO_SUCH_ID or "silence not found" in str(error):
            return ActResult(silence_id, ActOutcome.GONE, _UNKNOWN)
        if "already expired" in str(error):
            return ActResult(silence_id, ActOutcome.ALREADY, "It has ended already.")
    return _failed(silence_id, error, was_sent=was_sent)


def _failed(silence_id: str, error: SourceError, *, was_sent: bool) -> ActResult:
    reason = f"{error} {error.hint}".strip()
    if not was_sent:
        reason = f"nothing was sent: {reason}"
    return ActResult(silence_id, ActOutcome.FAILED, reason, may_have_arrived=was_sent and error.may_have_arrived)
