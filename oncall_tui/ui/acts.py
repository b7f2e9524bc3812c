"""What this screen has sent and not yet seen come back: the state of acts on rows, by record.

Keyed by the refs of an alert's records, captured at the key press: when the row takes another name because a pager
picks it up, its act is still found. An alert has one act of each verb, and of each text of a note: what failed is still
there when something else has gone well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from oncall_tui.domain.alert import Alert, SourceKind, Status
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.situation import Situation
from oncall_tui.domain.verb import VERBS, Verb

if TYPE_CHECKING:
    from oncall_tui.domain.action import Action

_BELIEVED = timedelta(minutes=2)
"""How long the pager's yes stands on a row without a poll that shows it: later the poll is right."""

_AHEAD = timedelta(seconds=30)
"""A picture may have been begun before an act. One that is older by more tells that the clock was set back."""


class ActState(StrEnum):
    """How far an act has come."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    """The vendor said yes; the next poll will show it."""
    FAILED = "failed"
    WAITING = "waiting"
    """In the outbox: the pager is out of reach, or fails by itself."""
    UNSENT = "unsent"
    """From a session that ended before its answer; looked at before it is sent again."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act on one alert: its state, since when, and in words why it failed or how it went otherwise than usual."""

    state: ActState
    at: datetime
    reason: str = ""
    verb: Verb = Verb.ACKNOWLEDGE
    action: "Action | None" = None
    """What was asked for: the same can be sent again where it failed."""
    begun_at: datetime | None = None
    """When it was first begun, of what failed: it is looked for from then on before it is sent again."""

    @property
    def key(self) -> "Key":
        """What a later act takes the place of: the same verb, and of notes the same text."""
        return self.verb, self.action if self.verb is Verb.NOTE else None


Key = tuple[Verb, "Action | None"]

_UNDER_WAY = (ActState.PENDING, ActState.WAITING)

_LATER = (ActState.WAITING, ActState.UNSENT)

_PRESSING = (ActState.PENDING, ActState.FAILED, ActState.WAITING, ActState.UNSENT, ActState.CONFIRMED)
"""Whose sign a row has, of several acts."""

_TOLD = (ActState.PENDING, ActState.CONFIRMED, ActState.FAILED, ActState.WAITING, ActState.UNSENT)
"""The order in words: what is said soon and for a moment, then what stays and is long."""


class Failed(NamedTuple):
    """An act that failed, and the alert that still shows it."""

    alert: Alert
    act: Act


class Acts:
    """The acts that rows still show."""

    def __init__(self) -> None:
        self._by_ref: dict[str, dict[Key, Act]] = {}
        self._refs: dict[tuple[str, Key], frozenset[str]] = {}
        """What each was set on together with."""

    def set(self, refs: Iterable[str], act: Act) -> None:
        """Show ``act`` on the alert that holds any of ``refs``, in the place of the same one of before."""
        together = self._together(refs, act.key)
        for ref in together:
            self._by_ref.setdefault(ref, {})[act.key] = act
            self._refs[ref, act.key] = together

    def forget(self, refs: Iterable[str], key: Key, state: ActState | None = None) -> None:
        """Show this act no more; only while it is in ``state``, where one is given."""
        for ref in self._together(refs, key):
            acts = self._by_ref.get(ref, {})
            if key in acts and state in (None, acts[key].state):
                self._drop(ref, key)

    def of(self, alert: Alert) -> Act | None:
        """The act whose sign the row of ``alert`` has."""
        return min(self.all_of(alert), key=lambda one: _PRESSING.index(one.state), default=None)

    def all_of(self, alert: Alert) -> Sequence[Act]:
        """Every act that is told on the row of ``alert``, in the order of the words."""
        if not self._by_ref:
            return ()
        found: dict[Key, Act] = {}
        for record in alert.records:
            found = self._by_ref.get(record.ref, {}) | found
        return sorted(found.values(), key=lambda one: _TOLD.index(one.state))

    def failed(self, alerts: Iterable[Alert]) -> list[Failed]:
        """What failed on these, and was neither sent again, dismissed nor made up for by others."""
        return [Failed(one, act) for one in alerts for act in self.all_of(one) if act.state is ActState.FAILED]

    def all_failed(self, situation: Situation) -> list[Failed]:
        """The same of every alert that is there, the oldest first."""
        alerts = {one.id: one for ref in self._by_ref if (one := situation.alert(ref)) is not None}
        return sorted(self.failed(alerts.values()), key=lambda one: one.act.at)

    def settle(self, situation: Situation) -> None:
        """Forget what the sources now tell themselves, what they deny for too long, and what is gone.

        Pending and waiting acts stay, and so do failed ones while their alert is not acknowledged by anybody. A record
        is gone only by the word of its source, given after the act: at the start most sources have not spoken yet.
        """
        if not self._by_ref:
            return
        heard = {one.source: one.fetched_at for one in situation.freshness}
        now = situation.taken_at
        for ref, key, told in [(ref, *one) for ref, acts in self._by_ref.items() for one in acts.items()]:
            # Dated anew: it would be believed until the clock has caught up.
            act = self._by_ref[ref][key] = replace(told, at=now) if told.at - now > _AHEAD else told
            alert = situation.alert(ref)
            told_at = heard.get(SourceName(ref.partition("/")[0]))
            is_gone = alert is None and told_at is not None and told_at > act.at
            is_told = alert is not None and _tells(alert, act, heard)
            is_denied = act.state is ActState.CONFIRMED and now - act.at > _BELIEVED
            if act.state not in _UNDER_WAY and (is_gone or is_told or is_denied):
                self._drop(ref, key)

    def _together(self, refs: Iterable[str], key: Key) -> frozenset[str]:
        """``refs``, and those that wait for the same: the outbox names the record at the pager only."""
        given = frozenset(refs)
        others = frozenset[str]().union(*(self._refs.get((ref, key), ()) for ref in given))
        return given | {ref for ref in others if (act := self._by_ref.get(ref, {}).get(key)) and act.state in _LATER}

    def _drop(self, ref: str, key: Key) -> None:
        del self._by_ref[ref][key], self._refs[ref, key]
        if not self._by_ref[ref]:
            del self._by_ref[ref]


def _tells(alert: Alert, act: Act, heard: Mapping[SourceName, datetime | None]) -> bool:
    """Whether the picture itself says what the act came to: who could have done it has answered since."""
    if act.verb is Verb.ACKNOWLEDGE:
        return alert.status is Status.ACKNOWLEDGED
    able = [one for one in alert.records if act.verb in VERBS.get(one.kind, ())] or alert.records
    told = [at for one in able if (at := heard.get(one.source)) is not None]
    return act.state is not ActState.FAILED and any(at > act.at for at in told)


def can(verb: Verb, alert: Alert) -> bool:
    """Whether any source that sees ``alert`` carries out the verb."""
    return any(verb in VERBS.get(record.kind, ()) for record in alert.records)


def beside_pagers(verb: Verb, alerts: Iterable[Alert]) -> list[SourceName]:
    """The sources of ``alerts``, pagers apart, that the verb may have changed something at."""
    able = (one for alert in alerts for one in alert.records if verb in VERBS.get(one.kind, ()))
    return sorted({one.source for one in able if one.kind is not SourceKind.PAGERDUTY})


def refs_of(alert: Alert) -> tuple[str, ...]:
    """The refs under which an act on ``alert`` is kept."""
    return tuple(record.ref for record in alert.records)


def is_silenceable(alert: Alert) -> bool:
    """Whether an Alertmanager holds it: a silence is of its labels there."""
    return any(one.kind is SourceKind.ALERTMANAGER for one in alert.records)


SilenceKey = tuple[SourceName, str]
"""A silence by its source and its id there."""


def silences_of(alert: Alert) -> tuple[SilenceKey, ...]:
    """The silences that are known to mute ``alert``, each once."""
    return tuple(dict.fromkeys((one.source, silence_id) for one in alert.records for silence_id in one.silence_ids))


def these(targets: Sequence[Alert]) -> str:
    """Targets in the title of a form: ``this alert``, ``these 3 alerts``."""
    return "this alert" if len(targets) == 1 else f"these {len(targets)} alerts"
