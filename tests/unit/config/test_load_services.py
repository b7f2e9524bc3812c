"""What is wrong with services and their checks, with the display, the severities and the journal."""

from pathlib import Path

import pytest

from oncall_tui.config.load import load
from tests.unit.config.files import PROMETHEUS, file_with, in_check, problem, problems


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
