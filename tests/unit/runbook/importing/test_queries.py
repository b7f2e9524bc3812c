"""PromQL of imported files: where a reference may stand."""

import pytest

from oncall_tui.runbook.importing.draft import letters
from oncall_tui.runbook.importing.queries import in_quotes, parses, queries_of
from oncall_tui.runbook.reading.hidden import hidden_in
from tests.unit.runbook.books import fenced, native


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('up{a="|"}', True),
        ("up{a='|'}", False),
        ("up{a=`|`}", False),
        ('up{a="x"} > |', False),
        (r'up{a="\"|"}', True),
        (r'up{a="\\"} |', False),
        ("up{a='\"'} |", False),
        ('up # "|', False),
        ('up # "\n{a="|"}', True),
        ('|up{a="x"}', False),
    ],
)
def test_whether_a_place_is_inside_of_double_quotes(text: str, inside: bool) -> None:
    place = text.index("|")
    assert in_quotes(text.replace("|", ""), place) is inside


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("up\n", ["up"]),
        ("sum(\n  rate(x[5m])\n)\n", ["sum(\n  rate(x[5m])\n)"]),
        ("rate(a[5m])\n\nrate(b[5m])\n", ["rate(a[5m])", "rate(b[5m])"]),
        ('up{a="<x>", b="y-<my-z>"}\n', ['up{a="{{x}}", b="y-{{z}}"}']),
    ],
)
def test_queries_that_can_be_asked(body: str, texts: list[str]) -> None:
    found = queries_of(body)
    assert [(one.text, one.refused) for one in found] == [(text, "") for text in texts]


@pytest.mark.parametrize("body", ["rate(a[5m])\nthen this\n", "up{a=$x}", "{{.x}}", "up{a='<x>'}", "<x>", ""])
def test_queries_that_cannot_say_why_and_stay_as_they_are(body: str) -> None:
    (found,) = queries_of(body)
    assert found.refused
    assert found.text == body.strip("\n")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("(" * 5_000, False),
        ("sum(" * 2_000, False),
        ("-" * 3_000 + "1", False),
        ("- " * 1_500 + "1", False),
        ("a" * 50_000, False),
        ("\x00", False),
        ("(" * 40 + "1" + ")" * 40, True),
        ("1" + "+1" * 1_900, True),
        ("1" + "^1" * 1_900, True),
        ("a" + " and a" * 600, True),
    ],
)
def test_a_query_made_to_break_the_parser_breaks_nothing(text: str, is_one: bool) -> None:
    """The parser is native code: deep enough, it would end the process."""
    assert parses(text) is is_one
    found = native(fenced(text, "promql {#x}"))
    assert bool(found.errors) is not is_one


def test_letters_go_on_after_z() -> None:
    assert [letters(number) for number in (0, 25, 26, 51, 52, 701, 702)] == ["a", "z", "aa", "az", "ba", "zz", "aaa"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("plain text", []),
        ("tab\tand \u00e9\u4e2d", []),
        ("a\x1bb", [(0, 1, "the hidden character U+001B")]),
        ("\u202ex\u202e", [(0, 0, "the hidden character U+202E")]),
        ("e" + "\u0301" * 6, [(0, 5, "the hidden character U+0301")]),
        ("\udcff", [(0, 0, "the byte FF, which is no UTF-8: save the file as UTF-8")]),
    ],
)
def test_the_first_hidden_character_of_a_line(line: str, found: list[tuple[int, int, str]]) -> None:
    assert list(hidden_in([f"{line}\n"])) == found
