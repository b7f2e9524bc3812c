"""Saved filters and the columns of lists: what is wrong with them is told where it stands, all at once."""

from pathlib import Path

import pytest

from oncall_tui.config.errors import ConfigError
from oncall_tui.config.load import load
from oncall_tui.config.model import FilterSettings
from tests.unit.config.files import file_with

SOURCE = '[sources.p]\nkind = "prometheus"\nurl = "http://localhost:9090"\n'


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        load(file_with(folder, SOURCE + text))
    return [f"{one.key}: {one.problem}; {one.expected}" for one in refused.value.problems]


def saved(**keys: str) -> str:
    return "[[filters]]\n" + "".join(f"{key} = {value!r}\n" for key, value in keys.items())


def test_filters_are_read_with_all_that_they_bring(tmp_path: Path) -> None:
    text = saved(name="night", filter="sev<=2 -team:data", key="f2", sort="-age", group="label:team")
    config = load(file_with(tmp_path, SOURCE + text + saved(name="flat", group="none")))
    assert config.filters == (
        FilterSettings(name="night", filter="sev<=2 -team:data", key="f2", sort="-age", group="label:team"),
        FilterSettings(name="flat", group="none"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (saved(name="a", filter="sev:9 disk"), "filters[0].filter: sev:9: severities are 1 to 5, or P1 to P5"),
        (saved(name=" ", filter="x"), "filters[0].name: is empty"),
        (saved(name="A", filter="x") + saved(name="a", filter="y"), 'filters[1].name: "a" names another filter too'),
        (saved(name="a"), "filters[0].filter: chooses nothing"),
        (saved(name="a", sort="colour"), 'filters[0].sort: "colour" is no order; write one of severity, status'),
        (
            saved(name="a", group="severity"),
            'filters[0].group: "severity" is nothing to group by; write one of service',
        ),
        (saved(name="a", filter="x", keys="f2"), 'filters[0].keys: unknown key; did you mean "key"?'),
        ('[[filters]]\nfilter = "x"\n', "filters[0].name: missing"),
    ],
)
def test_a_filter_that_cannot_be_used_is_refused(text: str, said: str, tmp_path: Path) -> None:
    told = problems(tmp_path, text)
    assert len(told) == 1
    assert said in told[0]


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    told = problems(tmp_path, saved(name="a", filter="age:5", sort="x", group="y") + saved(name="a", filter="sev:0"))
    assert [one.partition(":")[0] for one in told] == [
        "filters[0].filter",
        "filters[0].sort",
        "filters[0].group",
        "filters[1].name",
        "filters[1].filter",
    ]


def test_columns_are_read_in_their_order(tmp_path: Path) -> None:
    columns = '["title", "label:team@100", "age"]'
    config = load(file_with(tmp_path, f"{SOURCE}[display]\ncolumns = {columns}\n"))
    assert config.display.columns == ("title", "label:team@100", "age")


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ('["title", "colour"]', 'display.columns[1]: "colour" is no column; columns are severity, status'),
        ('["title", "age@wide"]', 'display.columns[1]: "age@wide" is no column; behind @ stands'),
        ('["title", "age", "age@90"]', 'display.columns[2]: "age" stands here twice'),
        ('["age"]', "display.columns: does not show the title"),
    ],
)
def test_columns_that_cannot_be_used_are_refused(columns: str, said: str, tmp_path: Path) -> None:
    told = problems(tmp_path, f"[display]\ncolumns = {columns}\n")
    assert len(told) == 1
    assert said in told[0]
