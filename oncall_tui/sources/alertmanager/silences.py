"""Silences as Alertmanager tells them, and as it is told them (API v2, ``gettableSilence``, ``postableSilence``)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from oncall_tui.domain.silence import Matcher, Silence, SilenceState
from oncall_tui.domain.text import clean, clean_line
from oncall_tui.sources.connection import Connection
from oncall_tui.sources.json_text import decoded_as
from oncall_tui.sources.values import identity, moment, read_each

_COMMENT_LIMIT = 10_000
_MILLISECOND = timedelta(milliseconds=1)
"""What Alertmanager keeps of a time."""


class Holder(msgspec.Struct):
    """What a poll reads of a silence: who holds alerts back, and until when."""

    id: str
    createdBy: str = ""
    endsAt: str = ""


class _Matcher(msgspec.Struct):
    name: str
    value: str
    isRegex: bool
    isEqual: bool = True


class _State(msgspec.Struct):
    state: str


class _Told(msgspec.Struct):
    id: str
    status: _State
    matchers: list[_Matcher]
    startsAt: str
    endsAt: str
    createdBy: str = ""
    comment: str = ""


_ROWS = msgspec.json.Decoder(list[msgspec.Raw])
_HOLDER = msgspec.json.Decoder(Holder)
_TOLD = msgspec.json.Decoder(_Told)


class KnownSilence(msgspec.Struct, frozen=True):
    """A silence at Alertmanager: cleaned for people, and as it stands there, for what is sent back."""

    shown: Silence
    raw: Silence


def read_holders(connection: Connection, body: bytes) -> tuple[tuple[Holder, ...], int]:
    """Who holds alerts back, and how many silences could not be read."""
    rows: list[msgspec.Raw] = decoded_as(connection, _ROWS, body)
    return read_each(rows, _HOLDER.decode)


def read_silences(connection: Connection, body: bytes) -> tuple[KnownSilence, ...]:
    """Every silence, expired ones too. One in a strange shape hides no other.

    Raises:
        Malformed: the answer is not JSON.
        ValueError: it is JSON in another shape.
    """
    rows: list[msgspec.Raw] = decoded_as(connection, _ROWS, body)
    silences, _ = read_each(rows, _known)
    return silences


def postable(wanted: Silence, replaced: KnownSilence | None) -> dict[str, Any]:
    """``wanted`` as Alertmanager takes it, in the place of ``replaced``.

    What somebody extends has been cleaned for the screen. Where the engineer changed nothing it goes back as it was:
    cleaned matchers are others, and would mute others.
    """
    if replaced is not None and wanted.matchers == replaced.shown.matchers:
        matchers = replaced.raw.matchers
    else:
        matchers = wanted.matchers
    is_same_comment = replaced is not None and wanted.comment == replaced.shown.comment
    is_same_author = replaced is not None and wanted.created_by == replaced.shown.created_by
    body = {
        "matchers": [_as_json(one) for one in matchers],
        "startsAt": written(wanted.starts_at),
        "endsAt": written(wanted.ends_at),
        "createdBy": replaced.raw.created_by if replaced and is_same_author else clean_line(wanted.created_by),
        "comment": replaced.raw.comment if replaced and is_same_comment else clean(wanted.comment, _COMMENT_LIMIT),
    }
    return {"id": wanted.id, **body} if wanted.id else body


def is_same(known: KnownSilence, body: Mapping[str, Any], now: datetime) -> bool:
    """Whether a silence that has not ended is the very one that ``body`` asks for: its answer was lost."""
    raw = known.raw
    if raw.state is SilenceState.EXPIRED or (raw.comment, raw.created_by) != (body["comment"], body["createdBy"]):
        return False
    if {tuple(_as_json(one).items()) for one in raw.matchers} != {tuple(one.items()) for one in body["matchers"]}:
        return False
    starts_at, ends_at = datetime.fromisoformat(body["startsAt"]), datetime.fromisoformat(body["endsAt"])
    # Alertmanager lets begin now what was to begin before.
    begins_alike = abs(raw.starts_at - starts_at) <= _MILLISECOND
    has_begun = raw.state is SilenceState.ACTIVE and starts_at <= now
    return abs(raw.ends_at - ends_at) <= _MILLISECOND and (begins_alike or has_begun)


def written(at: datetime) -> str:
    """A time as RFC 3339 in UTC, to the millisecond: ``2026-11-21T03:00:00.000Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _known(row: msgspec.Raw) -> KnownSilence:
    told = _TOLD.decode(row)
    starts_at, ends_at = moment(told.startsAt), moment(told.endsAt)
    if starts_at is None or ends_at is None:
        raise ValueError("a silence without its times")
    raw = Silence(
        matchers=tuple(Matcher(one.name, one.value, one.isRegex, one.isEqual) for one in told.matchers),
        starts_at=starts_at,
        ends_at=ends_at,
        comment=told.comment,
        created_by=told.createdBy,
        id=identity(told.id),
        state=SilenceState(told.status.state),
    )
    return KnownSilence(_cleaned(raw), raw)


def _cleaned(raw: Silence) -> Silence:
    return Silence(
        matchers=tuple(
            Matcher(clean_line(one.name), clean(one.value), one.is_regex, one.is_equal) for one in raw.matchers
        ),
        starts_at=raw.starts_at,
        ends_at=raw.ends_at,
        comment=clean(raw.comment).strip(),
        created_by=clean_line(raw.created_by),
        id=raw.id,
        state=raw.state,
    )


def _as_json(matcher: Matcher) -> dict[str, Any]:
    return {
        "name": matcher.name,
        "value": matcher.value,
        "isRegex": matcher.is_regex,
        "isEqual": matcher.is_equal,
    }
