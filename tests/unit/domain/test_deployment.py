"""Deployments: what several sources tell of is one, and what may have caused an alert is its suspect."""

from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncall_tui.domain.deployment import SUSPECT_WINDOW, Deployment, DeploymentStatus, merge_deployments, suspects_of
from oncall_tui.domain.ids import SourceName
from tests.unit.builders import NOW, PAGERDUTY, SENTRY, alert, before, deployment, record

_DEPLOYMENTS = st.builds(
    deployment,
    st.sampled_from([PAGERDUTY, SENTRY, SourceName("sentry-eu")]),
    st.uuids().map(str),
    service=st.sampled_from(["api", "API", "worker"]),
    version=st.sampled_from(["2.41.0", "v2.41.0", "2.42.0"]),
    at=st.integers(0, 100).map(before),
    environment=st.sampled_from(["", "prod", "production", "staging"]),
    status=st.sampled_from(DeploymentStatus),
)
MANY = st.lists(_DEPLOYMENTS, max_size=20, unique_by=lambda one: one.id)


@given(MANY, st.randoms(use_true_random=False))
def test_the_order_of_the_reports_does_not_matter(deployments: list[Deployment], random: Random) -> None:
    shuffled = list(deployments)
    random.shuffle(shuffled)
    assert merge_deployments(shuffled) == merge_deployments(deployments)


@given(MANY)
def test_every_report_is_seen_in_one_deployment_and_the_newest_comes_first(deployments: list[Deployment]) -> None:
    merged = merge_deployments(deployments)
    assert sum(len(one.seen_by) for one in merged) == len(deployments)
    assert all(len(set(one.seen_by)) == len(one.seen_by) for one in merged)
    assert [one.at for one in merged] == sorted((one.at for one in merged), reverse=True)


def _one(*deployments: Deployment) -> Deployment:
    """The only deployment that is told."""
    (found,) = merge_deployments(deployments)
    return found


@pytest.mark.parametrize("version", ["2.41.0", "v2.41.0", "V2.41.0", " 2.41.0 "])
def test_the_same_version_told_by_two_sources_is_one(version: str) -> None:
    told = _one(deployment(PAGERDUTY, version=version, at=before(2), author="ada"), deployment(SENTRY, at=NOW))
    assert told.seen_by == (SENTRY, PAGERDUTY)
    assert (told.at, told.author) == (NOW, "ada")


def test_a_version_that_only_begins_with_the_letter_keeps_it() -> None:
    assert len(merge_deployments([deployment(version="vista"), deployment(SENTRY, version="ista")])) == 2


@pytest.mark.parametrize(
    "other",
    [
        deployment(SENTRY, version="2.42.0"),
        deployment(SENTRY, service="worker"),
        deployment(SENTRY, environment="staging"),
        deployment(SENTRY, at=before(31)),
        deployment(PAGERDUTY, "d2"),
    ],
    ids=["version", "service", "environment", "long before", "the same source again"],
)
def test_what_differs_is_another_deployment(other: Deployment) -> None:
    assert len(merge_deployments([deployment(environment="prod"), other])) == 2


@pytest.mark.parametrize("environment", ["", "Production", "prod"])
def test_an_environment_agrees_in_any_spelling(environment: str) -> None:
    assert _one(deployment(environment="prod"), deployment(SENTRY, at=before(1), environment=environment)).seen_by


def test_the_start_that_one_tells_is_kept_with_the_end_that_another_tells() -> None:
    start = deployment(PAGERDUTY, at=before(4), status=DeploymentStatus.STARTED)
    told = _one(start, deployment(SENTRY, at=before(1)))
    assert (told.status, told.at, told.started_at) == (DeploymentStatus.FINISHED, before(1), before(4))


def test_what_a_source_lists_twice_counts_once() -> None:
    assert _one(deployment(), deployment()).seen_by == (PAGERDUTY,)


def _suspects(*deployments: Deployment, environment: str = "", since: datetime = NOW) -> list[tuple[str, float]]:
    trouble = alert(record(service="api", environment=environment, since=since))
    return [(one.label, one.seconds_before) for one in suspects_of(trouble, deployments)]


def test_suspects_ended_shortly_before_on_the_same_service_the_nearest_first() -> None:
    assert _suspects(
        deployment(id="old", version="v1", at=before(40)),
        deployment(id="near", version="v2", at=before(12), service="API"),
        deployment(id="other", service="worker", at=before(1)),
    ) == [("API v2", 720.0), ("api v1", 2400.0)]


@pytest.mark.parametrize(
    ("ended", "is_suspect"),
    [
        (NOW - SUSPECT_WINDOW, True),
        (NOW - SUSPECT_WINDOW - timedelta(seconds=1), False),
        (NOW, True),
        (NOW + timedelta(seconds=60), True),
        (NOW + timedelta(seconds=61), False),
    ],
)
def test_the_window_and_two_clocks_that_differ(ended: datetime, is_suspect: bool) -> None:
    found = _suspects(deployment(at=ended))
    assert bool(found) is is_suspect
    assert all(seconds >= 0 for _, seconds in found)


def test_a_deployment_to_another_stage_is_no_suspect() -> None:
    elsewhere = deployment(environment="staging")
    assert not _suspects(elsewhere, environment="prod")
    assert _suspects(elsewhere, environment="blue")
    eastern = deployment(environment="prod-us")
    assert not _suspects(eastern, environment="prod-eu")
    assert _suspects(eastern, environment="production"), "which one it is nobody says"
    assert _suspects(elsewhere)


def test_an_alert_without_a_service_suspects_nothing() -> None:
    assert suspects_of(alert(record(service="")), [deployment(service="")]) == ()
