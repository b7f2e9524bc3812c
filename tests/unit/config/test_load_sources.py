"""What is wrong with a source of the configuration: its kind, address, bounds and credentials."""

from pathlib import Path

import pytest

from oncall_tui.config.load import load
from tests.unit.config.files import PROMETHEUS, file_with, in_prometheus, problem, problems


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
