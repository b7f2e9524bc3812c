"""The wizard from its first question to the file, with a script for the answers and vendors in memory."""

import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from oncall_tui.cli.init.draft import DraftSource
from oncall_tui.cli.init.flow import NothingNamed, NotReplaced, Outcome, Target, run
from oncall_tui.cli.init.given import Given
from oncall_tui.config.load import load
from oncall_tui.config.model import AlertmanagerSettings, PagerDutySettings, PrometheusSettings, SentrySettings
from oncall_tui.sources.errors import Refused, Unauthorised, Unreachable
from oncall_tui.sources.pagerduty.discover import PagerDutyFinds
from oncall_tui.sources.prometheus.discover import FoundService, PrometheusFinds
from oncall_tui.sources.sentry.discover import Organization, SentryFinds
from tests.unit.cli.init.fakes import (
    OTHER,
    PAGERDUTY,
    PROMETHEUS,
    TOKEN,
    FakeKeyring,
    FakeLooking,
    ScriptedKeys,
    desk,
    nobody,
)

NOW = datetime(2026, 11, 21, 3, 0, 0, tzinfo=UTC)
PROM, AM = "prom.example.com", ""
SKIP_REST = ("", "")
"""No PagerDuty, no Sentry."""


def wizard(
    folder: Path,
    *answers: str | None,
    given: Given | None = None,
    looking: FakeLooking | None = None,
    keyring: FakeKeyring | None = None,
    environ: dict[str, str] | None = None,
    **target: bool,
) -> tuple[Outcome, ScriptedKeys]:
    keys = ScriptedKeys(*answers)
    path = folder / "oncall-tui" / "oncall.toml"
    outcome = run(desk(keys, given, looking, environ), Target(path, **target), keyring or FakeKeyring(), NOW)
    assert keys.answers == []
    assert TOKEN not in keys.text_shown + outcome.text
    assert OTHER not in keys.text_shown + outcome.text
    return outcome, keys


def settings(outcome: Outcome, name: str) -> object:
    assert outcome.config is not None
    return outcome.config.sources[name]


EVERYTHING = (
    *("prom.example.com/graph?g0.expr=up", ""),  # Prometheus, and the Alertmanager that it names
    *(TOKEN, ""),  # PagerDuty, the teams that are one's own
    *(OTHER, ""),  # Sentry, all projects
    *("", ""),  # the environment, and which is production
    *("", ""),  # aliases, latency
    "",  # where the tokens are kept
)


def test_a_stranger_comes_to_everything_with_three_things_to_type(tmp_path: Path) -> None:
    keyring = FakeKeyring()
    outcome, keys = wizard(tmp_path, *EVERYTHING, keyring=keyring)
    assert keyring.tokens == {"pagerduty": TOKEN, "sentry": OTHER}
    assert settings(outcome, "prometheus") == PrometheusSettings(url="https://prom.example.com")
    assert settings(outcome, "alertmanager") == AlertmanagerSettings(url="http://alerts.example.com:9093")
    assert settings(outcome, "pagerduty") == PagerDutySettings(token="keyring:oncall-tui/pagerduty", teams=("PT1",))
    assert settings(outcome, "sentry") == SentrySettings(token="keyring:oncall-tui/sentry", organization="acme")
    config = outcome.config
    assert config is not None
    assert {name: one.production for name, one in config.environments.items()} == {"production": True, "staging": False}
    assert config.display.environment == "production"
    assert config.services["checkout"].aliases == ("Checkout API",)
    assert config.services["payments"].aliases == ("payments-app",)
    check = config.services["checkout"].checks[0]
    assert (check.name, check.warning, check.critical, check.unit) == ("p95", 500, 1000, "ms")
    assert config.display.chart is not None
    assert [line.name for line in config.display.chart.lines] == ["p50", "p95", "p99"]
    assert "Hello Ana Smith! acme.pagerduty.com: 2 services, 3 teams." in keys.shown
    assert "Hello Ana Smith! Acme Inc: 2 projects." in keys.shown
    assert "Which teams do you look after? [Payments]" in keys.shown


def test_the_file_is_private_loads_and_stands_in_a_private_folder(tmp_path: Path) -> None:
    outcome, _ = wizard(tmp_path, *EVERYTHING)
    assert outcome.path is not None
    assert load(outcome.path) == outcome.config
    assert outcome.path.read_text() == outcome.text
    assert stat.S_IMODE(outcome.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(outcome.path.parent.stat().st_mode) == 0o700
    assert [one.name for one in outcome.path.parent.iterdir()] == ["oncall.toml"]


@pytest.mark.parametrize("place", range(len(EVERYTHING)))
def test_ctrl_c_at_any_question_leaves_nothing_behind(place: int, tmp_path: Path) -> None:
    keyring = FakeKeyring()
    with pytest.raises(click.Abort):
        wizard(tmp_path, *EVERYTHING[:place], None, keyring=keyring)
    assert list(tmp_path.rglob("*")) == []
    assert keyring.tokens == {}


def test_everything_can_be_skipped_and_then_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(NothingNamed):
        wizard(tmp_path, "", "", "", "")
    assert list(tmp_path.rglob("*")) == []


def test_one_prometheus_alone_is_enough(tmp_path: Path) -> None:
    bare = PrometheusFinds(services=(FoundService("api", 1),), targets=1)
    looking = FakeLooking(tells={"prometheus": bare}, tokens={})
    outcome, keys = wizard(tmp_path, PROM, "", *SKIP_REST, "live", "", looking=looking)
    assert outcome.config is not None
    assert list(outcome.config.sources) == ["prometheus"]
    assert outcome.config.sources["prometheus"].environment == "live"
    assert outcome.config.is_production
    assert "Name of the environment that you watch, e.g. production (Enter: none) []" in keys.shown


def test_what_answers_on_this_machine_is_proposed(tmp_path: Path) -> None:
    looking = FakeLooking(listening=frozenset({"http://localhost:9090"}))
    outcome, keys = wizard(tmp_path, "", "-", *SKIP_REST, "", "", "-", looking=looking)
    assert "Address of Prometheus (- skips) [http://localhost:9090]" in keys.shown
    assert settings(outcome, "prometheus") == PrometheusSettings(url="http://localhost:9090")


class TestAfterAFailure:
    def test_the_reason_is_said_and_it_can_be_tried_again(self, tmp_path: Path) -> None:
        outcome, keys = wizard(tmp_path, "", "", "wrong", "", TOKEN, "", "", "", "")
        assert "pagerduty: does not accept the credential (401). Renew `token`." in keys.shown
        assert any("https://api.eu.pagerduty.com" in one for one in keys.shown)
        assert settings(outcome, "pagerduty") == PagerDutySettings(token="keyring:oncall-tui/pagerduty", teams=("PT1",))

    @pytest.mark.parametrize(
        ("hint", "advice"),
        [
            ("VPN down? Else look at `url` of this source.", "VPN down? Else look at the address."),
            ("Renew `token` of this source.", "Renew the token or the password."),
            ("Look at `proxy` of this source.", "Look at `proxy` in the file."),
        ],
    )
    def test_advice_names_what_is_asked_and_no_key_of_a_file_that_is_not_there(
        self, hint: str, advice: str, tmp_path: Path
    ) -> None:
        looking = FakeLooking(failing={"pagerduty": Unreachable("pagerduty: no connection.", hint)})
        _, keys = wizard(tmp_path, "", "", TOKEN, "keep it anyway", "", "", "", looking=looking)
        assert f"pagerduty: no connection. {advice}" in keys.shown

    def test_it_can_be_skipped(self, tmp_path: Path) -> None:
        outcome, _ = wizard(tmp_path, PROM, "-", "wrong", "skip it", "", "", "", "-")
        assert outcome.config is not None
        assert list(outcome.config.sources) == ["prometheus"]

    def test_it_can_be_kept_anyway(self, tmp_path: Path) -> None:
        looking = FakeLooking(failing={"pagerduty": Unreachable("pagerduty: no connection.", "VPN down?")})
        outcome, _ = wizard(tmp_path, "", "", TOKEN, "keep it anyway", "", "", "", looking=looking)
        assert settings(outcome, "pagerduty") == PagerDutySettings(token="keyring:oncall-tui/pagerduty")
        assert [one.is_checked for one in outcome.draft.sources] == [False]

    def test_another_address_is_typed_before_the_token(self, tmp_path: Path) -> None:
        eu = "https://api.eu.pagerduty.com"
        outcome, keys = wizard(tmp_path, "", "", eu, TOKEN, "", "", "", "")
        assert settings(outcome, "pagerduty") == PagerDutySettings(
            url=eu, token="keyring:oncall-tui/pagerduty", teams=("PT1",)
        )
        assert "Asking api.eu.pagerduty.com from now on." in keys.shown

    def test_a_token_is_never_sent_in_the_open_nor_kept_for_it(self, tmp_path: Path) -> None:
        looking = FakeLooking()
        _, keys = wizard(
            tmp_path, PROM, "-", "http://pd.example.com", TOKEN, "skip it", "", "", "", "-", looking=looking
        )
        assert not any(name == "pagerduty" for name, _ in looking.asked)
        assert any("plain http" in one for one in keys.shown)

    def test_a_private_authority_is_told_by_its_option(self, tmp_path: Path) -> None:
        error = Unreachable("prometheus: TLS failed.", "A private authority? Give its certificate as `ca_file`.")
        looking = FakeLooking(failing={"prometheus": error})
        keys = ScriptedKeys(PROM, "skip it", "", "", "")
        with pytest.raises(NothingNamed):
            run(desk(keys, looking=looking), Target(tmp_path / "oncall.toml"), FakeKeyring(), NOW)
        assert any("--ca-file FILE" in one for one in keys.shown)

    def test_a_server_that_wants_a_login_is_given_one(self, tmp_path: Path) -> None:
        finds = replace(PROMETHEUS, alertmanagers=("https://alerts.example.com",))
        looking = FakeLooking(tells={"prometheus": finds}, tokens={"prometheus": TOKEN, "alertmanager": TOKEN})
        outcome, keys = wizard(
            tmp_path, PROM, "ana", "wrong", "ana", TOKEN, "", "y", *SKIP_REST, "", "", "-", "", looking=looking
        )
        assert "Prometheus wants a login." in keys.shown
        assert settings(outcome, "prometheus") == PrometheusSettings(
            url="https://prom.example.com", username="ana", token="keyring:oncall-tui/prometheus"
        )
        assert settings(outcome, "alertmanager") == AlertmanagerSettings(
            url="https://alerts.example.com", username="ana", token="keyring:oncall-tui/alertmanager"
        )

    def test_a_token_as_a_user_name_is_asked_for_again_and_enter_at_the_password_goes_back(
        self, tmp_path: Path
    ) -> None:
        looking = FakeLooking(tokens={"prometheus": TOKEN, "pagerduty": TOKEN, "sentry": TOKEN})
        outcome, keys = wizard(
            tmp_path,
            PROM,
            "pdus_0XBPWQQ_9f1b2c3d",
            "ana",
            "",
            "",
            TOKEN,
            *SKIP_REST,
            "",
            "",
            "",
            "",
            "",
            looking=looking,
        )
        assert "That looks like a token, and this question shows it. Enter, then paste it." in keys.shown
        assert settings(outcome, "prometheus") == PrometheusSettings(
            url="https://prom.example.com", token="keyring:oncall-tui/prometheus"
        )

    def test_a_filter_that_pagerduty_refuses_is_chosen_again(self, tmp_path: Path) -> None:
        looking = FakeLooking(closely_failing={"pagerduty": Refused("pagerduty: no such team.", "Look.")})
        outcome, _ = wizard(tmp_path, "", "", TOKEN, "Growth", "", "Platform", "", "", "", looking=looking)
        assert settings(outcome, "pagerduty") == PagerDutySettings(token="keyring:oncall-tui/pagerduty", teams=("PT2",))


class TestTokens:
    def test_one_in_the_environment_is_found_and_stays_there(self, tmp_path: Path) -> None:
        keyring = FakeKeyring()
        outcome, keys = wizard(
            tmp_path, "", "", "", "", "", "", environ={"PD_TOKEN": TOKEN}, keyring=keyring, given=Given()
        )
        assert "PD_TOKEN is set here. Use its token?" in keys.shown
        assert settings(outcome, "pagerduty") == PagerDutySettings(token="env:PD_TOKEN", teams=("PT1",))
        assert keyring.tokens == {}

    def test_a_reference_may_be_typed_too(self, tmp_path: Path) -> None:
        path = tmp_path / "token"
        path.touch(mode=0o600)
        path.write_text(TOKEN)
        outcome, keys = wizard(tmp_path, "", "", "env:MISSING", f"file:{path}", "", "", "")
        assert any("MISSING is not set" in one for one in keys.shown)
        assert settings(outcome, "pagerduty") == PagerDutySettings(token=f"file:{path}", teams=("PT1",))


class TestPagerDuty:
    def test_an_account_level_token_needs_the_email_of_a_user(self, tmp_path: Path) -> None:
        nobody_yet = PagerDutyFinds(is_user_token=False, services=PAGERDUTY.services, teams=PAGERDUTY.teams)
        looking = FakeLooking(tells={"pagerduty": nobody_yet})
        outcome, keys = wizard(
            tmp_path, "", "", TOKEN, "bob@acme.example", "ana@acme.example", "", "", "", "", looking=looking
        )
        assert "PagerDuty knows no user bob@acme.example." in keys.shown
        assert "Hello Ana Smith! acme.pagerduty.com: 2 services, 3 teams." in keys.shown
        assert settings(outcome, "pagerduty") == PagerDutySettings(
            token="keyring:oncall-tui/pagerduty", from_email="ana@acme.example", teams=("PT1",)
        )

    def test_without_one_it_only_looks(self, tmp_path: Path) -> None:
        looking = FakeLooking(tells={"pagerduty": PagerDutyFinds(is_user_token=False)})
        outcome, _ = wizard(tmp_path, "", "", TOKEN, "", "", "", "", looking=looking)
        assert settings(outcome, "pagerduty") == PagerDutySettings(token="keyring:oncall-tui/pagerduty")

    def test_without_teams_its_services_can_be_chosen(self, tmp_path: Path) -> None:
        looking = FakeLooking(tells={"pagerduty": PagerDutyFinds(me=PAGERDUTY.me, services=PAGERDUTY.services)})
        outcome, _ = wizard(tmp_path, "", "", TOKEN, "Landing page", "", "", "", looking=looking)
        assert settings(outcome, "pagerduty") == PagerDutySettings(
            token="keyring:oncall-tui/pagerduty", services=("PS2",)
        )


class TestSentry:
    def test_of_several_organizations_one_is_chosen_in_its_region(self, tmp_path: Path) -> None:
        many = SentryFinds(
            organizations=(
                Organization("acme", "Acme", "https://us.sentry.io"),
                Organization("lab", "Lab", "https://de.sentry.io"),
            )
        )
        looking = FakeLooking(tells={"sentry": many})
        outcome, keys = wizard(tmp_path, "", "", "", OTHER, "lab", "", "", looking=looking)
        assert settings(outcome, "sentry") == SentrySettings(
            url="https://de.sentry.io", token="keyring:oncall-tui/sentry", organization="lab"
        )
        assert "Its data is in another region: asking de.sentry.io from now on." in keys.shown

    def test_a_region_that_is_not_sentrys_own_gets_no_token(self, tmp_path: Path) -> None:
        acme = Organization("acme", "Acme", "https://evil.example.com")
        sly = SentryFinds(organizations=(acme,), organization="acme")
        outcome, _ = wizard(tmp_path, "", "", "", OTHER, "", "", looking=FakeLooking(tells={"sentry": sly}))
        assert settings(outcome, "sentry") == SentrySettings(token="keyring:oncall-tui/sentry", organization="acme")

    def test_where_it_lists_no_organization_the_slug_is_typed(self, tmp_path: Path) -> None:
        looking = FakeLooking(tells={"sentry": SentryFinds(user="Ana Smith")})
        outcome, _ = wizard(tmp_path, "", "", "", OTHER, "", "acme", "", "", looking=looking)
        assert settings(outcome, "sentry") == SentrySettings(token="keyring:oncall-tui/sentry", organization="acme")


class TestAFileThatIsThere:
    OLD = '[sources.mine]\nkind = "prometheus"\nurl = "http://localhost:1"\n'

    def path(self, folder: Path, text: str = OLD) -> Path:
        path = folder / "oncall-tui" / "oncall.toml"
        path.parent.mkdir()
        path.write_text(text)
        return path

    def test_it_is_shown_and_stays_unless_one_says_so(self, tmp_path: Path) -> None:
        path = self.path(tmp_path)
        keys = ScriptedKeys("")
        with pytest.raises(NotReplaced):
            run(desk(keys), Target(path), FakeKeyring(), NOW)
        assert f"{path} is there already: a configuration with the sources mine." in keys.shown
        assert path.read_text() == self.OLD

    def test_it_is_kept_as_a_backup(self, tmp_path: Path) -> None:
        path = self.path(tmp_path)
        outcome, _ = wizard(tmp_path, "y", *EVERYTHING)
        backup = path.with_name("oncall.toml.20261121-030000.bak")
        assert outcome.backup == backup
        assert backup.read_text() == self.OLD
        assert stat.S_IMODE(backup.stat().st_mode) == 0o600
        assert path.read_text() == outcome.text

    def test_a_broken_one_is_there_too(self, tmp_path: Path) -> None:
        path = self.path(tmp_path, "[sources\n")
        with pytest.raises(click.UsageError, match=r"with 1 problem.*--force"):
            run(desk(nobody(), Given(prometheus=PROM)), Target(path), FakeKeyring(), NOW)
        assert path.read_text() == "[sources\n"

    def test_a_folder_in_which_nothing_can_be_written_is_said_first(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(click.UsageError, match="is not a folder"):
            run(desk(ScriptedKeys()), Target(tmp_path / "file" / "oncall.toml"), FakeKeyring(), NOW)


class TestWithoutAnybody:
    def outcome(self, folder: Path, given: Given, looking: FakeLooking | None = None, **target: bool) -> Outcome:
        environ = {"PD": TOKEN, "SENTRY": OTHER}
        path = folder / "oncall.toml"
        return run(desk(nobody(), given, looking, environ), Target(path, **target), FakeKeyring(), NOW)

    def test_the_options_and_what_is_found_are_taken(self, tmp_path: Path) -> None:
        given = Given(prometheus=PROM, pagerduty_token="env:PD", sentry_token="env:SENTRY")
        outcome = self.outcome(tmp_path, given)
        assert settings(outcome, "pagerduty") == PagerDutySettings(token="env:PD", teams=("PT1",))
        assert settings(outcome, "alertmanager") == AlertmanagerSettings(url="http://alerts.example.com:9093")
        assert settings(outcome, "sentry") == SentrySettings(token="env:SENTRY", organization="acme")

    def test_only_what_is_named_is_asked(self, tmp_path: Path) -> None:
        looking = FakeLooking(listening=frozenset({"http://localhost:9090", "http://localhost:9093"}))
        outcome = self.outcome(tmp_path, Given(pagerduty_token="env:PD"), looking)
        assert outcome.config is not None
        assert list(outcome.config.sources) == ["pagerduty"]

    def test_a_found_alertmanager_that_does_not_answer_is_left_out(self, tmp_path: Path) -> None:
        looking = FakeLooking(failing={"alertmanager": Unreachable("alertmanager: refused.")})
        outcome = self.outcome(tmp_path, Given(prometheus=PROM), looking)
        assert outcome.config is not None
        assert list(outcome.config.sources) == ["prometheus"]

    def test_a_named_source_that_fails_fails_all(self, tmp_path: Path) -> None:
        with pytest.raises(Unauthorised):
            self.outcome(tmp_path, Given(prometheus=PROM, pagerduty_token="env:SENTRY"))
        assert list(tmp_path.iterdir()) == []

    def test_nothing_is_asked_when_nothing_may_be(self, tmp_path: Path) -> None:
        looking = FakeLooking()
        given = Given(
            prometheus=PROM,
            pagerduty_token="env:NOT_HERE",
            pagerduty_teams=("PTEAM",),
            sentry_token="env:NOT_THERE",
            sentry_organization="acme",
            environment="prod",
            is_production=True,
            is_checked=False,
        )
        outcome = self.outcome(tmp_path, given, looking)
        assert looking.asked == []
        assert settings(outcome, "pagerduty") == PagerDutySettings(token="env:NOT_HERE", teams=("PTEAM",))
        assert outcome.config is not None
        assert outcome.config.is_production

    def test_teams_go_by_name_or_id_and_unknown_ones_are_told_with_those_there_are(self, tmp_path: Path) -> None:
        outcome = self.outcome(tmp_path, Given(pagerduty_token="env:PD", pagerduty_teams=("growth", "PT2")))
        assert settings(outcome, "pagerduty") == PagerDutySettings(token="env:PD", teams=("PT3", "PT2"))
        with pytest.raises(click.UsageError, match=r"nothing is not in the list.*Payments \(PT1\)"):
            self.outcome(tmp_path, Given(pagerduty_token="env:PD", pagerduty_teams=("nothing",)), may_replace=True)

    def test_several_organizations_need_a_word(self, tmp_path: Path) -> None:
        many = SentryFinds(organizations=(Organization("acme", "A"), Organization("lab", "L")))
        looking = FakeLooking(tells={"sentry": many})
        with pytest.raises(click.UsageError, match=r"--sentry-organization is needed.*acme, lab"):
            self.outcome(tmp_path, Given(sentry_token="env:SENTRY"), looking)

    @pytest.mark.parametrize("literal", [TOKEN, "keyring:x", "env:NOT A NAME"])
    def test_a_literal_token_is_refused_and_not_repeated(self, literal: str, tmp_path: Path) -> None:
        with pytest.raises(click.UsageError, match="takes a reference") as caught:
            self.outcome(tmp_path, Given(pagerduty_token=literal))
        assert literal not in str(caught.value)

    def test_it_can_be_shown_instead_of_written(self, tmp_path: Path) -> None:
        outcome = self.outcome(tmp_path, Given(prometheus=PROM), is_printed=True)
        assert (outcome.path, outcome.config) == (None, None)
        assert "[sources.prometheus]" in outcome.text
        assert list(tmp_path.iterdir()) == []


def test_sources_know_their_token_by_reference_only() -> None:
    assert "secret" not in repr(DraftSource("x", PagerDutySettings(token="env:A")))
