"""A whole conversation in which every vendor's names are hostile, on a terminal of 80 columns."""

import sys
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from oncall_tui.cli.init.flow import Target, run
from oncall_tui.cli.init.questions import Terminal
from oncall_tui.config.load import load
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.pagerduty.discover import PagedService, PagerDutyFinds, Team
from oncall_tui.sources.pagerduty.read import Me
from oncall_tui.sources.prometheus.discover import FoundService, Latency, PrometheusFinds
from oncall_tui.sources.sentry.discover import Organization, Project, SentryFinds
from tests.nasty.corpus import EVERYTHING
from tests.unit.cli.init.fakes import OTHER, TOKEN, FakeKeyring, FakeLooking, desk

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def vendors(name: str) -> FakeLooking:
    """Vendors that call everything by this name."""
    return FakeLooking(
        tells={
            "prometheus": PrometheusFinds(
                version=name,
                targets=2,
                services=(FoundService(name, 1, (name, "production")), FoundService("api", 1)),
                environments=(name, "production"),
                latency=Latency(name, "service", 10.0),
            ),
            "pagerduty": PagerDutyFinds(
                me=Me("PME", name),
                account=name,
                teams=(Team("PT1", name, True), Team("PT2", f"{name} 2")),
                services=(PagedService("PS1", f"{name} API", ("PT1",)),),
            ),
            "sentry": SentryFinds(
                name, (), (Organization("acme", name),), "acme", (Project("a", name), Project("b", name))
            ),
        }
    )


@pytest.mark.parametrize("kind", EVERYTHING)
def test_no_name_breaks_the_conversation_or_the_file(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    answers = ["prom.example.com", "", TOKEN, "", OTHER, *[""] * 12]
    path = tmp_path / "oncall.toml"
    with CliRunner().isolation(input="\n".join(answers)) as (_, stderr, *_):
        run(desk(Terminal(), looking=vendors(clean_line(EVERYTHING[kind]))), Target(path), FakeKeyring(), NOW)
        sys.stderr.flush()
        shown = stderr.getvalue().decode()
    assert TOKEN not in shown
    assert not {char for char in shown if unicodedata.category(char) == "Cc"} - {"\n"}
    assert not set("\u202e\u2066\u200f\u2028") & set(shown)
    assert set(load(path).sources) == {"prometheus", "pagerduty", "sentry"}
