"""Lines of keys: held against what tomllib itself reads."""

import json
import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.config.keys import Key, dotted
from oncall_tui.config.places import line_of, places_of

HARD = '''# [not.a.table]
title = "a # b [c] = d" # x = 1
"quoted.key" = 1
'literal key' = { "a b" = [1, { c = "}" }], d.e = 2 }
text = """
[not.a.table]
x = "1" """
quotes = """two ""quotes"" at the end"""""
raw = \'\'\'it's
[raw]\'\'\'
  [ a . "b.c" ]
  x.y.z = 1979-05-27 07:32:00Z
list = [
  "one", # ]
  [2, 3,], {},
]
[[a.entries]]
name = 1
[[a.entries]]
name = 2
[a.entries.deeper]
on = true
[[a.entries.inner]]
[[a.entries.inner]]
q = "\\"\\\\"
empty = []
nothing = {}
'''


def keys_in(value: object, key: Key = ()) -> Iterator[Key]:
    """Every key and list entry of parsed TOML."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield (*key, name)
            yield from keys_in(one, (*key, name))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield (*key, number)
            yield from keys_in(one, (*key, number))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_exactly_the_keys_that_tomllib_reads_have_a_line(newline: str) -> None:
    text = HARD.replace("\n", newline)
    assert set(places_of(text)) == set(keys_in(tomllib.loads(text)))


@pytest.mark.parametrize(
    ("key", "start"),
    [
        (("title",), "title"),
        (("quoted.key",), '"quoted.key"'),
        (("literal key", "a b", 1, "c"), "'literal key'"),
        (("text",), "text"),
        (("raw",), "raw"),
        (("a", "b.c"), "  [ a ."),
        (("a", "b.c", "x", "y", "z"), "  x.y.z"),
        (("a", "b.c", "list", 0), '  "one"'),
        (("a", "b.c", "list", 1, 1), "  [2, 3"),
        (("a", "entries", 1, "name"), "name = 2"),
        (("a", "entries", 1, "deeper", "on"), "on"),
        (("a", "entries", 1, "inner", 1, "q"), "q ="),
    ],
)
def test_a_key_stands_on_its_line(key: Key, start: str) -> None:
    line = places_of(HARD)[key]
    assert HARD.split("\n")[line - 1].startswith(start)


def test_a_key_that_is_absent_has_the_line_of_the_table_around_it() -> None:
    places = places_of("a = 1\n[b.c]\nd = 2\n")
    assert line_of(places, ("b", "c", "missing", 3)) == 2
    assert line_of(places, ("missing",)) is None


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6)
scalars = st.one_of(st.integers(-9, 9), st.booleans(), names)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3))


def written(value: object) -> str:
    """Any value as inline TOML."""
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(name, ensure_ascii=False)} = {written(one)}" for name, one in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(written(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


@given(st.dictionaries(names, values, max_size=4))
def test_any_document_has_a_line_for_each_of_its_keys(document: dict[str, object]) -> None:
    text = "\n".join(
        f"{json.dumps(name, ensure_ascii=False)} = {written(one)} # {name!r}" for name, one in document.items()
    )
    places = places_of(text)
    assert set(places) == set(keys_in(tomllib.loads(text)))
    assert [places[(name,)] for name in document] == list(range(1, len(document) + 1))


def test_a_key_is_written_as_toml_writes_it() -> None:
    assert dotted(("services", "my api", "checks", 0, "for")) == 'services."my api".checks[0].for'
    assert dotted(("a\x1b[31m",)) == '"a\ufffd[31m"'
