"""A file to settings, or to everything that is wrong with it."""

import re
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from oncall_tui.config import model
from oncall_tui.config.convert import tables_of
from oncall_tui.config.load import ConfigError, Problem, find_config, load, zero_config
from oncall_tui.config.model import (
    AlertmanagerSettings,
    CheckSettings,
    Config,
    PagerDutySettings,
    PrometheusSettings,
    SentrySettings,
    SourceSettings,
)
from oncall_tui.config.rules.notify import THRESHOLDS
from oncall_tui.config.rules.values import DURATIONS, SEVERITIES
from oncall_tui.domain.durations import DurationError, parse_duration

FULL = """
[sources.prometheus]
kind = "prometheus"
url = "http://localhost:9090"
headers = { X-Scope-OrgID = "tenant-1" }

[sources.alerts]
kind = "alertmanager"
url = "https://am.example.com/prefix"
username = "oncall"
token = "env:AM_PASSWORD"
receiver = "team-(a|b)"
filters = ['team="data"', "severity=~warning|critical"]
ca_file = "ca.pem"

[sources.pagerduty]
kind = "pagerduty"
token = "keyring:pagerduty/me"
from_email = "me@example.com"
urgencies = ["high"]

[sources.sentry]
kind = "sentry"
token = "command:pass show sentry"
organization = "acme"

[environments.production]
production = true

[services.api]
aliases = ["API (prod)"]

[[services.api.checks]]
name = "p95"
query = "latency"
source = "prometheus"
warning = 300
critical = 500.5
for = "5m"
maximum = 1000

[[services.api.checks]]
name = "free"
query = "free"
warning = 20
critical = 10
direction = "below"
maximum = "total"

[severity]
unknown = "p4"
prometheus = { wakeup = "P1" }

[display]
environment = "production"

[display.chart]
title = "Latency"
lines = [{ name = "p95", query = "q" }]

[journal]
path = "journal.sqlite3"
"""


def file_with(folder: Path, text: str) -> Path:
    path = folder / "oncall.toml"
    path.write_text(text)
    return path


def problems(folder: Path, text: str) -> list[str]:
    """What is wrong with a text, each as ``line: key: words``."""
    path = file_with(folder, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    return [str(problem).removeprefix(f"{path}:") for problem in caught.value.problems]


def problem(folder: Path, text: str) -> str:
    found = problems(folder, text)
    assert len(found) == 1, found
    return found[0]


STRUCTS = [kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, model.Struct)]

PROMETHEUS = '[sources.prom]\nkind = "prometheus"\nurl = "http://localhost:9090"\n'


def in_prometheus(folder: Path, line: str) -> str:
    return problem(folder, PROMETHEUS + line).removeprefix("4: sources.prom.")


def in_check(folder: Path, lines: str) -> str:
    text = f'{PROMETHEUS}[[services.api.checks]]\nname = "p95"\nquery = "q"\n{lines}'
    return re.sub(r"^\d+: services\.api\.checks\[0\]\.", "", problem(folder, text))


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
        with pytest.raises(ConfigError, match=r"none\.toml: cannot be read: no such file.*--config"):
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
        assert text == "5: environments.production.xyzzy: unknown key; known here: production"

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


class TestSources:
    def test_a_file_without_any_watches_nothing(self, tmp_path: Path) -> None:
        assert problem(tmp_path, "") == (
            " sources: missing: nothing would be watched; add at least one table like [sources.prometheus]"
        )
        assert "nothing would be watched" in problem(tmp_path, "[sources]")

    def test_a_kind_is_needed_and_known(self, tmp_path: Path) -> None:
        kinds = 'write one of "prometheus", "alertmanager", "pagerduty", "sentry"'
        assert problem(tmp_path, '[sources.a]\nurl = "x"') == f"1: sources.a.kind: missing; {kinds}"
        assert problem(tmp_path, "[sources.a]\nkind = 1").endswith(kinds)
        assert 'did you mean "pagerduty"?' in problem(tmp_path, '[sources.a]\nkind = "PagerDuty "')

    def test_a_name_that_would_blur_the_ids_of_records_is_refused(self, tmp_path: Path) -> None:
        text = PROMETHEUS.replace("sources.prom", 'sources."eu/prom"')
        assert problem(tmp_path, text).startswith('1: sources."eu/prom": a bad name; use letters')

    @pytest.mark.parametrize(
        "url", ["localhost:9090", "ftp://h", "http://", "http://h:99999", "http://a b", "http://[::1", "//h", "x"]
    )
    def test_an_address_is_http_or_https(self, tmp_path: Path, url: str) -> None:
        text = PROMETHEUS.replace("http://localhost:9090", url)
        assert problem(tmp_path, text).startswith("3: sources.prom.url: is not an http or https address")

    def test_an_address_is_needed(self, tmp_path: Path) -> None:
        assert problem(tmp_path, '[sources.prom]\nkind = "prometheus"') == (
            '1: sources.prom.url: missing; write the address, e.g. "https://prometheus.example.com"'
        )

    def test_a_password_in_an_address_is_refused_and_not_repeated(self, tmp_path: Path) -> None:
        text = problem(tmp_path, PROMETHEUS.replace("localhost", "me:hunter2@localhost"))
        assert "holds a user name or a password; put them into the keys username and token" in text
        assert "hunter2" not in text
        proxy = in_prometheus(tmp_path, 'proxy = "http://me:hunter2@proxy:3128"')
        assert "set HTTPS_PROXY" in proxy
        assert "hunter2" not in proxy

    def test_an_address_has_no_query(self, tmp_path: Path) -> None:
        text = problem(tmp_path, PROMETHEUS.replace("9090", "9090/?a=b"))
        assert "has a query" in text

    @pytest.mark.parametrize("longest", [0, -1, 513])
    def test_the_longest_answer_has_bounds(self, tmp_path: Path, longest: int) -> None:
        said = in_prometheus(tmp_path, f"max_answer_mib = {longest}")
        assert said == f"max_answer_mib: {longest} is out of bounds; write 1 to 512"

    @pytest.mark.parametrize("budget", [0, -1, 6_001])
    def test_the_budget_has_bounds(self, tmp_path: Path, budget: int) -> None:
        assert in_prometheus(tmp_path, f"budget = {budget}") == f"budget: {budget} is out of bounds; write 1 to 6000"

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ('interval = "1s"', 'interval: "1s" is out of bounds; write 5s to 1h'),
            ('interval = "2h"', 'interval: "2h" is out of bounds; write 5s to 1h'),
            ('timeout = "0s"', 'timeout: "0s" is out of bounds; write 1s to 2m'),
            ('service_label = "my label"', 'service_label: is not a label name; write e.g. "service"'),
        ],
    )
    def test_values_have_bounds(self, tmp_path: Path, line: str, words: str) -> None:
        assert in_prometheus(tmp_path, line) == words

    def test_a_receiver_is_a_regular_expression(self, tmp_path: Path) -> None:
        text = '[sources.am]\nkind = "alertmanager"\nurl = "https://am"\nreceiver = '
        assert "4: sources.am.receiver: a bad regular expression" in problem(tmp_path, text + '"team-(a"')
        assert load(file_with(tmp_path, text + "'\\pL+'")).sources

    def test_a_filter_is_a_matcher(self, tmp_path: Path) -> None:
        text = '[sources.am]\nkind = "alertmanager"\nurl = "https://am"\nfilters = ["a=b", "team"]'
        assert problem(tmp_path, text).startswith("4: sources.am.filters[1]: is not a matcher")

    def test_what_sentry_and_pagerduty_cannot_do_without(self, tmp_path: Path) -> None:
        found = problems(tmp_path, '[sources.se]\nkind = "sentry"\n[sources.pd]\nkind = "pagerduty"\nfrom_email = "me"')
        assert [text.split(";")[0] for text in found] == [
            "1: sources.se.organization: missing",
            "1: sources.se.token: missing",
            "3: sources.pd.token: missing",
            "5: sources.pd.from_email: is not an e-mail address",
        ]


class TestCredentials:
    SECRET = "u+Zx-secret-value"

    @pytest.mark.parametrize(
        "line", ['token = "{}"', 'headers = {{ Authorization = "{}" }}', 'headers = {{ X-Api-Key = "{}" }}']
    )
    def test_a_literal_secret_is_refused_and_not_repeated(self, tmp_path: Path, line: str) -> None:
        text = in_prometheus(tmp_path, line.format(self.SECRET))
        assert "a literal secret" in text
        assert "env:NAME, keyring:SERVICE/USER, file:PATH or command:ARGV" in text
        assert self.SECRET not in text

    @pytest.mark.parametrize("line", ["tokn = '{}'", "token = ['{}']", "headers = {{ A = ['{}'] }}", "x.token = '{}'"])
    def test_a_secret_in_the_wrong_place_is_not_repeated_either(self, tmp_path: Path, line: str) -> None:
        text = "\n".join(problems(tmp_path, PROMETHEUS + line.format(self.SECRET)))
        assert text
        assert self.SECRET not in text

    def test_a_reference_that_leads_nowhere(self, tmp_path: Path) -> None:
        assert in_prometheus(tmp_path, 'token = "keyring:pd"').startswith(
            "token: the reference does not name a service and a user"
        )

    def test_a_header_is_one_line_under_a_proper_name(self, tmp_path: Path) -> None:
        assert "not a header name" in in_prometheus(tmp_path, 'headers = { "X Y" = "1" }')
        assert "line break" in in_prometheus(tmp_path, 'headers = { X = "1\\nY: 2" }')

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "prom.localhost"])
    def test_plain_http_with_a_token_to_this_machine_is_fine(self, tmp_path: Path, host: str) -> None:
        text = PROMETHEUS.replace("localhost", host) + 'token = "env:T"'
        assert load(file_with(tmp_path, text)).sources

    @pytest.mark.parametrize("line", ['token = "env:T"', 'headers = { X-Pass = "env:T" }'])
    @pytest.mark.parametrize("host", ["prom.example.com", "10.0.0.1", "localhost.example.com"])
    def test_plain_http_with_a_token_to_another_is_not(self, tmp_path: Path, host: str, line: str) -> None:
        text = PROMETHEUS.replace("localhost", host) + line
        assert "would send the token over plain http" in problem(tmp_path, text)
        assert load(file_with(tmp_path, text + "\nallow_insecure = true")).sources
        assert load(file_with(tmp_path, text.replace("http:", "https:"))).sources

    def test_plain_http_without_a_token_is_fine(self, tmp_path: Path) -> None:
        assert load(file_with(tmp_path, PROMETHEUS.replace("localhost", "prom"))).sources

    def test_certificates_exist_and_a_key_has_one(self, tmp_path: Path) -> None:
        (tmp_path / "k.pem").touch()
        assert in_prometheus(tmp_path, 'ca_file = "no.pem"').startswith(f"ca_file: {tmp_path}/no.pem is not a file")
        assert in_prometheus(tmp_path, 'client_key = "k.pem"').startswith("client_key: has no certificate")
        assert load(file_with(tmp_path, PROMETHEUS + 'client_key = "k.pem"\nclient_certificate = "k.pem"')).sources


class TestServices:
    def test_an_alias_means_one_service(self, tmp_path: Path) -> None:
        text = f'{PROMETHEUS}[services.api]\naliases = ["web", "Web"]\n[services.db]\naliases = ["WEB", "API", ""]\n'
        assert [found.split(";")[0] for found in problems(tmp_path, text)] == [
            '5: services.api.aliases[1]: "Web" stands here twice',
            '7: services.db.aliases[0]: "WEB" already means the service "api"',
            '7: services.db.aliases[1]: "API" already means the service "api"',
            "7: services.db.aliases[2]: is empty",
        ]

    def test_an_address_is_one(self, tmp_path: Path) -> None:
        assert "services.api.url: is not an http" in problem(tmp_path, PROMETHEUS + '[services.api]\nurl = "grafana"')

    @pytest.mark.parametrize(
        ("lines", "words"),
        [
            ('source = "porm"', 'source: unknown source "porm"; did you mean "prom"?'),
            ("warning = 5\ncritical = 3", "critical: 3 is below the warning 5 though the direction is above"),
            (
                'warning = 5\ncritical = 7.5\ndirection = "below"',
                "critical: 7.5 is above the warning 5 though the direction is below",
            ),
            ('direction = "over"', 'direction: unknown word; write one of "above", "below"'),
            ("warning = nan", "warning: not a finite number"),
            ("critical = inf", "critical: not a finite number"),
            ("maximum = 0", "maximum: 0 cannot be a maximum"),
            ('maximum = " "', "maximum: is empty"),
            ("maximum = []", 'maximum: wrong type: is a list; write a text in quotes, e.g. "..." or a number'),
            ('for = "5"', 'for: "5" is not a span of time such as 30s, 5m, 1h or 2d; write it like "5m"'),
            ('warning_for = "2d"', 'warning_for: "2d" is out of bounds; write 0s to 1d'),
            ('critical_severity = "critical"', 'critical_severity: "critical" is not a severity'),
            ('unit = "m\\u001bs"', "unit: holds a control character"),
        ],
    )
    def test_a_check_is_looked_into(self, tmp_path: Path, lines: str, words: str) -> None:
        assert in_check(tmp_path, lines).startswith(words)

    def test_equal_limits_are_in_order(self, tmp_path: Path) -> None:
        for direction in ("above", "below"):
            check = f'name = "a"\nquery = "q"\nwarning = 5\ncritical = 5\ndirection = "{direction}"'
            assert load(file_with(tmp_path, f"{PROMETHEUS}[[services.api.checks]]\n{check}")).services

    def test_a_blank_query_measures_nothing(self, tmp_path: Path) -> None:
        text = PROMETHEUS + '[[services.api.checks]]\nname = "a"\nquery = " "'
        assert problem(tmp_path, text) == "6: services.api.checks[0].query: is empty; write a text"

    def test_two_checks_of_a_service_have_two_names(self, tmp_path: Path) -> None:
        check = '[[services.api.checks]]\nname = "p95"\nquery = "q"\n'
        assert problem(tmp_path, PROMETHEUS + check + check).startswith("8: services.api.checks[1].name")

    def test_only_prometheus_evaluates(self, tmp_path: Path) -> None:
        pager = '[sources.pd]\nkind = "pagerduty"\ntoken = "env:T"\n'
        check = '[[services.api.checks]]\nname = "p95"\nquery = "q"\n'
        assert "no Prometheus source evaluates it" in problem(tmp_path, pager + check)
        assert 'source "pd" does not evaluate PromQL' in problem(tmp_path, pager + check + 'source = "pd"')

    def test_a_source_with_a_mistake_in_it_is_still_known(self, tmp_path: Path) -> None:
        check = '[[services.api.checks]]\nname = "p95"\nquery = "q"\n'
        text = '[sources.prom]\nkind = "promteheus"\n' + check
        assert 'did you mean "prometheus"' in problem(tmp_path, text + 'source = "prom"')
        assert 'did you mean "prometheus"' in problem(tmp_path, text)


class TestDisplay:
    def test_an_environment_is_declared(self, tmp_path: Path) -> None:
        display = '[display]\nenvironment = "prodution"\n'
        assert "add a table [environments.prodution]" in problem(tmp_path, PROMETHEUS + display)
        declared = f"{PROMETHEUS}{display}[environments.production]"
        assert 'unknown environment "prodution"; did you mean "production"?' in problem(tmp_path, declared)

    def test_a_chart_has_lines_and_a_source(self, tmp_path: Path) -> None:
        found = problems(tmp_path, PROMETHEUS + '[display.chart]\ntitle = ""\nsource = "x"\nlines = []')
        assert [text.split(": ")[1] for text in found] == [
            "display.chart.title",
            "display.chart.source",
            "display.chart.lines",
        ]

    def test_words_of_vendors_mean_a_severity(self, tmp_path: Path) -> None:
        text = problem(tmp_path, PROMETHEUS + '[severity.prometheus]\npage = "P0"')
        assert text.startswith('5: severity.prometheus.page: "P0" is not a severity')
        assert "severity.unknown" in problem(tmp_path, PROMETHEUS + '[severity]\nunknown = "low"')

    def test_a_journal_is_a_file(self, tmp_path: Path) -> None:
        assert "is a folder" in problem(tmp_path, f'{PROMETHEUS}[journal]\npath = "{tmp_path}"')


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


class TestTheRulesKnowTheModel:
    def test_every_key_that_defaults_to_a_span_has_bounds_that_hold_it(self) -> None:
        found = 0
        for name, default in string_defaults():
            try:
                span = parse_duration(default)
            except DurationError:
                continue
            bounds = DURATIONS[name]
            assert parse_duration(bounds.shortest) <= span <= parse_duration(bounds.longest)
            found += 1
        assert found >= 6

    def test_every_example_lies_within_its_bounds(self) -> None:
        for bounds in DURATIONS.values():
            example = parse_duration(bounds.example)
            assert timedelta(0) <= parse_duration(bounds.shortest) <= example <= parse_duration(bounds.longest)

    def test_every_key_that_defaults_to_a_severity_is_held_to_be_one(self) -> None:
        assert {name for name, default in string_defaults() if re.fullmatch("P[1-5]", default)} == {
            *SEVERITIES,
            *THRESHOLDS,
        }

    def test_every_table_is_visited(self, tmp_path: Path) -> None:
        (tmp_path / "ca.pem").touch()
        visited = {type(table) for _, table in tables_of(load(file_with(tmp_path, FULL)))}
        assert visited == set(STRUCTS) - {model.Struct, SourceSettings}


def string_defaults() -> list[tuple[str, str]]:
    """Key and default of every text in the model."""
    fields = [field for kind in STRUCTS for field in msgspec.structs.fields(kind)]
    return [(field.encode_name, field.default) for field in fields if isinstance(field.default, str)]


def test_a_problem_is_one_line_without_control_characters() -> None:
    text = str(Problem("o.toml", "a", 3, "bad\n\x1b[31m", "good", 7))
    assert text == "o.toml:3:7: a: bad \ufffd[31m; good"
