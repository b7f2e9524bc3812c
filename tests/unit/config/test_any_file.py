"""Whatever a file holds, it becomes settings or problems: never another error, and never a secret in words."""

import json
import tomllib
from pathlib import Path

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oncall_tui.config import model
from oncall_tui.config.errors import ConfigError
from oncall_tui.config.load import load
from oncall_tui.config.model import Config, Struct
from oncall_tui.config.show import as_toml

SECRET = "Zx-secret-value"
KINDS = [kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, Struct)]
KEYS = sorted({field.encode_name for kind in KINDS for field in msgspec.structs.fields(kind)} | {"kind", "api", "prom"})
WORDS = ["prometheus", "pagerduty", "sentry", "http://h", "https://[::1", "5m", "P1", "above", "env:A", "prom", "("]

keys = st.sampled_from(KEYS) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=4)
leaves = st.sampled_from([*WORDS, SECRET]) | st.integers(-2, 500) | st.booleans() | st.floats(allow_nan=False)
data = st.recursive(
    leaves, lambda one: st.lists(one, max_size=3) | st.dictionaries(keys, one, max_size=5), max_leaves=25
)
sources = st.dictionaries(st.sampled_from(["prom", "pd"]), st.dictionaries(keys, data, max_size=6), max_size=2)


def inline(value: object) -> str:
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(name, ensure_ascii=False)} = {inline(one)}" for name, one in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(inline(one) for one in value) + "]"
    if isinstance(value, float):
        return repr(value).replace("e+", "e")
    return json.dumps(value, ensure_ascii=False)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(keys, data, max_size=6), sources)
@example({}, {"pd": {"kind": "pagerduty", "token": SECRET, "url": SECRET, "proxy": SECRET, "ca_file": "x"}})
@example({"display": {"chart": {"title": 1}}, "services": {"": {"aliases": [""]}}}, {})
def test_any_file_is_settings_or_problems(tables: dict[str, object], some: dict[str, object]) -> None:
    document = {**tables, "sources": some}
    text = "\n".join(f"{json.dumps(name, ensure_ascii=False)} = {inline(one)}" for name, one in document.items())
    tomllib.loads(text)
    folder = Path(__file__).parent
    told, config = outcome(text, folder)
    assert (told == "") == (config is not None)
    if config is not None:
        assert outcome(as_toml(config), folder) == ("", config)
    for line in told.splitlines():
        is_about_a_credential = any(word in line for word in (".token", ".headers", ".url", ".proxy"))
        assert not (is_about_a_credential and SECRET in line.split(": ", 2)[-1])


def outcome(text: str, folder: Path) -> tuple[str, Config | None]:
    """What ``load`` makes of a text, without writing it to a file."""

    class Text(type(folder)):  # type: ignore[misc]  # the class of paths of this system
        def read_bytes(self) -> bytes:
            return text.encode()

    try:
        return "", load(Text(folder / "oncall.toml"))
    except ConfigError as error:
        return str(error), None
