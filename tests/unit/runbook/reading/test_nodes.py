"""YAML without its powers: places, doubled keys, and everything that is refused."""

import pytest

from oncall_tui.runbook.reading.nodes import BrokenYaml, Listing, Place, Scalar, Table, node_of, walk

START = Place(10, 5)


def test_every_value_knows_its_place() -> None:
    node = node_of("a: 1\nb: [x, 'y']\nc:\n  d: no\n", START)
    assert isinstance(node, Table)
    assert node.keys == {"a": Place(10, 5), "b": Place(11, 1), "c": Place(12, 1)}
    assert node.values["a"] == Scalar("1", Place(10, 8))
    listing = node.values["b"]
    assert isinstance(listing, Listing)
    assert listing.values == (Scalar("x", Place(11, 5)), Scalar("y", Place(11, 8), is_plain=False))
    assert [one.value for one in walk(node)] == ["1", "x", "y", "no"]


def test_words_stay_words() -> None:
    node = node_of("a: no\nb: 12:30\nc: 0x1f\nd: 2026-01-01\ne: <<\nf:\n", START)
    assert isinstance(node, Table)
    assert [one.value for one in walk(node)] == ["no", "12:30", "0x1f", "2026-01-01", "<<", ""]


def test_a_key_given_twice_is_told_with_its_line_and_not_kept() -> None:
    node = node_of("a: 1\nb: 2\na: 3\n", Place(1, 1))
    assert isinstance(node, Table)
    assert node.doubled == (("a", Place(3, 1)),)
    assert node.values["a"] == Scalar("1", Place(1, 4))


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("a: &x 1\n", "anchors", 10),
        ("a: 1\nb: *x\n", "anchors", 11),
        ("a: !!python/object:os.system x\n", "tags", 10),
        ("a: !local x\n", "tags", 10),
        ("a: !!str 1\n", "tags", 10),
        ("? [a, b]\n: c\n", "a key has to be a word", 10),
        ("a: [1\n", "expected", 11),
        ("a: 1\n---\nb: 2\n", "second document", 11),
        ("a: " + "[" * 50 + "]" * 50, "nested too deep", 10),
        ("[" * 90_000, "nested too deep", 10),
        ("a: b: c\n", "not allowed in this context", 10),
        ("a: 1\nb: \x07\n", "a character that YAML does not allow", 11),
        ("a: " + "x" * 100_001, "longer than", 10),
    ],
)
def test_what_is_not_plain_data_is_refused(text: str, problem: str, line: int) -> None:
    with pytest.raises(BrokenYaml, match=problem) as error:
        node_of(text, START)
    assert error.value.place.line == line


def test_nothing_is_nothing() -> None:
    assert node_of("# only a comment\n", START) is None
