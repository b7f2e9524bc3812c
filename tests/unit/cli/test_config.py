"""``oncall-tui config``."""

import json
from pathlib import Path

from oncall_tui.config.load import load
from tests.unit.cli.fakes import FakeRooms, run

GOOD = '[sources.pd]\nkind = "pagerduty"\ntoken = "env:PD_TOKEN"\n[[services.api.checks]]\nname = "a"\nquery = "q"\n'
GOOD += '[sources.prom]\nkind = "prometheus"\nurl = "http://localhost:9090"\n'
SECRET = "u+Zx-secret-value"


def options(folder: Path, text: str) -> tuple[str, str]:
    path = folder / "oncall.toml"
    path.write_text(text)
    return ("--config", str(path))


def test_a_good_file_is_said_to_be_good(tmp_path: Path) -> None:
    rooms = FakeRooms()
    result = run(rooms, "config", "check", options=options(tmp_path, GOOD))
    assert (result.exit_code, result.stdout) == (
        0,
        f"{tmp_path}/oncall.toml is fine: 2 sources, 1 service, 1 check.\n",
    )
    assert rooms.configs == []


def test_a_bad_file_is_told_line_by_line(tmp_path: Path) -> None:
    text = f'[sources.pd]\nkind = "pagerduty"\ntoken = "{SECRET}"\n[display]\nthem = true\n'
    result = run(FakeRooms(), "config", "check", options=options(tmp_path, text))
    assert result.exit_code == 2
    told = result.stderr.splitlines()
    assert told[0].startswith(f"{tmp_path}/oncall.toml:3: sources.pd.token: a literal secret")
    assert told[1] == f'{tmp_path}/oncall.toml:5: display.them: unknown key; did you mean "theme"?'
    assert told[2] == "2 problems in the configuration."
    assert SECRET not in result.output


def test_json_has_the_same(tmp_path: Path) -> None:
    chosen = options(tmp_path, GOOD + "[display]\nthem = true")
    result = run(FakeRooms(), "config", "check", "--json", options=chosen)
    assert result.exit_code == 2
    assert result.stderr == ""
    assert json.loads(result.stdout) == {
        "file": chosen[1],
        "is_fine": False,
        "problems": [
            {
                "file": chosen[1],
                "line": 11,
                "column": None,
                "key": "display.them",
                "problem": "unknown key",
                "expected": 'did you mean "theme"?',
            }
        ],
    }
    good = run(FakeRooms(), "config", "check", "--json", options=options(tmp_path, GOOD))
    assert json.loads(good.stdout) == {"file": chosen[1], "is_fine": True, "problems": []}


def test_an_address_can_be_checked_too() -> None:
    assert run(FakeRooms(), "config", "check").stdout == "--prometheus is fine: 1 source, 0 services, 0 checks.\n"
    assert json.loads(run(FakeRooms(), "config", "check", "--json").stdout)["file"] is None


def test_a_theme_that_there_is_none_of_is_told_with_its_line(tmp_path: Path) -> None:
    chosen = options(tmp_path, GOOD + '[display]\ntheme = "oncal-dark"\n')
    result = run(FakeRooms(), "config", "check", options=chosen, environ={"XDG_CONFIG_HOME": str(tmp_path)})
    assert result.exit_code == 2
    assert result.stderr == f'{chosen[1]}:11: display.theme: unknown theme "oncal-dark"; did you mean "oncall-dark"?\n'


def test_keys_that_cannot_hold_are_told_with_their_lines(tmp_path: Path) -> None:
    chosen = options(tmp_path, GOOD + '[keys]\n"screen.quit" = "none"\n"no.such" = "x"\n')
    result = run(FakeRooms(), "config", "check", "--json", options=chosen, environ={"XDG_CONFIG_HOME": str(tmp_path)})
    assert result.exit_code == 2
    problems = json.loads(result.stdout)["problems"]
    assert [(one["line"], one["key"]) for one in problems] == [(11, 'keys."screen.quit"'), (12, 'keys."no.such"')]


def test_a_broken_theme_file_of_ones_own_is_told(tmp_path: Path) -> None:
    themes = tmp_path / "oncall-tui" / "themes"
    themes.mkdir(parents=True)
    (themes / "mine.toml").write_text('name = "mine"\n[colors]\nprimary = "no colour"\n')
    chosen = options(tmp_path, GOOD)
    result = run(FakeRooms(), "config", "check", options=chosen, environ={"XDG_CONFIG_HOME": str(tmp_path)})
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{themes}: mine.toml: colors.primary: ")


def test_what_is_shown_can_be_loaded_again(tmp_path: Path) -> None:
    chosen = options(tmp_path, GOOD)
    before = load(Path(chosen[1]))
    environ = {"PD_TOKEN": SECRET}
    result = run(FakeRooms(), "config", "show", options=chosen, environ=environ)
    assert result.exit_code == 0
    assert load(Path(options(tmp_path, result.stdout)[1])) == before
    assert 'token = "env:PD_TOKEN"' in result.stdout
    assert SECRET not in result.output


def test_it_can_be_shown_as_json(tmp_path: Path) -> None:
    result = run(FakeRooms(), "config", "show", "--json", options=options(tmp_path, GOOD))
    shown = json.loads(result.stdout)
    assert shown["sources"]["pd"]["token"] == "env:PD_TOKEN"
    assert shown["display"]["suspect_window"] == "1h"
