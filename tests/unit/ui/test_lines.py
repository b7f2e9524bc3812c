"""The lines of a view: they fit their width, and what is wrong is the last thing to go."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from oncall_tui.domain.filtering import read_filter
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.service import Health
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import (
    Failure,
    Freshness,
    Interruption,
    SourceState,
    Unseen,
    Verdict,
)
from oncall_tui.domain.tally import tally_of
from oncall_tui.ui.present import banner, dialogs, emptiness, headings
from tests.unit.builders import (
    ALERTMANAGER,
    NOW,
    PAGERDUTY,
    PROMETHEUS,
    SENTRY,
    alert,
    before,
    deployment,
    freshness,
    record,
    service,
)
from tests.unit.ui.pictures import FAILING, FINE, OUTDATED, situation

# The banner


@pytest.mark.parametrize("health", Health)
def test_the_banner_says_the_health_as_a_word(health: Health) -> None:
    assert banner.verdict(Verdict(health, "why")).plain == f" {health.value.upper()}   why"


def test_a_failure_is_told_with_reason_age_and_advice() -> None:
    told = banner.failures([*FINE, FAILING], NOW, 120, "b").plain
    assert told == "✗ sentry unreachable for 3 min, showing 02:10.  no route  Is the VPN up?"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("timed out", "without an answer for 3 min"),
        ("unauthorised", "refusing our credential for 3 min"),
        ("rate limited", "limiting our requests for 3 min"),
        ("refused", "answering with errors for 3 min"),
        ("malformed", "unreadable for 3 min"),
        ("no secret", "without its secret for 3 min"),
        ("failed", "failing for 3 min"),
    ],
)
def test_a_failure_is_told_in_words_and_not_by_its_code(kind: str, words: str) -> None:
    one = replace(FAILING, failure=Failure(kind, "sentry: why"))
    assert f"✗ sentry {words}, showing 02:10.  why" in banner.failures([one], NOW, 120, "b").plain


def test_many_failures_have_a_line_each_and_the_rest_is_counted() -> None:
    failing = [replace(FAILING, source=SourceName(f"s{i}")) for i in range(9)]
    lines = banner.failures(failing, NOW, 60, "b").plain.splitlines()
    assert [line[:4] for line in lines[:2]] == ["✗ s0", "✗ s1"]
    assert lines[2] == "✗ and 7 more sources fail: b tells all"
    assert all(len(line) <= 60 for line in lines)
    short = banner.failures(failing[:2], NOW, 50, "b").plain.splitlines()
    assert [line[-14:] for line in short] == ["…  b tells all"] * 2, "what to do was cut off"
    assert all(len(line) == 50 for line in short)
    assert banner.failures(failing, NOW, 60, "", listed=1).plain == "✗ 9 sources fail"


def test_nothing_that_fails_is_no_line() -> None:
    assert not banner.failures(FINE, NOW, 120, "b")
    assert not banner.view_troubles(situation(*FINE), NOW, 120, "b")


NIGHT = Interruption(Unseen.SLEPT, timedelta(hours=7, minutes=12), NOW)


def test_a_sleep_is_told_with_how_many_have_answered_since() -> None:
    told = banner.view_troubles(situation(FINE[0], *OUTDATED[1:], interruption=NIGHT), NOW, 120, "b").plain
    slept = "↻ The laptop slept for 7 h 12 min; everything is asked again."
    assert told == f"{slept} 1 of 3 answered."


def test_a_stop_of_the_program_is_not_called_a_sleep() -> None:
    stopped = replace(NIGHT, cause=Unseen.STOPPED)
    told = banner.view_troubles(situation(*OUTDATED, interruption=stopped), NOW, 120, "b").plain
    assert told.startswith("↻ oncall-tui was stopped for 7 h 12 min; everything is asked again.")


def test_while_paused_nothing_is_said_to_be_asked() -> None:
    paused = [replace(one, state=SourceState.PAUSED) for one in OUTDATED]
    told = banner.view_troubles(situation(*paused, interruption=NIGHT), NOW, 120, "b").plain
    assert "polling is paused" in told
    assert "asked again" not in told


def skewed(*skews: float) -> list[Freshness]:
    return [replace(one, skew=skew) for one, skew in zip(FINE, skews, strict=False)]


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        (skewed(720.0, 721.0, 719.0), "! This machine's clock is 12 min behind that of every source: ages are wrong."),
        (skewed(-3_600.0, -3_600.0), "! This machine's clock is 1 h ahead of that of every source: ages are wrong."),
        (skewed(0.0, 3_600.0, 0.0), "! The clock of alertmanager is 1 h ahead: the ages of what it tells are wrong."),
        (skewed(0.0, -90.0, 0.0), "! The clock of alertmanager is 1 min behind: the ages of what it tells are wrong."),
        (skewed(3_600.0), "! The clocks of prometheus and of this machine are 1 h apart: ages are wrong."),
    ],
)
def test_the_clock_that_is_wrong_is_named(sources: list[Freshness], words: str) -> None:
    assert banner.view_troubles(situation(*sources), NOW, 120, "b").plain.startswith(words)
    assert words in dialogs.sources(sources, NOW).plain


def test_troubles_of_the_view_leave_room_for_one_another() -> None:
    failing = [replace(FAILING, source=SourceName(f"s{i}")) for i in range(9)]
    told = banner.view_troubles(situation(*skewed(720.0, 720.0), *failing, interruption=NIGHT), NOW, 78, "b").plain
    lines = told.splitlines()
    assert [line[:3] for line in lines] == ["↻ T", "! T", "✗ 9"]
    assert all(len(line) <= 78 for line in lines)


# The list of sources


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"next_poll_at": before(-40 / 60)}, "next try in 40 s"),
        ({"next_poll_at": before(0.1)}, "being asked now"),
        ({"next_poll_at": before(-5), "asked_to_wait_until": before(-5)}, "asked to wait until 02:19, 5 min from now"),
    ],
)
def test_the_list_of_sources_tells_when_the_next_try_is(change: dict[str, datetime], words: str) -> None:
    told = dialogs.sources([replace(FAILING, **change)], NOW).plain  # type: ignore[arg-type]
    assert words in told


def test_the_list_of_sources_tells_what_is_from_before_a_sleep() -> None:
    told = dialogs.sources([OUTDATED[0], FINE[1]], NOW).plain
    assert told.splitlines()[0].endswith(" outdated")
    assert told.count("being asked now") == 1, "and nothing is promised that is not planned"


@pytest.mark.parametrize("width", [40, 66, 120])
def test_what_is_said_of_a_source_stands_below_its_name_on_every_line(width: int) -> None:
    hint = "Overloaded, or a slow network? Look there, or raise `timeout` of this source. " * 3
    told = dialogs.sources([replace(FAILING, failure=Failure("slow", "slow", hint))], NOW, width).plain.splitlines()
    assert told[0].startswith("sentry  failed"), "a kind that is its name is not repeated"
    assert all(line.startswith("  ") and line[2] != " " and len(line) <= width for line in told[1:])
    assert len(told) > 5


def test_the_list_of_sources_begins_with_what_is_wrong() -> None:
    told = dialogs.sources([FINE[0], OUTDATED[1], FAILING], NOW).plain.splitlines()
    assert [line.split()[0] for line in told if line[:1].strip()] == ["sentry", "alertmanager", "prometheus"]
    assert told[1:4] == ["  unreachable for 3 min, since 02:11", "  no route", "  Is the VPN up?"]


def test_a_clock_that_is_a_little_off_is_a_fact_and_no_trouble() -> None:
    assert "  its clock is 12 s ahead of ours" in dialogs.sources(skewed(12.0, 0.0), NOW).plain
    assert "clock" not in dialogs.sources(skewed(1.0, -2.0), NOW).plain


# Empty lists and headings


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ([], "Opening the sources …"),
        ([freshness(state=SourceState.WAITING, fetched_at=None)], "Waiting for prometheus …"),
        ([replace(FAILING, fetched_at=None)], "Not known: sentry never answered."),
        ([FAILING], "Nothing was shouting when sentry last answered."),
        ([*FINE], "Nothing is shouting."),
        ([FINE[0], OUTDATED[1]], "Nothing was shouting when alertmanager last answered."),
        ([replace(FINE[0], fetched_at=before(9))], "Nothing was shouting when prometheus last answered."),
    ],
)
def test_nothing_not_known_and_failed_are_never_drawn_alike(sources: list[Freshness], words: str) -> None:
    assert emptiness.no_alerts(situation(*sources), "").plain == words


def test_a_filter_without_a_match_names_itself() -> None:
    told = emptiness.no_alerts(situation(*FINE, alerts=(alert(),)), "zzz").plain
    assert told == "No alert matches zzz  esc clears"


def test_no_deployments_says_when_nobody_could_tell_of_any() -> None:
    assert "No source tells" in emptiness.no_deployments(situation(freshness(PROMETHEUS))).plain
    assert emptiness.no_deployments(situation(*FINE)).plain == "No deployment in the last days."
    old = emptiness.no_deployments(situation(*OUTDATED)).plain
    assert old == "No deployment was known when pagerduty last answered."


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ((), "Opening the sources …"),
        ((freshness(PAGERDUTY),), "No source tells of services: Prometheus does."),
        ((freshness(PROMETHEUS, SourceState.WAITING, fetched_at=None), FINE[1]), "Waiting for prometheus …"),
        ((freshness(PROMETHEUS, SourceState.FAILED, fetched_at=None),), "Not known: prometheus never answered."),
        (
            (freshness(PROMETHEUS), freshness(PAGERDUTY, SourceState.FAILED, fetched_at=None)),
            "No service known yet: they come from Prometheus's `up` metric.",
        ),
    ],
)
def test_no_services_says_whether_they_are_not_there_or_not_known(sources: tuple[Freshness, ...], words: str) -> None:
    assert emptiness.no_services(situation(*sources)).plain == words


def test_headings_count() -> None:
    rows = [alert(record(PAGERDUTY)), alert(replace(record(PAGERDUTY, "2"), is_mine=True))]
    assert headings.alerts(tally_of(rows), 2).plain == "ALERTS  2 active, 1 yours, 2 not acknowledged"
    assert headings.alerts(tally_of(rows), 1, read_filter("api"), "by age").plain.endswith("   1 match api   by age")
    assert (
        headings.alerts(tally_of(rows), 1, read_filter("api"), "by age", width=1).plain
        == "ALERTS   1 match api   by age"
    )
    unfinished = headings.alerts(tally_of(rows), 2, read_filter("api sev:9")).plain
    assert unfinished == "ALERTS  2 match   sev:9: severities are 1 to 5, or P1 to P5"
    assert headings.deployments([deployment()], 1).plain == "DEPLOYMENTS  1 recent  1 suspected"
    assert headings.services([service()]).plain == "SERVICES  1"


def test_an_empty_list_is_not_counted_since_it_may_be_unknown() -> None:
    assert headings.alerts(tally_of([]), 0).plain.strip() == "ALERTS"
    assert headings.deployments([], 0).plain == "DEPLOYMENTS"


# Dialogs


def test_a_bulk_acknowledge_says_which_pager_is_told_and_of_what_nobody_is() -> None:
    paged = [alert(record(PAGERDUTY, f"Q{i}", title=f"page {i}"), record(PROMETHEUS, f"f{i}")) for i in range(2)]
    eu = alert(record(SourceName("pagerduty-eu"), "E1", title="eu"), record(PAGERDUTY, "Q9"))
    alone = [alert(record(kind, "1", title=f"of {kind}")) for kind in (SENTRY, ALERTMANAGER)]
    told = dialogs.acknowledge([alone[0], paged[0], eu, alone[1], paged[1]], NOW).plain
    assert [line.split()[-1] if line[:1] == "P" else line for line in told.splitlines()] == [
        "→ pagerduty  2 alerts", "0", "1", "",
        "→ pagerduty-eu, pagerduty  1 alert", "eu", "",
        "→ here only  2 alerts reach nobody: no pager holds them", "sentry", "alertmanager",
    ]  # fmt: skip
    assert "→ here only  1 alert reaches nobody: no pager holds it" in dialogs.acknowledge(alone[:1], NOW).plain
    assert "nobody" not in dialogs.acknowledge(paged, NOW).plain
    many = dialogs.acknowledge([*alone, *paged * 10], NOW).plain.splitlines()
    assert [line.partition("  ")[2] for line in many[:2]] == ["20 alerts", "2 alerts reach nobody: no pager holds them"]


def test_a_target_that_is_held_already_is_named_so() -> None:
    one = replace(alert(record(severity=Severity.P1)), acknowledged_by="Ann", acknowledged_at=before(3))
    assert dialogs.acknowledge([one], NOW).plain.endswith("already acknowledged by Ann 3 min ago")
    assert "already" not in dialogs.acknowledge([alert()], NOW).plain
