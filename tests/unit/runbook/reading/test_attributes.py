"""The line behind an opening mark: the whole grammar, and what is wrong with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.runbook.reading.attributes import info_of, value_of
from oncall_tui.runbook.reading.nodes import Place

START = Place(7, 4)


def pairs(info: str) -> list[tuple[str, str]]:
    found = info_of(info, START)
    assert not found.broken, found.broken
    return [(one.key, one.value.value) for one in found.attributes]


@pytest.mark.parametrize(
    ("info", "lang", "expected"),
    [
        ("bash", "bash", []),
        ("bash {#scale_out danger=change}", "bash", [("id", "scale_out"), ("danger", "change")]),
        ("sql {undo_only  a=b }", "sql", [("undo_only", "true"), ("a", "b")]),
        ('sh {capture=list:tsv columns="a,b"}', "sh", [("capture", "list:tsv"), ("columns", "a,b")]),
        (r'sh {expect="stdout == \"a}b\\\""}', "sh", [("expect", r'stdout == "a}b\"')]),
        ('sh {"name": "x", "timeout": "5s", "tty": true}', "sh", [("id", "x"), ("timeout", "5s"), ("tty", "true")]),
        ("{.bash #x}", "", [("class", "bash"), ("id", "x")]),
        ("sh {}", "sh", []),
        ("", "", []),
        ("promql {unit=% warn=0.5}", "promql", [("unit", "%"), ("warn", "0.5")]),
    ],
)
def test_the_grammar(info: str, lang: str, expected: list[tuple[str, str]]) -> None:
    assert info_of(info, START).lang == lang
    assert pairs(info) == expected


def test_each_attribute_knows_its_column() -> None:
    found = info_of('bash {#a b="c d"}', START)
    assert [(one.place.column, one.value.place.column) for one in found.attributes] == [(10, 10), (13, 15)]
    assert value_of(found.attributes, "b") == "c d"
    assert value_of(found.attributes, "z") is None


@pytest.mark.parametrize(
    ("info", "problem", "column"),
    [
        ("bash title=x", "no attribute list", 9),
        ("bash {#a", "not closed by }", 9),
        ("bash {a=}", "a value is missing", 10),
        ("bash {a='b'}", "a value is missing", 10),
        ('bash {a="b}', "a quote is not closed", 10),
        (r'bash {a="\n"}', "may follow a backslash", 10),
        ('bash {a="b"c=d}', "a blank is missing", 15),
        ("bash {=x}", "begins no key", 10),
        ("bash {#}", "a name is missing", 10),
        ('bash {"a": }', "no JSON object", 9),
    ],
)
def test_what_is_no_grammar_is_told_with_its_column(info: str, problem: str, column: int) -> None:
    ((words, place),) = info_of(info, START).broken
    assert problem in words
    assert place == Place(7, column)


@given(st.text(alphabet='ab{}#="\\ \t:,[]0', max_size=40))
def test_no_line_makes_it_fail(info: str) -> None:
    found = info_of(info, START)
    assert all(place.line == START.line for _, place in found.broken)
