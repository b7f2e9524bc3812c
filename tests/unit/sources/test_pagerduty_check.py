"""What the doctor asks PagerDuty."""

from collections.abc import Sequence

import pytest

from oncall_tui.sources.base import CheckState, Finding, Topic
from tests.unit.sources.pagerduty_polls import ANA
from tests.unit.sources.pagerduty_server import FakePagerDuty, incident, serving, source_of


def told(found: Sequence[Finding], topic: Topic) -> Finding:
    """The one finding about ``topic``."""
    (finding,) = (one for one in found if one.topic is topic)
    return finding


async def test_the_doctor_hears_of_token_user_filters_and_incidents() -> None:
    async with serving(FakePagerDuty(me=ANA, policies={"PT1": []})) as fake:
        fake.add(incident("P1"))
        async with source_of(fake, teams=("PT1", "PWRONG")) as source:
            found = await source.check()
    assert [one.state for one in found] == [CheckState.OK] * 4 + [CheckState.FAILED]
    assert "1 open incident passes the filters." in told(found, Topic.CREDENTIAL).what
    assert "Ana Smith <ana@acme.example>" in told(found, Topic.IDENTITY).what
    assert told(found, Topic.SCOPES).what == "It may acknowledge."
    assert "Payments" in found[3].what
    assert "PWRONG" in found[4].what


async def test_the_doctor_finds_out_that_a_token_may_only_read_without_changing_anything() -> None:
    async with serving(FakePagerDuty(me=ANA, is_read_only=True)) as fake:
        fake.add(incident("P1"))
        async with source_of(fake) as source:
            found = await source.check()
    (write,) = [one for one in fake.requests if one.method != "GET"]
    assert write.path.rpartition("/")[2] not in fake.incidents
    assert write.body == {"incident": {"type": "incident_reference"}}
    assert told(found, Topic.SCOPES).state is CheckState.WARNING
    assert "Read-only" in told(found, Topic.SCOPES).advice


async def test_the_doctor_does_not_guess_what_a_token_may_do() -> None:
    async with serving(FakePagerDuty(me=ANA)) as fake:
        fake.fail("PUT /incidents/PDOCTOR0000000", 500)
        async with source_of(fake) as source:
            found = await source.check()
    assert told(found, Topic.SCOPES).state is CheckState.WARNING
    assert "not known" in told(found, Topic.SCOPES).what


async def test_the_doctor_goes_on_where_a_filter_is_refused_or_a_scope_is_missing() -> None:
    async with serving(FakePagerDuty(me=ANA)) as fake:
        fake.fail("GET /incidents", 400, {"error": {"message": "Team Not Found"}})
        fake.fail("GET /abilities", 403)
        async with source_of(fake, teams=("PWRONG",)) as source:
            found = await source.check()
    failed = [one for one in found if one.state is CheckState.FAILED]
    assert [one.topic for one in failed] == [Topic.FILTERS, Topic.FILTERS]
    assert "Team Not Found" in failed[0].what
    assert "PWRONG" in failed[1].what
    assert told(found, Topic.IDENTITY).state is CheckState.OK


async def test_the_doctor_says_when_an_account_has_no_teams() -> None:
    async with serving(FakePagerDuty(me=ANA, policies={"PT1": []})) as fake:
        fake.fail("GET /abilities", 200, {"abilities": ["urgencies"]})
        async with source_of(fake, teams=("PT1",)) as source:
            found = await source.check()
    (failed,) = [one for one in found if one.state is CheckState.FAILED]
    assert "teams" in failed.advice


@pytest.mark.parametrize(
    ("email", "state"),
    [(None, CheckState.WARNING), ("ghost@acme.example", CheckState.FAILED), ("ana@acme.example", CheckState.OK)],
)
async def test_the_doctor_says_whether_an_acknowledge_can_work(email: str | None, state: CheckState) -> None:
    async with serving(FakePagerDuty(users=[ANA])) as fake, source_of(fake, from_email=email) as source:
        assert told(await source.check(), Topic.IDENTITY).state is state


async def test_the_doctor_ends_with_the_error_of_a_bad_token() -> None:
    async with serving(FakePagerDuty()) as fake, source_of(fake, token="wrong") as source:
        (finding,) = await source.check()
    assert (finding.state, finding.topic) == (CheckState.FAILED, Topic.CREDENTIAL)
    assert "credential" in finding.what


async def test_every_service_of_the_account_is_known_by_name() -> None:
    names = [f"service {number}" for number in range(130)]
    async with serving(FakePagerDuty(services=names)) as fake, source_of(fake) as source:
        assert await source.service_names() == frozenset(names)
