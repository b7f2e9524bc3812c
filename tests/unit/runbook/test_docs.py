"""docs/runbooks.md tells every key, rule and example as they are."""

import re
from pathlib import Path

import pytest

from oncall_tui.runbook.finding import RULES
from oncall_tui.runbook.model import Mode
from tests.unit.runbook.books import book, native

PAGE = (Path(__file__).parents[3] / "docs" / "runbooks.md").read_text()


def rows(heading: str) -> dict[str, str]:
    """The rows of the table that begins with a header."""
    found = re.search(rf"^\| {re.escape(heading)} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert found, heading
    return dict(re.findall(r"^\| `(\w+)`(?:, `\w+`)? \| (.*) \|$", found[1], re.MULTILINE))


def known(text: str) -> set[str]:
    """The keys that an unknown one is told about."""
    (finding,) = (one for one in book(text).findings if one.rule == "F2")
    assert finding.advice.startswith("known here: ")
    return set(finding.advice.removeprefix("known here: ").split(", "))


def test_every_rule_is_listed_with_its_words() -> None:
    assert rows("Rule") == dict(RULES)


@pytest.mark.parametrize(
    ("heading", "text", "unlisted"),
    [
        ("Front matter", "---\noncall: 1\nqqqqqqqq: 1\n---\n", set()),
        ("Key of a section", "---\noncall: 1\n---\n# A\n<!-- oncall qqqqqqqq: 1 -->\n", set()),
        ("Key of a step", "---\noncall: 1\n---\n```promql {#x qqqqqqqq=1}\nup\n```\n", {"id"}),
    ],
)
def test_every_key_is_listed_and_no_other(heading: str, text: str, unlisted: set[str]) -> None:
    assert set(rows(heading)) == known(text) - unlisted


def test_every_key_of_a_parameter_is_listed() -> None:
    keys = known("---\noncall: 1\nparams: {x: {qqqqqqqq: 1}}\n---\n")
    assert set(rows("Key")) | {"max"} == keys


def test_the_example_loads_without_an_error() -> None:
    (example,) = re.findall(r"^````markdown\n(.*?)^````", PAGE, re.MULTILINE | re.DOTALL)
    found = book(example)
    assert found.mode is Mode.NATIVE
    assert found.errors == ()
    assert [one.id for one in found.steps] == ["backlog", "restart", "s3"]


def test_names_that_the_page_calls_refused_are() -> None:
    for name in ("http_proxy", "status", "and"):
        assert f"`{name}`" in PAGE
        assert [one.rule for one in native("", f"params: {{{name}: {{default: x}}}}\n").errors] == ["N3"]
