"""What the doctor asks Sentry."""

from typing import Any

import pytest
import respx

from oncall_tui.sources.base import CheckState, Topic
from tests.unit.sources.sentry_api import BASE, INDEX, source_of


async def test_the_doctor_is_content(sentry: respx.MockRouter) -> None:
    sentry.get(BASE).respond(json={"slug": "acme", "name": "Acme Inc."})
    sentry.get(INDEX).respond(json={"version": "0", "auth": {"scopes": ["project:read", "event:write"]}})
    sentry.get(BASE + "projects/").respond(json=[{"id": "1", "slug": "api"}])
    async with source_of(projects=("api",)) as source:
        found = await source.check()
        assert await source.service_names() == {"api"}
    assert [one.state for one in found] == [CheckState.OK] * 6
    assert "Acme Inc." in found[1].what
    assert found[2].what == "Scopes: event:write, project:read."
    assert found[3].what == "It may resolve, archive and assign issues."


async def test_the_doctor_names_missing_scopes_and_projects(sentry: respx.MockRouter) -> None:
    sentry.get(BASE).respond(403)
    sentry.get(INDEX).respond(404)
    sentry["releases"].respond(403)
    sentry.get(BASE + "projects/").respond(json=[{"id": "1", "slug": "api"}])
    async with source_of(projects=("api", "ghost")) as source:
        found = await source.check()
    assert [one.state for one in found] == [CheckState.OK, CheckState.WARNING, CheckState.FAILED]
    assert (found[1].topic, found[2].topic) == (Topic.SCOPES, Topic.FILTERS)
    assert "project:releases" in found[1].advice
    assert "ghost" in found[2].what and "api" not in found[2].what


async def test_the_doctor_says_that_a_query_is_refused_and_goes_on(sentry: respx.MockRouter) -> None:
    sentry["issues"].respond(400, json={"detail": "Invalid query"})
    for path in (BASE, INDEX):
        sentry.get(path).respond(403)
    async with source_of() as source:
        found = await source.check()
    assert [(one.state, one.topic) for one in found] == [
        (CheckState.FAILED, Topic.FILTERS),
        (CheckState.OK, Topic.SCOPES),
    ]
    assert "Invalid query" in found[0].what and "issue.priority" in found[0].advice


@pytest.mark.parametrize(
    ("status", "word"), [(401, "event:read"), (403, "event:read"), (404, "`organization`"), (500, "fault")]
)
async def test_the_doctor_ends_where_issues_cannot_be_read(sentry: respx.MockRouter, status: int, word: str) -> None:
    sentry["issues"].respond(status)
    async with source_of() as source:
        (finding,) = await source.check()
    assert finding.state is CheckState.FAILED
    assert word in finding.advice


@pytest.mark.parametrize(
    ("scopes", "state"),
    [
        (["event:read", "project:read"], CheckState.WARNING),
        (["event:admin"], CheckState.OK),
        (["event:write"], CheckState.OK),
        ([], None),
        ("event:write", None),
    ],
)
async def test_the_doctor_says_whether_the_token_may_change_issues_where_sentry_tells(
    sentry: respx.MockRouter, scopes: Any, state: CheckState | None
) -> None:
    sentry.get(BASE).respond(json={"slug": "acme"})
    sentry.get(INDEX).respond(json={"version": "0", "auth": {"scopes": scopes}})
    async with source_of() as source:
        found = [one for one in await source.check() if "archive and assign" in one.what]
    assert [one.state for one in found] == ([state] if state else [])
    assert all("event:write" in one.advice for one in found if one.state is CheckState.WARNING)
    assert {call.request.method for call in sentry.calls} == {"GET"}, "nothing is written to find out"
