"""What the picture lacks."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oncall_tui.cli.doctor.coverage import Coverage
from oncall_tui.cli.doctor.picture import picture_findings
from oncall_tui.cli.doctor.sources import Examined
from oncall_tui.config.model import (
    AlertmanagerSettings,
    AnySource,
    CheckSettings,
    Config,
    PagerDutySettings,
    PrometheusSettings,
    SentrySettings,
    ServiceSettings,
)
from oncall_tui.domain.alert import Record, SourceKind, Status
from oncall_tui.domain.ids import RecordRef, SourceName
from oncall_tui.domain.service import Service
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.threshold import Check, Level, Reading
from oncall_tui.sources.base import AlertRule, Finding, Records, Report, Topic
from tests.unit.cli.doctor.findings import OK, WARNING, told
from tests.unit.runbook.catalogue.library import entries, places, written

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
SOURCES: dict[str, AnySource] = {
    "prom": PrometheusSettings(url="http://p"),
    "am": AlertmanagerSettings(url="http://a"),
    "pd": PagerDutySettings(token="env:X"),
    "sentry": SentrySettings(token="env:X", organization="acme"),
}
KINDS = {name: SourceKind(str(one.__struct_config__.tag)) for name, one in SOURCES.items()}


def alert(source: str, title: str, *, runbook: str | None = None, service: str = "api") -> Record:
    return Record(
        source=SourceName(source),
        kind=KINDS[source],
        id=title,
        ref=RecordRef(f"{source}/{title}"),
        title=title,
        severity=Severity.P2,
        status=Status.FIRING,
        since=NOW,
        service=service,
        runbook=runbook,
    )


def reading(service: str, name: str, reason: str = "") -> Reading:
    return Reading(Check(name, service), Level.UNKNOWN if reason else Level.OK, None if reason else 1.0, reason)


def answered(name: str, records: Records | None = None, names: tuple[str, ...] | None = ()) -> Examined:
    report = Report(SourceName(name), KINDS[name], NOW, 0.1, records or Records())
    return Examined(name, polls=[report], sent=[1], names=None if names is None else frozenset(names))


def findings(config: Config, *examined: Examined) -> list[Finding]:
    return picture_findings(config, tuple(config.sources), examined, NOW, Coverage())


def config(*names: str, **services: ServiceSettings) -> Config:
    return Config(sources={name: SOURCES[name] for name in names}, services=services)


MATCHING = """\
---
oncall: 1
match: [{alertname: Full, team: web, service: api}]
---
# No space left
"""
CHECKED = ServiceSettings(checks=tuple(CheckSettings(name=name, query="up") for name in ("a", "b", "c", "d")))


def test_checks_without_data_are_told_by_what_keeps_them() -> None:
    readings = (reading("api", "a"), reading("api", "b", "no data"), reading("api", "c", "no data"))
    records = Records(services=(Service("api", readings=(*readings, reading("api", "d", "400: parse error"))),))
    found = findings(config("prom", api=CHECKED), answered("prom", records))
    assert told(found, Topic.CHECKS) == [
        (WARNING, "2 checks UNKNOWN (no data): api b, api c."),
        (WARNING, "1 check UNKNOWN (400: parse error): api d."),
        (OK, "1 of 4 checks have a value."),
    ]
    assert all(one.advice for one in found if one.state is WARNING)


def test_checks_of_a_source_that_is_silent_are_not_told_as_fine() -> None:
    silent = Examined("prom")
    assert told(findings(config("prom", api=CHECKED), silent), Topic.CHECKS) == [
        (WARNING, "4 checks could not be evaluated: their source does not answer.")
    ]


def test_checks_of_a_source_that_was_not_asked_are_not_told_at_all() -> None:
    found = picture_findings(config("prom", "pd", api=CHECKED), ("pd",), [answered("pd")], NOW, Coverage())
    assert told(found, Topic.CHECKS) == []


def test_active_alerts_without_a_runbook_are_named() -> None:
    again = replace(alert("am", "Slow in the north"), name="Slow")
    records = Records(alerts=(alert("am", "Slow"), again, alert("am", "Full", runbook="https://r")))
    found = findings(config("am"), answered("am", records))
    assert told(found, Topic.RUNBOOKS) == [(WARNING, "2 of 3 active alerts have no runbook: Slow.")]


@pytest.mark.parametrize("source", ["sentry", "prom"])
def test_what_has_no_place_for_a_runbook_or_is_told_with_its_rule_is_left_out(source: str) -> None:
    found = findings(config(source), answered(source, Records(alerts=(alert(source, "Slow"),))))
    assert told(found, Topic.RUNBOOKS) == []


def test_a_word_that_leads_to_no_file_is_no_runbook() -> None:
    found = findings(config("am"), answered("am", Records(alerts=(alert("am", "Slow", runbook="slow"),))))
    assert told(found, Topic.RUNBOOKS) == [(WARNING, "1 active alert has no runbook: Slow.")]


def test_what_the_catalogue_knows_has_a_runbook(tmp_path: Path) -> None:
    where = places(written(tmp_path, {"Slow.md": "# Slow\n", "space.md": MATCHING}))
    coverage = Coverage(entries(where), where)
    rules = [AlertRule("Slow"), AlertRule("Full", {"team": "web"}), AlertRule("Odd"), AlertRule("Odd")]
    rules += [AlertRule("Full", {"team": "db"}), AlertRule("Linked", {}, {"runbook_url": "https://r"})]
    examined = answered("am", Records(alerts=(alert("am", "Slow"), alert("am", "Odd"))))
    examined.rules = rules
    found = picture_findings(config("am"), ("am",), [examined], NOW, coverage)
    assert told(found, Topic.RUNBOOKS) == [
        (WARNING, "2 of 4 alert rules have no runbook: Full, Odd."),
        (WARNING, "1 of 2 active alerts has no runbook: Odd."),
    ]
    assert all("oncall-tui runbook new" in one.advice for one in found if one.topic is Topic.RUNBOOKS)


def test_alerts_that_have_one_are_counted() -> None:
    records = Records(alerts=(alert("am", "Slow", runbook="https://r"),))
    found = findings(config("am"), answered("am", records))
    assert told(found, Topic.RUNBOOKS) == [(OK, "The active alert has a runbook.")]


def test_alerts_that_cannot_have_one_are_not_counted_as_if_they_had() -> None:
    rules = answered(
        "am", Records(alerts=(alert("am", "Slow", runbook="https://r"), alert("am", "Full", runbook="https://x")))
    )
    issues = answered("sentry", Records(alerts=(alert("sentry", "KeyError"),)))
    found = findings(config("am", "sentry"), rules, issues)
    assert told(found, Topic.RUNBOOKS) == [(OK, "All 2 active alerts have a runbook, those of Sentry aside.")]


def test_one_check_is_not_counted() -> None:
    records = Records(services=(Service("api", readings=(reading("api", "a"),)),))
    one = config("prom", api=ServiceSettings(checks=CHECKED.checks[:1]))
    assert told(findings(one, answered("prom", records)), Topic.CHECKS) == [(OK, "The check has a value.")]


KNOWN = config(
    "prom",
    "pd",
    "am",
    api=ServiceSettings(aliases=("Checkout API", "API v1")),
    shop=ServiceSettings(aliases=("Shop",)),
    web=ServiceSettings(),
)


def test_services_and_aliases_that_nobody_knows_are_named() -> None:
    told_names = (answered("prom", names=("api", "WEB")), answered("pd", names=("checkout api",)))
    found = findings(KNOWN, *told_names, answered("am", names=None))
    assert told(found, Topic.SERVICES) == [
        (WARNING, "Configured, and known to no source: shop."),
        (WARNING, "Aliases that match nothing: API v1 (api)."),
    ]


def test_a_name_in_an_alert_or_a_check_that_has_a_value_is_known() -> None:
    services = (Service("web", readings=(reading("web", "a"),)),)
    records = Records(services=services, alerts=(alert("prom", "x", service="Shop"),))
    known = replace(answered("prom", records, names=("api", "api v1", "checkout api")))
    found = findings(KNOWN, known, answered("pd"), answered("am", names=None))
    assert told(found, Topic.SERVICES) == [(OK, "3 configured services, all known.")]


@pytest.mark.parametrize("silent", [Examined("pd"), answered("pd", names=None)])
def test_while_one_source_is_silent_no_name_is_called_unknown(silent: Examined) -> None:
    found = findings(KNOWN, answered("prom", names=("api",)), silent, answered("am", names=None))
    assert told(found, Topic.SERVICES) == []
