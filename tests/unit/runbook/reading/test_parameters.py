"""``params``: each key, and what is refused (N3, N4, N6)."""

import pytest

from oncall_tui.runbook.options import Parameter, Pick, Type
from tests.unit.runbook.books import native


def parameter(keys: str, name: str = "x") -> Parameter:
    rows = "```sql {#s db=d capture=rows:table}\nSELECT 1\n```\n"
    found = native(rows, f"params:\n  {name}: {keys}\n")
    assert found.errors == ()
    return found.params[name]


def errors(keys: str, name: str = "x") -> list[tuple[str, int]]:
    return [(one.rule, one.line) for one in native("", f"params:\n  {name}: {keys}\n").errors]


def test_every_key() -> None:
    keys = "{type: float, from: config.a.b, pick: s.col, default: 1.5, min: 1, max: 2, required: false, help: why}"
    assert parameter(keys) == Parameter(
        "x",
        Type.FLOAT,
        ("config.a.b",),
        Pick("s", "col"),
        "1.5",
        min=1,
        max=2,
        is_required=False,
        help="why",
        line=4,
    )


@pytest.mark.parametrize("keys", ["{}", "", "~"])
def test_nothing_said_is_a_text_that_is_asked_for(keys: str) -> None:
    assert parameter(keys) == Parameter("x", line=4)


@pytest.mark.parametrize(
    "origin",
    [
        "labels.a_b",
        "annotations.x",
        "deployment.version",
        "deployment.previous_version",
        "config.redis.cache.host",
        "env.HOME_X",
    ],
)
def test_every_origin(origin: str) -> None:
    assert parameter(f"{{from: {origin}}}").origins == (origin,)


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ("{from: labels}", "F1"),
        ("{from: deployment.author}", "F1"),
        ("{type: text}", "F1"),
        ("{pick: x}", "F1"),
        ("{pattern: '('}", "F1"),
        ("{default: [a]}", "F1"),
        ("{form: labels.a}", "F2"),
        ("{default: a, default: b}", "F3"),
        ("[a]", "F1"),
        ("{default: -x}", "N4"),
        ("{default: a b}", "N4"),
        ("{default: c, choices: [a, b]}", "N4"),
        ("{default: x, pattern: '[a-c]'}", "N4"),
        ("{type: int, default: 1.5}", "N4"),
        ("{type: int, default: 0, min: 1}", "N4"),
        ("{type: int, default: 9, max: 5}", "N4"),
        ("{type: int, min: 5, max: 1}", "N4"),
        ("{type: bool, default: yes}", "N4"),
        ("{type: duration, default: soon}", "N4"),
        ("{min: 1}", "N4"),
        ("{type: secret, default: x}", "N6"),
        ("{type: secret, from: labels.x}", "N6"),
    ],
)
def test_what_is_refused(keys: str, rule: str) -> None:
    assert errors(keys) == [(rule, 4)]


@pytest.mark.parametrize("name", ["http_proxy", "no_proxy", "and", "stdout", "status", "oc_pod"])
def test_names_that_mean_something_else(name: str) -> None:
    assert errors("{default: x}", name) == [("N3", 4)]


@pytest.mark.parametrize("name", ["PATH", "a-b", "_a", "9a", "a" * 41])
def test_names_that_are_none(name: str) -> None:
    assert errors("{default: x}", name) == [("F1", 4)]


@pytest.mark.parametrize(
    "keys",
    [
        "{type: secret, from: env.TOKEN}",
        "{type: duration, default: 1h30m}",
        "{type: bool, default: false}",
        "{choices: [a b, c d], default: a b}",
        "{pattern: '-.*', default: -x}",
    ],
)
def test_what_is_taken(keys: str) -> None:
    assert parameter(keys).name == "x"
