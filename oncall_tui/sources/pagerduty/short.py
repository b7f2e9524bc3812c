"""Incidents cut short: what a list of thousands is held by, while few of them have changed since the last poll.

A page of incidents is split, and of each only so much is read as tells it from others and says what has to be asked.
The rest stays the bytes that came, by which an incident is known that is as it was: its record is made already.
"""

from typing import Any, TypedDict

import msgspec

from oncall_tui.sources.connection import Connection
from oncall_tui.sources.json_text import decoded, decoded_as
from oncall_tui.sources.values import JsonObject

RAW = "raw"
"""Under this name a short incident holds the whole one as it came; PagerDuty uses it for nothing."""


class _Page(TypedDict, total=False):
    incidents: list[msgspec.Raw]
    more: Any


class _Short(TypedDict, total=False):
    id: Any
    status: Any
    created_at: Any
    last_status_change_at: Any
    alert_counts: Any
    acknowledgements: Any
    pending_actions: Any


_PAGE = msgspec.json.Decoder(_Page)
_SHORT = msgspec.json.Decoder(_Short)
_WHOLE: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])


def shortened(connection: Connection, body: bytes) -> object:
    """A page of incidents as ``decoded`` gives it, but of short ones. What is no such page is given whole.

    Raises:
        Malformed: it is not JSON.
    """
    # What is only split is not looked through for bytes that no text can hold.
    text = body if body.isascii() else body.decode("utf-8", "replace").encode()
    try:
        page = decoded_as(connection, _PAGE, text)
        return {**page, "incidents": [_short(raw) for raw in page["incidents"]]}
    except (msgspec.ValidationError, KeyError):
        return decoded(connection, text)


def whole(short: JsonObject) -> JsonObject:
    """All of a short incident."""
    return _WHOLE.decode(short[RAW])


def _short(raw: msgspec.Raw) -> JsonObject | None:
    """None for what is no object, as a list of anything may hold."""
    try:
        return {**_SHORT.decode(raw), RAW: raw}
    except msgspec.ValidationError:
        return None
