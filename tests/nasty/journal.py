"""A journal that somebody else has written to: hostile text in every column and every field that is ever shown."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from oncall_tui.journal.event import ACTION_INTENT, ACTION_RESULT, ACTION_WAITS, Json, NewEvent
from oncall_tui.journal.store import Journal
from oncall_tui.journal.views import HERE_ONLY
from oncall_tui.response.owner import this_process
from tests.nasty.corpus import LONG, MARKUP, SEQUENCES, UNICODE

HOSTILE = " ".join([*SEQUENCES.values(), *(text for text in UNICODE.values() if len(text) < 200), *MARKUP.values()])
HOSTILE_TEXT = HOSTILE.encode("utf-8", "replace").decode()
"""What a database can hold: no halves of pairs."""
TEXTS = (HOSTILE_TEXT[:300], UNICODE["thousands of marks"], LONG["a hundred thousand escapes"])
_OLD = timedelta(hours=3)


def write_hostile(path: Path, now: datetime, refs: Iterable[str] = (), *, waits: bool = False) -> None:
    """Acknowledges that were begun and not ended, young and old; and some of ``refs`` that are known here only.

    Args:
        waits: the old ones wait, and were not cut off.
    """
    journal = Journal.open(path, lambda: now)
    for number, text in enumerate(TEXTS):
        for source, age in (("pagerduty", timedelta()), (text, timedelta()), ("pagerduty", _OLD)):
            begun = _payload(text, f"{number}{source}{age}") | {
                "source": source,
                "target": text,
                "ref": f"http://{text}",
            }
            kinds = (ACTION_INTENT, ACTION_WAITS) if waits and age else (ACTION_INTENT,)
            events = [NewEvent(kind, "user:x", now - age, begun) for kind in kinds]
            journal.append(f"incident:pagerduty:{number}", events)
    for number, ref in enumerate(refs):
        ended = _payload(TEXTS[number % len(TEXTS)], ref) | {"outcome": HERE_ONLY, "alert": ref, "records": [ref]}
        journal.append(f"alert:{number}", [NewEvent(ACTION_RESULT, "user:x", now, ended)])
    journal.close()
    _rename_everybody(path)


def _payload(text: str, request_id: str) -> dict[str, Json]:
    named: dict[str, Json] = dict.fromkeys(("title", "alert", "reason", "by", "session"), text)
    return named | {"verb": "acknowledge", "host": this_process("").host, "request_id": request_id, "attempt": 1}


def _rename_everybody(path: Path) -> None:
    """The program refuses to write such a name; a database does not."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("DROP TRIGGER event_no_update")
        connection.execute("UPDATE event SET actor = ?", (f"user:{HOSTILE_TEXT}",))
    connection.close()
