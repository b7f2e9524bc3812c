"""What is said when everything is written."""

from dataclasses import replace
from pathlib import Path

import pytest

from oncall_tui.cli.init.draft import Draft, DraftSource, Token
from oncall_tui.cli.init.ending import end
from oncall_tui.cli.init.flow import Outcome
from oncall_tui.cli.session import Session
from oncall_tui.config.model import Config, PagerDutySettings
from oncall_tui.config.secrets import Secret
from tests.unit.cli.init.fakes import TOKEN, ScriptedKeys

SOURCE = DraftSource(
    "pagerduty", PagerDutySettings(token="env:PD"), Token("PD", "env:PD", Secret(TOKEN)), is_checked=True
)
CONFIG = Config(sources={"pagerduty": PagerDutySettings(token="env:PD")})


def said(
    capsys: pytest.CaptureFixture[str], outcome: Outcome, keys: ScriptedKeys, folder: Path
) -> tuple[str, list[Config]]:
    screens: list[Config] = []
    end(Session(environ={"XDG_CONFIG_HOME": str(folder)}, start_screen=screens.append), keys, outcome)
    assert keys.answers == []
    told = capsys.readouterr()
    assert told.out == ""
    assert TOKEN not in told.err + keys.text_shown
    return told.err + keys.text_shown, screens


def outcome_at(path: Path | None, *variables: str) -> Outcome:
    return Outcome(Draft([SOURCE]), "text", variables, path, None, CONFIG if path else None)


def test_the_screen_starts_for_whoever_wants_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "oncall-tui" / "oncall.toml"
    text, screens = said(capsys, outcome_at(path), ScriptedKeys(""), tmp_path)
    assert screens == [CONFIG]
    for words in (str(path), "oncall-tui doctor", "oncall-tui config check", "oncall-tui demo"):
        assert words in text
    assert "--config" not in text
    assert said(capsys, outcome_at(path), ScriptedKeys("n"), tmp_path)[1] == []
    assert said(capsys, outcome_at(path), ScriptedKeys(None), tmp_path)[1] == []


def test_variables_come_first_and_nothing_starts_without_them(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text, screens = said(capsys, outcome_at(tmp_path / "o.toml", "PD", "SENTRY"), ScriptedKeys(), tmp_path)
    assert screens == []
    assert "  export PD=…\n  export SENTRY=…\n" in text
    assert "  read -rs PD && export PD\n" in text
    printed, _ = said(capsys, outcome_at(None, "PD"), ScriptedKeys(), tmp_path)
    assert "export PD=…" in printed


def test_what_was_not_asked_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    outcome = outcome_at(None)
    outcome.draft.sources = [replace(SOURCE, is_checked=False)]
    assert (
        "pagerduty was not checked: `oncall-tui doctor` looks at it."
        in said(capsys, outcome, ScriptedKeys(), tmp_path)[0]
    )
