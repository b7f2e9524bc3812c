"""The effective configuration, written so that it can be read again."""

import json
import tomllib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from oncall_tui.config.convert import convert
from oncall_tui.config.load import load, zero_config
from oncall_tui.config.model import (
    AlertmanagerSettings,
    ChartSettings,
    CheckSettings,
    Config,
    DisplaySettings,
    EnvironmentSettings,
    JournalSettings,
    LineSettings,
    PagerDutySettings,
    ServiceSettings,
    SeveritySettings,
)
from oncall_tui.config.show import as_data, as_json, as_toml

FULL = Config(
    sources={
        "pd": PagerDutySettings(token="env:PD", urgencies=("high",)),
        "am.eu": AlertmanagerSettings(url="https://am", headers={"X-Scope-OrgID": 'a "b"'}, filters=('team="x"',)),
        **zero_config("http://localhost:9090").sources,
    },
    environments={"production": EnvironmentSettings(production=True), "staging": EnvironmentSettings()},
    services={
        "my api": ServiceSettings(
            aliases=("API",),
            checks=(
                CheckSettings(name="a", query='sum(rate(x{a="b"}[5m]))\n/ 2', warning=1, for_="5m", maximum=1e20),
                CheckSettings(name="b", query="q", maximum="max(y)"),
            ),
        ),
        "db": ServiceSettings(),
    },
    severity=SeveritySettings(prometheus={"wake up": "P1"}),
    display=DisplaySettings(
        environment="production", chart=ChartSettings(title="é\x7f", lines=(LineSettings(name="l", query="q"),))
    ),
    journal=JournalSettings(path=Path("/tmp/j.sqlite3")),
)


def read_again(text: str) -> Config:
    config, wrong = convert(tomllib.loads(text), Path("/"))
    assert wrong == ()
    return config


def test_what_is_shown_can_be_loaded_again() -> None:
    assert read_again(as_toml(FULL)) == FULL


def test_a_shown_file_passes_every_rule(tmp_path: Path) -> None:
    config = zero_config("http://localhost:9090")
    path = tmp_path / "oncall.toml"
    path.write_text(as_toml(config))
    assert load(path) == config


def test_defaults_are_shown_and_what_has_no_value_is_not() -> None:
    text = as_toml(zero_config("http://localhost:9090"))
    assert 'interval = "30s"' in text
    assert "token" not in text


def test_a_secret_is_shown_as_its_reference() -> None:
    assert 'token = "env:PD"' in as_toml(FULL)


def test_json_has_the_keys_of_the_file() -> None:
    shown = json.loads(as_json(FULL))
    assert shown == as_data(FULL)
    assert shown["sources"]["pd"]["kind"] == "pagerduty"
    assert shown["services"]["my api"]["checks"][0]["for"] == "5m"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@settings(max_examples=60)
@given(st.dictionaries(texts, texts, max_size=3), texts, st.floats(allow_nan=False, allow_infinity=False))
def test_any_text_and_number_survives(words: dict[str, str], text: str, number: float) -> None:
    check = CheckSettings(name=text, query=text, warning=number)
    config = Config(services={text: ServiceSettings(checks=(check,))}, severity=SeveritySettings(prometheus=words))
    assert read_again(as_toml(config)) == config
