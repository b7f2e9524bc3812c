"""Releases and deploys of Sentry as deployments, and versions as people write them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from oncall_tui.domain.alert import SourceKind
from oncall_tui.domain.deployment import DeploymentStatus
from oncall_tui.domain.ids import SourceName
from oncall_tui.sources.sentry.releases import ReleaseReading, deployments_of, is_recent, mark_of
from oncall_tui.sources.versions import package_and_version, version_in

BEGIN = datetime(2026, 11, 18, 3, tzinfo=UTC)
READING = ReleaseReading(SourceName("sentry"), BEGIN)
SHA = "9f8e7d6c5b4a39281706f5e4d3c2b1a098765432"


def release(version: str = "api@2.41.0", **changes: Any) -> dict[str, Any]:
    """A release as "List an Organization's Releases" gives it."""
    return {
        "id": 801,
        "version": version,
        "shortVersion": version.split("@")[-1],
        "dateCreated": "2026-11-20T02:00:00Z",
        "dateReleased": None,
        "deployCount": 0,
        "lastDeploy": None,
        "lastCommit": None,
        "authors": [],
        "newGroups": 0,
        "url": None,
        "projects": [{"slug": "api-server", "name": "API"}],
    } | changes


def deploy(vendor_id: str, finished: str | None, environment: str = "production", **changes: Any) -> dict[str, Any]:
    return {
        "id": vendor_id,
        "environment": environment,
        "dateStarted": "2026-11-20T02:05:00Z",
        "dateFinished": finished,
        "name": None,
        "url": "https://ci.example/1",
    } | changes


@pytest.mark.parametrize(
    ("name", "package", "version"),
    [
        ("api@2.41.0", "api", "2.41.0"),
        ("@shop/web@1.4.0-rc.1", "@shop/web", "1.4.0-rc.1"),
        (SHA, "", "9f8e7d6c5b4a"),
        (f"api@{SHA}", "api", "9f8e7d6c5b4a"),
        ("2026.11.20", "", "2026.11.20"),
        ("com.acme.app@3.1+55", "com.acme.app", "3.1+55"),
        ("@latest", "", "@latest"),
        ("api@", "", "api@"),
    ],
)
def test_a_release_is_taken_apart_as_people_read_it(name: str, package: str, version: str) -> None:
    assert package_and_version(name) == (package, version)


@pytest.mark.parametrize(
    ("sentence", "version"),
    [
        ("Deployed v2.41.0.", "v2.41.0"),
        ("to 10.0.0.12 now", ""),
        ("commit 9f8e7d6 by ana", "9f8e7d6"),
        ("20261120 deadbeef", ""),
        ("raised 2.5x", ""),
    ],
)
def test_a_version_is_found_in_a_sentence(sentence: str, version: str) -> None:
    assert version_in(sentence) == version


def test_each_deploy_is_a_deployment() -> None:
    deploys = [deploy("2", "2026-11-20T02:10:00Z"), deploy("1", "2026-11-19T09:00:00Z", "staging")]
    found = deployments_of(release(deployCount=2), deploys, READING)
    assert [(one.environment, one.at.isoformat()) for one in found] == [
        ("production", "2026-11-20T02:10:00+00:00"),
        ("staging", "2026-11-19T09:00:00+00:00"),
    ]
    first = found[0]
    assert (first.service, first.version, first.kind) == ("api", "2.41.0", SourceKind.SENTRY)
    assert (first.url, first.status) == ("https://ci.example/1", DeploymentStatus.FINISHED)
    assert first.started_at == datetime(2026, 11, 20, 2, 5, tzinfo=UTC)
    assert len({one.id for one in found}) == 2


def test_a_release_without_deploys_is_one_itself() -> None:
    (one,) = deployments_of(release(url="https://ci.example/9"), (), READING)
    assert one.at == datetime(2026, 11, 20, 2, tzinfo=UTC)
    assert (one.url, one.environment) == ("https://ci.example/9", "")
    (released,) = deployments_of(release(dateReleased="2026-11-20T02:30:00Z"), (), READING)
    assert released.at == datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


def test_a_release_whose_deploys_are_not_known_yet_is_not_told_as_deployed() -> None:
    assert deployments_of(release(deployCount=2), (), READING) == ()


def test_what_is_older_than_the_window_or_elsewhere_is_left_out() -> None:
    deploys = [deploy("1", "2026-11-17T00:00:00Z"), deploy("2", "2026-11-20T00:00:00Z", "staging")]
    only = ReleaseReading(SourceName("sentry"), BEGIN, environments=frozenset({"production"}))
    assert deployments_of(release(deployCount=2), deploys, only) == ()
    assert deployments_of(release(dateCreated="2026-11-17T00:00:00Z"), (), READING) == ()


def test_a_deploy_that_runs_has_started() -> None:
    (one,) = deployments_of(release(deployCount=1), [deploy("1", None)], READING)
    assert (one.status, one.at) == (DeploymentStatus.STARTED, datetime(2026, 11, 20, 2, 5, tzinfo=UTC))
    assert deployments_of(release(deployCount=1), [deploy("1", None, dateStarted=None)], READING) == ()


def test_without_a_package_the_projects_are_the_services() -> None:
    both = release(SHA, projects=[{"slug": "api"}, {"slug": "web"}, "worker"])
    found = deployments_of(both, (), READING)
    assert [(one.service, one.version) for one in found] == [(s, "9f8e7d6c5b4a") for s in ("api", "web", "worker")]
    assert len({one.id for one in found}) == 3
    mine = ReleaseReading(SourceName("sentry"), BEGIN, projects=frozenset({"web"}))
    assert [one.service for one in deployments_of(both, (), mine)] == ["web"]
    deployed = [deploy("1", "2026-11-20T02:10:00Z", projects=["api"])]
    assert [one.service for one in deployments_of(both | {"deployCount": 1}, deployed, READING)] == ["api"]
    assert [one.service for one in deployments_of(release(SHA, projects=None), (), READING)] == [""]


def test_author_and_summary_come_from_the_last_commit_else_from_the_authors() -> None:
    commit = {"message": "Fix refunds\n\nlong story", "author": {"name": "Ana", "email": "a@b.example"}}
    (one,) = deployments_of(release(lastCommit=commit, newGroups=1), (), READING)
    assert (one.author, one.summary) == ("Ana", "Fix refunds (1 new issue)")
    (other,) = deployments_of(release(authors=[{"name": "Ana"}, {"email": "b@b.example"}], newGroups=2), (), READING)
    assert (other.author, other.summary) == ("Ana, b@b.example", "2 new issues")


def test_an_old_release_that_was_brought_back_is_recent() -> None:
    old = release(dateCreated="2026-01-01T00:00:00Z", lastDeploy=deploy("9", "2026-11-20T02:10:00Z"), deployCount=2)
    assert is_recent(old, BEGIN)
    assert not is_recent(release(dateCreated="2026-01-01T00:00:00Z"), BEGIN)
    assert mark_of(old) != mark_of(old | {"deployCount": 3})
    assert mark_of(release(deployCount=None, lastDeploy=deploy("9", "x"))).count == 1


def test_foreign_text_is_cleaned_and_addresses_are_checked() -> None:
    nasty = "api\x1b]0;x\x07@1.0\u202e"
    (one,) = deployments_of(
        release(nasty, authors=[{"name": nasty}], lastCommit={"message": nasty}, url="file:///etc/passwd"), (), READING
    )
    texts = [one.id, one.service, one.version, one.author, one.summary]
    assert not any(char in text for text in texts for char in "\x1b\x07\u202e")
    assert one.url is None


@pytest.mark.parametrize("version", [None, "", 7])
def test_a_release_without_a_version_cannot_be_read(version: Any) -> None:
    with pytest.raises(ValueError):
        deployments_of(release() | {"version": version}, (), READING)
