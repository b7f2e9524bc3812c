"""The group: options before the verb, the screen without one, and errors as messages with exit codes."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from oncall_tui import __version__
from oncall_tui.cli.main import VERBS
from oncall_tui.config.errors import ConfigError, Problem
from oncall_tui.config.model import PrometheusSettings
from oncall_tui.config.secrets import SecretError
from oncall_tui.journal.errors import JournalError
from oncall_tui.sources.errors import Unreachable
from tests.unit.cli.fakes import FakeRooms, run

URL = "http://localhost:9090"


def config_file(folder: Path, text: str = f'[sources.prom]\nkind = "prometheus"\nurl = "{URL}"\n') -> Path:
    path = folder / "oncall.toml"
    path.write_text(text)
    return path


class TestTheScreen:
    def test_it_starts_without_a_verb(self) -> None:
        rooms = FakeRooms()
        assert run(rooms).exit_code == 0
        assert rooms.screens[0].sources == {"prometheus": PrometheusSettings(url=URL)}
        assert rooms.configs == []

    def test_a_pipe_is_no_place_for_it(self, tmp_path: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "oncall_tui", "--prometheus", URL],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert "needs a terminal" in done.stderr
        assert "Traceback" not in done.stderr

    def test_without_a_terminal_on_stderr_keys_would_act_on_rows_unseen(self) -> None:
        master, slave = pty.openpty()
        try:
            done = subprocess.run(
                [sys.executable, "-m", "oncall_tui", "--prometheus", URL],
                stdin=slave,
                stdout=slave,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
                timeout=60,
            )
        finally:
            os.close(master)
            os.close(slave)
        assert done.returncode == 2
        assert "needs a terminal, for stderr too" in done.stderr


class TestWhichConfiguration:
    def test_the_option_names_a_file(self, tmp_path: Path) -> None:
        rooms = FakeRooms()
        run(rooms, "alerts", options=("--config", str(config_file(tmp_path))))
        assert list(rooms.configs[0].sources) == ["prom"]

    def test_the_environment_names_one(self, tmp_path: Path) -> None:
        rooms = FakeRooms()
        environ = {"ONCALL_TUI_CONFIG": str(config_file(tmp_path))}
        run(rooms, "alerts", options=(), environ=environ)
        assert list(rooms.configs[0].sources) == ["prom"]

    def test_an_address_rules_over_the_environment(self, tmp_path: Path) -> None:
        rooms = FakeRooms()
        run(rooms, "alerts", environ={"ONCALL_TUI_CONFIG": str(config_file(tmp_path))})
        assert list(rooms.configs[0].sources) == ["prometheus"]

    @pytest.mark.parametrize(
        ("typed", "url"),
        [
            ("localhost:9090", "http://localhost:9090"),
            ("prometheus.example.com", "https://prometheus.example.com"),
            ("http://localhost:9090/graph?g0.expr=up", "http://localhost:9090"),
        ],
    )
    def test_an_address_is_taken_as_it_is_typed_or_pasted(self, typed: str, url: str) -> None:
        rooms = FakeRooms()
        run(rooms, "alerts", options=("--prometheus", typed))
        assert rooms.configs[0].sources == {"prometheus": PrometheusSettings(url=url)}

    @pytest.mark.parametrize("typed", ["ftp://localhost", "https://me:secret@localhost", "", "a b"])
    def test_what_is_no_address_is_refused_and_no_secret_of_it_repeated(self, typed: str) -> None:
        result = run(FakeRooms(), "alerts", options=("--prometheus", typed))
        assert result.exit_code == 2
        assert result.stderr.startswith("--prometheus: ")
        assert "secret" not in result.output

    def test_both_options_contradict_each_other(self, tmp_path: Path) -> None:
        options = ("--config", str(config_file(tmp_path)), "--prometheus", URL)
        result = run(FakeRooms(), "alerts", options=options)
        assert result.exit_code == 2
        assert "cannot be combined" in result.stderr

    @pytest.mark.parametrize("verb", [(), ("alerts",), ("config", "check"), ("config", "show")])
    def test_without_any_it_is_said_how_to_begin(self, verb: tuple[str, ...], tmp_path: Path) -> None:
        rooms = FakeRooms()
        result = run(rooms, *verb, options=(), environ={"XDG_CONFIG_HOME": str(tmp_path)})
        assert result.exit_code == 2
        assert result.stdout == ""
        for words in ("oncall-tui demo", f"oncall-tui --prometheus {URL}", f"{tmp_path}/oncall-tui/oncall.toml"):
            assert words in result.stderr
        assert rooms.screens == rooms.configs == []
        assert list(tmp_path.iterdir()) == []

    def test_the_example_in_that_message_is_a_good_file(self, tmp_path: Path) -> None:
        told = run(FakeRooms(), options=(), environ={"XDG_CONFIG_HOME": str(tmp_path)}).stderr
        example = [line[6:] for line in told.splitlines() if line.startswith("      ") and ("[" in line or "=" in line)]
        path = config_file(tmp_path, "\n".join(example))
        result = run(FakeRooms(), "config", "check", options=("--config", str(path)))
        assert result.stdout == f"{path} is fine: 2 sources, 0 services, 0 checks.\n"


class TestErrors:
    @pytest.mark.parametrize(
        ("error", "code", "words"),
        [
            (ConfigError([Problem("o.toml", "a.b", 3, "bad", "good")]), 2, "o.toml:3: a.b: bad; good\n"),
            (
                ConfigError([Problem("o.toml", "a", 1, "bad"), Problem("o.toml", "b", 2, "bad")]),
                2,
                "o.toml:1: a: bad\no.toml:2: b: bad\n2 problems in the configuration.\n",
            ),
            (SecretError("env:PD is not set."), 2, "A secret cannot be had. env:PD is not set.\n"),
            (Unreachable("prom is unreachable.", "Is the VPN up?"), 4, "prom is unreachable. Is the VPN up?\n"),
            (JournalError("The journal is full.", "Free some space."), 1, "The journal is full. Free some space.\n"),
            (PermissionError(13, "Permission denied", "/var/j.db"), 1, "/var/j.db: Permission denied\n"),
            (OSError("odd \x1b[31m"), 1, "odd \ufffd[31m\n"),
        ],
    )
    def test_what_the_user_can_mend_is_a_message(self, error: Exception, code: int, words: str) -> None:
        rooms = FakeRooms(error=error)
        result = run(rooms, "alerts")
        assert (result.exit_code, result.stderr, result.stdout) == (code, words, "")
        assert rooms.closed == 1

    @pytest.mark.parametrize("verb", ["alerts", "status"])
    def test_a_journal_that_cannot_be_read_hides_nothing_that_is_broken(self, verb: str) -> None:
        trouble = JournalError("The journal cannot be used: it may only be read.", "Make the file writable for you.")
        usual, found = run(FakeRooms(), verb), run(FakeRooms(journal_trouble=trouble), verb)
        assert (found.exit_code, found.stdout) == (usual.exit_code, usual.stdout)
        assert f"{trouble} What was acknowledged here only is not marked. {trouble.hint}\n" in found.stderr

    def test_a_fault_of_the_program_keeps_its_traceback(self) -> None:
        result = run(FakeRooms(error=ZeroDivisionError("a bug")), "alerts")
        assert result.exit_code == 1
        assert "Traceback" in result.stderr

    def test_an_interrupt_is_130(self) -> None:
        rooms = FakeRooms(error=KeyboardInterrupt())
        result = run(rooms, "alerts")
        assert (result.exit_code, result.stderr) == (130, "")
        assert rooms.closed == 1

    def test_an_interrupted_act_says_what_comes_of_it(self) -> None:
        result = run(FakeRooms(error=KeyboardInterrupt()), "ack", "pagerduty/Q1")
        assert result.exit_code == 130
        assert result.stderr.startswith("Interrupted: what was under way may have arrived or not")

    def test_ctrl_c_ends_a_real_process_with_130_and_no_traceback(self, tmp_path: Path) -> None:
        pipe = tmp_path / "oncall.toml"
        os.mkfifo(pipe)
        command = [sys.executable, "-m", "oncall_tui", "--config", str(pipe), "config", "check"]
        with (
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process,
            pipe.open("w"),  # opens once the process waits for its configuration
        ):
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "Traceback" not in told

    def test_a_reader_that_went_away_ends_it_quietly(self, tmp_path: Path) -> None:
        command = [sys.executable, "-m", "oncall_tui", "--prometheus", URL, "config", "show"]
        reading, writing = os.pipe()
        os.close(reading)
        try:
            done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
        finally:
            os.close(writing)
        assert (done.returncode, done.stderr) == (141, "")


class TestHelp:
    @pytest.mark.parametrize("option", ["-h", "--help"])
    def test_it_names_every_verb(self, option: str) -> None:
        result = run(FakeRooms(), option, options=())
        assert result.exit_code == 0
        assert all(f"\n  {name} " in result.stdout and verb.help in result.stdout for name, verb in VERBS.items())

    def test_the_version_is_told(self) -> None:
        assert run(FakeRooms(), "--version", options=()).stdout == f"oncall-tui {__version__}\n"

    def test_a_verb_that_does_not_exist(self) -> None:
        result = run(FakeRooms(), "alrets", options=())
        assert result.exit_code == 2
        assert "No such command 'alrets'. Did you mean \"alerts\"?" in result.stderr

    def test_a_verb_that_is_like_none_is_not_guessed(self) -> None:
        result = run(FakeRooms(), "xyzzy", options=())
        assert result.exit_code == 2
        assert "Did you mean" not in result.stderr

    @pytest.mark.parametrize("name", VERBS)
    def test_a_verb_has_the_same_first_line_in_both_helps(self, name: str) -> None:
        command = VERBS[name].load()
        first = (command.help or "").split("\n")[0]
        assert first.startswith(VERBS[name].help.rstrip("."))
        assert command.name == name


CHEAP = ["--version", "--help", "config check"]


@pytest.mark.parametrize("arguments", CHEAP)
def test_what_must_be_quick_loads_nothing_heavy(arguments: str) -> None:
    code = f"""
import sys
from oncall_tui.cli.main import main
sys.argv = ["oncall-tui", "--prometheus", "http://localhost:9090", *{arguments.split()!r}]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
heavy = {{"textual", "rich", "httpx", "requests", "sqlalchemy", "keyring", "aiohttp"}}
loaded = heavy & set(sys.modules)
assert not loaded, loaded
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout
