"""The hash chain: whatever is changed in a stored row is found."""

import hashlib
import json
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from oncall_tui.journal.chain import NO_HASH, Head, Row, first_broken, payload_to_text, row_hash, row_of
from oncall_tui.journal.event import Json, NewEvent
from oncall_tui.journal.store import Journal
from tests.unit.journal.helpers import NIGHT, FakeClock, note, opened, seeded

unhurried = settings(deadline=None)
texts = st.text("abc é€\x00\n\\\"'\ud800{}", max_size=8)
"""A few telling characters: all of Unicode takes a second to prepare."""
names = st.text("abcdefgh_", min_size=1, max_size=8)
values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)
payloads = st.dictionaries(names, values, max_size=4)


def chain_of(payloads: list[dict[str, Json]], stream: str = "incident:pd:Q1") -> list[Row]:
    rows: list[Row] = []
    for index, payload in enumerate(payloads):
        head = Head(stream, rows[-1].seq, rows[-1].hash) if rows else Head(stream)
        rows.append(row_of(NewEvent("note", "user:alice", NIGHT, payload), payload, head, f"{index:026}", NIGHT))
    return rows


def test_the_hash_is_the_sha_256_of_the_columns_as_a_json_list() -> None:
    (row,) = chain_of([{"b": 1, "a": "é"}])
    assert row.payload == '{"a":"\\u00e9","b":1}'
    assert row.prev_hash == NO_HASH
    written = (
        '["00000000000000000000000000","incident:pd:Q1",1,"2026-11-03T03:14:05.678901Z","2026-11-03T03:14:05.678901Z",'
        '"user:alice","human",null,"note","{\\"a\\":\\"\\\\u00e9\\",\\"b\\":1}","' + NO_HASH + '"]'
    )
    assert row.hash == hashlib.sha256(written.encode()).hexdigest()


@unhurried
@given(payloads)
def test_the_canonical_form_does_not_depend_on_the_order_of_keys(payload: dict[str, Json]) -> None:
    text = payload_to_text(payload)
    assert text.isascii()
    assert text == payload_to_text(dict(reversed(payload.items())))
    assert json.loads(text) == payload


@unhurried
@given(st.lists(payloads, min_size=1, max_size=5))
def test_an_untouched_chain_holds(chain: list[dict[str, Json]]) -> None:
    assert first_broken(chain_of(chain)) is None
    assert first_broken([*chain_of(chain, "a"), *chain_of(chain, "b")]) is None


@unhurried
@given(st.lists(payloads, min_size=2, max_size=5), st.data())
def test_a_removed_row_and_a_changed_order_are_found(chain: list[dict[str, Json]], data: st.DataObject) -> None:
    rows = chain_of(chain)
    gone = data.draw(st.integers(0, len(rows) - 2))
    broken = first_broken(rows[:gone] + rows[gone + 1 :])
    assert broken is not None
    assert (broken.seq, broken.reason) == (gone + 2, f"row {gone + 1} is missing before it")
    assert first_broken([rows[1], rows[0], *rows[2:]]) is not None


@unhurried
@given(st.lists(payloads, min_size=2, max_size=4), payloads, st.data())
def test_a_row_that_is_written_anew_with_a_fitting_hash_breaks_the_next(
    chain: list[dict[str, Json]], forged: dict[str, Json], data: st.DataObject
) -> None:
    rows = chain_of(chain)
    index = data.draw(st.integers(0, len(rows) - 2))
    if payload_to_text(forged) == rows[index].payload:
        return
    row = rows[index]._replace(payload=payload_to_text(forged))
    rows[index] = row._replace(hash=row_hash(row))
    broken = first_broken(rows)
    assert broken is not None
    assert (broken.seq, broken.reason) == (index + 2, "it does not follow from the row before it")


columns = [column for column in Row._fields]
edits: st.SearchStrategy[Any] = texts | st.binary(max_size=6) | st.integers(-5, 50) | st.none()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["incident:pd:Q1", "alert:prom/1", "run:7"]), min_size=1, max_size=8),
    st.sampled_from(columns),
    edits,
    st.data(),
)
def test_any_edit_of_any_stored_row_is_found(streams: list[str], column: str, value: Any, data: st.DataObject) -> None:
    victim = data.draw(st.integers(0, len(streams) - 1))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        with opened(path) as journal:
            ids = [journal.append(stream, [note(number=index)])[0].id for index, stream in enumerate(streams)]
            assert journal.verify() is None
        if not edited(path, column, value, ids[victim]):
            return
        with opened(path) as journal:
            broken = journal.verify()
            assert broken is not None, f"{column} of {ids[victim]} became {value!r} unseen"


def edited(path: Path, column: str, value: Any, row_id: str) -> bool:
    """Change a stored row behind the journal's back; False when the database allows no such row, or it is no change."""
    connection = sqlite3.connect(path)
    try:
        before = connection.execute("SELECT * FROM event ORDER BY rowid").fetchall()
        connection.execute("DROP TRIGGER event_no_update")
        text = value.replace("\ud800", "") if isinstance(value, str) else value
        connection.execute(f"UPDATE event SET {column} = ? WHERE id = ?", (text, row_id))
        connection.commit()
        return connection.execute("SELECT * FROM event ORDER BY rowid").fetchall() != before
    except (sqlite3.IntegrityError, UnicodeEncodeError):
        return False
    finally:
        connection.close()


def test_the_first_broken_row_is_named(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with opened(path) as journal:
        journal.append("a", [note("one"), note("two"), note("three")])
        kept = journal.append("b", [note("one"), note("two"), note("three")])
    assert edited(path, "payload", '{"text": "never said"}', kept[1].id)
    with opened(path) as journal:
        broken = journal.verify()
        assert broken is not None
        assert str(broken) == f"b row 2 ({kept[1].id}): its content is not what was written"
        assert journal.verify("a") is None
        assert journal.verify("b") == broken


def test_the_same_payload_under_another_time_or_actor_has_another_hash(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path / "journal.db", FakeClock(), seeded())
    first, second = journal.append("a", [note(), note()])
    assert first.hash != second.hash
    assert second.prev_hash == first.hash
    journal.close()
