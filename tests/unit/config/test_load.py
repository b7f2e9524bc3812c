"""A file to settings, or to everything that is wrong with it."""

from pathlib import Path

import pytest

from oncall_tui.config.load import ConfigError, Problem, find_config, load, zero_config
from oncall_tui.config.model import (
    AlertmanagerSettings,
    CheckSettings,
    Config,
    PagerDutySettings,
    PrometheusSettings,
    SentrySettings,
)
from tests.unit.config.files import FULL, PROMETHEUS, file_with, in_prometheus, problem, problems


class TestAGoodFile:
    def test_every_table_becomes_its_struct(self, tmp_path: Path) -> None:
        (tmp_path / "ca.pem").touch()
        config = load(file_with(tmp_path, FULL))
        kinds = [type(source) for source in config.sources.values()]
        assert kinds == [PrometheusSettings, AlertmanagerSettings, PagerDutySettings, SentrySettings]
        assert config.is_production
        assert config.services["api"].checks[0] == CheckSettings(
            name="p95", query="latency", source="prometheus", warning=300.0, critical=500.5, for_="5m", maximum=1000
        )
        assert config.services["api"].checks[1].maximum == "total"
        assert config.display.chart is not None
        assert config.display.chart.lines[0].name == "p95"
        assert config.severity.prometheus == {"wakeup": "P1"}

    def test_what_is_not_written_is_the_default(self, tmp_path: Path) -> None:
        config = load(file_with(tmp_path, PROMETHEUS))
        assert config == Config(sources={"prom": PrometheusSettings(url="http://localhost:9090")})

    def test_a_path_begins_at_the_folder_of_the_file_or_at_home(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", "/home/me")
        config = load(file_with(tmp_path, PROMETHEUS + '[journal]\npath = "j.db"'))
        assert config.journal.path == tmp_path / "j.db"
        config = load(file_with(tmp_path, PROMETHEUS + '[journal]\npath = "~/j.db"'))
        assert config.journal.path == Path("/home/me/j.db")

    def test_reading_writes_nothing(self, tmp_path: Path) -> None:
        path = file_with(tmp_path, PROMETHEUS)
        load(path)
        assert list(tmp_path.iterdir()) == [path]

    def test_a_byte_order_mark_and_windows_newlines_do_no_harm(self, tmp_path: Path) -> None:
        path = tmp_path / "oncall.toml"
        path.write_bytes(b"\xef\xbb\xbf" + PROMETHEUS.replace("\n", "\r\n").encode())
        assert list(load(path).sources) == ["prom"]


class TestWhichFile:
    def test_the_option_rules_over_the_environment_over_the_usual_place(self, tmp_path: Path) -> None:
        usual = tmp_path / "oncall-tui/oncall.toml"
        usual.parent.mkdir()
        usual.touch()
        environ = {"XDG_CONFIG_HOME": str(tmp_path), "ONCALL_TUI_CONFIG": "/etc/named.toml"}
        assert find_config(Path("given.toml"), environ) == Path("given.toml")
        assert find_config(None, environ) == Path("/etc/named.toml")
        assert find_config(None, environ | {"ONCALL_TUI_CONFIG": ""}) == usual

    def test_without_any_there_is_none_and_a_strangers_file_is_left_alone(self, tmp_path: Path) -> None:
        stranger = tmp_path / "oncall-tui/config.json"
        stranger.parent.mkdir()
        stranger.write_text("{}")
        assert find_config(None, {"XDG_CONFIG_HOME": str(tmp_path)}) is None
        assert stranger.read_text() == "{}"
        assert list(stranger.parent.iterdir()) == [stranger]

    def test_home_is_found_in_the_variable(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOME", "/home/me")
        assert find_config(None, {"ONCALL_TUI_CONFIG": "~/o.toml"}) == Path("/home/me/o.toml")


class TestAFileThatCannotBeRead:
    def test_one_that_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(
            ConfigError, match=r"none\.toml: cannot be read: no such file.*--config or ONCALL_TUI_CONFIG"
        ):
            load(tmp_path / "none.toml")

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="is a directory"):
            load(tmp_path)

    def test_bytes_that_are_no_text(self, tmp_path: Path) -> None:
        path = tmp_path / "oncall.toml"
        path.write_bytes(b"a = 1\nb = '\xff'\n")
        with pytest.raises(ConfigError) as caught:
            load(path)
        assert str(caught.value) == f"{path}:2: is not UTF-8 text; save it as UTF-8"

    @pytest.mark.parametrize(
        ("text", "start"),
        [
            ("a = 1\nb = \n", "2:5: not valid TOML: invalid value"),
            ("[a", "1:3: not valid TOML: expected"),
            ("a = 1\na = 2\n", "2:6: not valid TOML: cannot overwrite"),
            ("a = [1,\n\n", "3:1: not valid TOML: "),
            ("a = " + "[" * 3_000 + "]" * 3_000, " not valid TOML: "),
        ],
    )
    def test_text_that_is_not_toml_has_a_line_and_a_column(self, tmp_path: Path, text: str, start: str) -> None:
        assert problem(tmp_path, text).startswith(start)


class TestShape:
    def test_all_problems_are_told_at_once_in_the_order_of_the_lines(self, tmp_path: Path) -> None:
        text = '[display]\nthem = true\nutc = 1\n[sources.pd]\nkind = "pagerduty"\ntoken = "env:T"\ntimeout = "soon"\n'
        assert problems(tmp_path, text) == [
            '2: display.them: unknown key; did you mean "theme"?',
            "3: display.utc: wrong type: is a whole number; write true or false",
            '7: sources.pd.timeout: "soon" is not a span of time such as 30s, 5m, 1h or 2d; write it like "10s"',
        ]

    def test_a_value_of_the_wrong_type_breaks_no_further_rule(self, tmp_path: Path) -> None:
        text = '[sources.prom]\nkind = "prometheus"\nurl = 9090\n'
        assert "wrong type: is a whole number" in problem(tmp_path, text)

    def test_what_is_misspelt_is_not_called_missing_as_well(self, tmp_path: Path) -> None:
        text = '[sources.pd]\nkind = "pagerduty"\ntokn = "env:T"\n'
        assert problem(tmp_path, text) == '3: sources.pd.tokn: unknown key; did you mean "token"?'
        found = problems(tmp_path, text + 'token = "literal"')
        assert [one.split(";")[0][:27] for one in found] == [
            "3: sources.pd.tokn: unknown",
            "4: sources.pd.token: a lite",
        ]

    def test_an_unknown_key_without_a_near_one_lists_what_is_known(self, tmp_path: Path) -> None:
        text = problem(tmp_path, PROMETHEUS + "[environments.production]\nxyzzy = 1")
        assert text == "5: environments.production.xyzzy: unknown key; known here: production, read_only"

    def test_a_hyphen_for_an_underscore_is_understood(self, tmp_path: Path) -> None:
        assert in_prometheus(tmp_path, 'ca-file = "x"') == 'ca-file: unknown key; did you mean "ca_file"?'

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ('budget = "many"', "budget: wrong type: is a text; write a whole number, e.g. 240"),
            ("budget = 1.5", "budget: wrong type: is a number; write a whole number, e.g. 240"),
            ("budget = true", "budget: wrong type: is a boolean; write a whole number, e.g. 240"),
            ("alerts = 1", "alerts: wrong type: is a whole number; write true or false"),
            ("interval = 30", 'interval: wrong type: is a whole number; write a text in quotes, e.g. "30s"'),
            ("interval = 10:00:00", 'interval: wrong type: is a date or a time; write a text in quotes, e.g. "30s"'),
            ("ca_file = 1", 'ca_file: wrong type: is a whole number; write a path in quotes, e.g. "~/ca.pem"'),
            ('ca_file = ""', 'ca_file: is empty; write a path in quotes, e.g. "~/ca.pem"'),
            ('headers = "X: 1"', "headers: wrong type: is a text; write a table of keys and values"),
            ("headers = { A = 1 }", 'headers.A: wrong type: is a whole number; write a text in quotes, e.g. "..."'),
        ],
    )
    def test_a_wrong_type_says_what_was_expected(self, tmp_path: Path, line: str, words: str) -> None:
        assert in_prometheus(tmp_path, line) == words

    def test_a_path_is_plain_text_too(self, tmp_path: Path) -> None:
        found = in_prometheus(tmp_path, 'ca_file = "/tmp/\\u001b]0;x\\u0007.pem"')
        assert found.startswith("ca_file: holds a control character")

    def test_lists_and_words_are_looked_into(self, tmp_path: Path) -> None:
        text = '[sources.pd]\nkind = "pagerduty"\ntoken = "env:T"\nteams = "A"\nurgencies = [\n"high",\n"hihg"]\n'
        assert problems(tmp_path, text) == [
            '4: sources.pd.teams: wrong type: is a text; write a list of texts, e.g. ["one", "two"]',
            '7: sources.pd.urgencies[1]: unknown word; write one of "high", "low"',
        ]

    def test_a_table_in_the_place_of_a_list_of_tables(self, tmp_path: Path) -> None:
        text = problem(tmp_path, PROMETHEUS + "[services.api.checks]\nname = 1")
        assert text == "4: services.api.checks: wrong type: is a table; write a list of tables, each under [[ ]]"

    @pytest.mark.parametrize("value", ["1", '"x"', "[]"])
    def test_anything_in_the_place_of_a_table(self, tmp_path: Path, value: str) -> None:
        assert "write a table of keys and values" in problem(tmp_path, f"display = {value}\n{PROMETHEUS}")
        assert "write a table of keys and values" in problem(tmp_path, f"sources.a = {value}\n")

    def test_what_is_required_is_missed(self, tmp_path: Path) -> None:
        found = problems(tmp_path, PROMETHEUS + "[[services.api.checks]]\nwarning = 1\n")
        assert [text.split(";")[0] for text in found] == [
            "4: services.api.checks[0].name: missing",
            "4: services.api.checks[0].query: missing",
        ]


class TestZeroConfig:
    def test_one_address_is_enough(self) -> None:
        assert zero_config("http://localhost:9090").sources == {
            "prometheus": PrometheusSettings(url="http://localhost:9090")
        }

    @pytest.mark.parametrize("url", ["", "localhost:9090", "http://me:hunter2@host"])
    def test_a_bad_address_is_the_options_fault(self, url: str) -> None:
        with pytest.raises(ConfigError, match=r"^--prometheus: ") as caught:
            zero_config(url)
        assert "hunter2" not in str(caught.value)


def test_a_problem_is_one_line_without_control_characters() -> None:
    text = str(Problem("o.toml", "a", 3, "bad\n\x1b[31m", "good", 7))
    assert text == "o.toml:3:7: a: bad \ufffd[31m; good"
