"""``oncall-tui config init`` from outside: options, exit codes, stdout; and the first start without a configuration."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from oncall_tui.cli.init import begin
from oncall_tui.cli.main import group
from oncall_tui.cli.session import Session
from oncall_tui.config.load import load
from tests.unit.cli.fakes import FakeRooms
from tests.unit.cli.init.fakes import TOKEN

OFFLINE = ("--yes", "--no-check", "--prometheus", "http://localhost:9090")


def start(
    *arguments: str,
    folder: Path,
    environ: Mapping[str, str] | None = None,
    is_terminal: bool = False,
    is_piped: bool = False,
    typed: str = "",
    rooms: FakeRooms | None = None,
) -> Result:
    rooms = rooms or FakeRooms()
    session = Session(
        environ={"XDG_CONFIG_HOME": str(folder), **(environ or {})},
        open_rooms=rooms.open,
        start_screen=rooms.screens.append,
        is_terminal=lambda: is_terminal,
        has_screen=lambda: is_terminal and not is_piped,
    )
    return CliRunner().invoke(group, arguments, obj=session, prog_name="oncall-tui", input=typed)


def init(*arguments: str, folder: Path, environ: Mapping[str, str] | None = None) -> Result:
    return start("config", "init", *arguments, folder=folder, environ=environ)


def usual(folder: Path) -> Path:
    return folder / "oncall-tui" / "oncall.toml"


class TestWithoutATerminal:
    def test_the_file_is_written_to_its_usual_place(self, tmp_path: Path) -> None:
        result = init(*OFFLINE, "--environment", "production", "--production", folder=tmp_path)
        assert (result.exit_code, result.stdout) == (0, "")
        assert load(usual(tmp_path)).is_production
        assert f"Written and loaded again: 1 source, readable by you alone.\n    {usual(tmp_path)}\n" in result.stderr
        assert "oncall-tui doctor" in result.stderr

    def test_another_place_is_named_in_what_comes_next(self, tmp_path: Path) -> None:
        path = tmp_path / "my own.toml"
        result = init(*OFFLINE, "--output", str(path), folder=tmp_path)
        assert result.exit_code == 0
        assert f"oncall-tui --config '{path}' config check" in result.stderr
        assert load(path).sources

    @pytest.mark.parametrize("arguments", [("--config", "FILE"), ()])
    def test_the_file_that_would_be_read_is_the_one_that_is_written(
        self, arguments: Sequence[str], tmp_path: Path
    ) -> None:
        path = tmp_path / "named.toml"
        before = [str(path) if one == "FILE" else one for one in arguments]
        environ = {} if arguments else {"ONCALL_TUI_CONFIG": str(path)}
        assert start(*before, "config", "init", *OFFLINE, folder=tmp_path, environ=environ).exit_code == 0
        assert load(path).sources

    def test_the_text_can_go_to_stdout(self, tmp_path: Path) -> None:
        result = init(*OFFLINE, "--print", folder=tmp_path)
        (tmp_path / "copy.toml").write_text(result.stdout)
        assert load(tmp_path / "copy.toml").sources["prometheus"].url == "http://localhost:9090"
        assert not usual(tmp_path).exists()

    def test_json_says_what_was_made(self, tmp_path: Path) -> None:
        answer = json.loads(init(*OFFLINE, "--json", "--environment", "lab", folder=tmp_path).stdout)
        assert answer == {
            "file": str(usual(tmp_path)),
            "backup": None,
            "sources": [
                {"name": "prometheus", "kind": "prometheus", "url": "http://localhost:9090", "is_checked": False}
            ],
            "environment": "lab",
            "variables": [],
            "text": None,
        }
        again = json.loads(init(*OFFLINE, "--json", "--force", folder=tmp_path).stdout)
        assert Path(again["backup"]).is_file()
        shown = json.loads(init(*OFFLINE, "--json", "--print", folder=tmp_path).stdout)
        assert (shown["file"], shown["text"][:12]) == (None, "# oncall-tui")

    @pytest.mark.parametrize("arguments", [(), ("--yes",), ("--prometheus", "http://localhost:9090")])
    def test_missing_answers_are_told_with_the_options_that_give_them(
        self, arguments: Sequence[str], tmp_path: Path
    ) -> None:
        result = init(*arguments, folder=tmp_path)
        assert (result.exit_code, result.stdout) == (2, "")
        for option in ("--yes", "--prometheus", "--pagerduty-token env:PAGERDUTY_TOKEN", "--sentry-organization"):
            assert option in result.stderr
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("option", "missing"),
        [("--pagerduty-team", "--pagerduty-token"), ("--sentry-organization", "--sentry-token")],
    )
    def test_half_of_a_source_is_not_left_out_in_silence(self, option: str, missing: str, tmp_path: Path) -> None:
        result = init(*OFFLINE, option, "x", folder=tmp_path)
        assert result.exit_code == 2
        assert f"{missing} is needed" in result.stderr
        assert list(tmp_path.iterdir()) == []

    def test_a_private_authority_is_kept_by_its_whole_path(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "ca.pem").touch()
        monkeypatch.chdir(tmp_path)
        assert init(*OFFLINE, "--ca-file", "ca.pem", folder=tmp_path).exit_code == 0
        assert load(usual(tmp_path)).sources["prometheus"].ca_file == tmp_path / "ca.pem"
        assert init(*OFFLINE, "--force", "--ca-file", "no.pem", folder=tmp_path).exit_code == 2

    def test_a_file_that_is_there_needs_force(self, tmp_path: Path) -> None:
        init(*OFFLINE, folder=tmp_path)
        before = usual(tmp_path).read_text()
        result = init(*OFFLINE, "--environment", "other", folder=tmp_path)
        assert result.exit_code == 2
        assert "a configuration with the sources prometheus" in result.stderr
        assert "--force" in result.stderr
        assert usual(tmp_path).read_text() == before

    def test_a_literal_token_is_refused_and_not_repeated(self, tmp_path: Path) -> None:
        result = init("--yes", "--no-check", "--pagerduty-token", TOKEN, folder=tmp_path)
        assert result.exit_code == 2
        assert "takes a reference, never the token itself" in result.stderr
        assert TOKEN not in result.output

    def test_a_secret_that_is_missing_is_2_and_a_vendor_that_is_away_4(self, tmp_path: Path) -> None:
        assert init("--yes", "--pagerduty-token", "env:NOT_SET", folder=tmp_path).exit_code == 2
        away = init("--yes", "--prometheus", "http://127.0.0.1:1", folder=tmp_path)
        assert away.exit_code == 4
        assert "refuses the connection" in away.stderr
        assert list(tmp_path.iterdir()) == []

    def test_what_must_be_set_before_the_start_is_said_without_the_token(self, tmp_path: Path) -> None:
        options = ("--yes", "--no-check", "--pagerduty-token", "env:PD", "--sentry-token", "keyring:oncall-tui/sentry")
        result = init(*options, "--sentry-organization", "acme", folder=tmp_path, environ={"PD": TOKEN})
        assert result.exit_code == 0
        assert TOKEN not in result.output + usual(tmp_path).read_text()

    @pytest.mark.parametrize("url", ["https://ana:hunter2@example.com", "ftp://x", "a b"])
    def test_what_is_no_address_is_refused(self, url: str, tmp_path: Path) -> None:
        result = init("--yes", "--prometheus", url, folder=tmp_path)
        assert result.exit_code == 2
        assert "hunter2" not in result.output


class TestTheFirstStart:
    def press(self, monkeypatch: pytest.MonkeyPatch, *keys: str | type[BaseException]) -> None:
        waiting = list(keys)

        def getchar() -> str:
            key = waiting.pop(0)
            if isinstance(key, str):
                return key
            raise key

        monkeypatch.setattr(click, "getchar", getchar)

    def test_quitting_writes_nothing(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        for key in ("q", "\x1b", KeyboardInterrupt, EOFError):
            self.press(monkeypatch, "x", key)
            result = start(folder=tmp_path, is_terminal=True)
            assert result.exit_code == 2
            assert "2  see the demo first" in result.stderr
            assert "Traceback" not in result.output
        assert list(tmp_path.iterdir()) == []

    def test_one_key_leads_to_the_wizard(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        for key in ("1", "\r"):
            self.press(monkeypatch, key)
            result = start(folder=tmp_path, is_terminal=True, typed="")
            assert "Your own oncall-tui" in result.stderr
            assert result.stderr.endswith("Nothing was written.\n")
            assert result.exit_code == 130
        assert list(tmp_path.iterdir()) == []

    def test_one_key_leads_to_the_demo(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        self.press(monkeypatch, "2")
        started: list[dict[str, object]] = []
        monkeypatch.setattr("oncall_tui.cli.demo.demo.callback", lambda **options: started.append(options))
        assert start(folder=tmp_path, is_terminal=True).exit_code == 0
        assert started == [{"serve_only": False, "quiet": False, "seed": 1, "all_incidents": False}]

    def test_every_line_fits_80_columns(self) -> None:
        assert max(len(line) for line in begin._MENU.splitlines()) < 80

    def test_with_a_configuration_the_screen_starts_at_once(self, tmp_path: Path) -> None:
        rooms = FakeRooms()
        init(*OFFLINE, folder=tmp_path)
        assert start(folder=tmp_path, is_terminal=True, rooms=rooms).exit_code == 0
        assert list(rooms.screens[0].sources) == ["prometheus"]

    def test_whose_output_goes_elsewhere_is_told_as_ever(self, tmp_path: Path) -> None:
        result = start(folder=tmp_path, is_terminal=True, is_piped=True)
        assert result.exit_code == 2
        assert "Begin in one of these ways" in result.stderr

    def test_a_verb_never_asks(self, tmp_path: Path) -> None:
        result = start("alerts", folder=tmp_path, is_terminal=True)
        assert result.exit_code == 2
        assert "oncall-tui config init" in result.stderr
