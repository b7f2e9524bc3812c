"""Who sits before the screen, as PagerDuty knows people."""

from tests.unit.sources.pagerduty_polls import ANA, records
from tests.unit.sources.pagerduty_server import FakePagerDuty, incident, serving, source_of


async def test_with_an_account_token_the_email_says_who_sits_here() -> None:
    async with serving(FakePagerDuty(users=[{"id": "PX", "email": "joana@acme.example"}, ANA])) as fake:
        fake.add(incident("P1", assignments=[{"assignee": {"id": "PANA", "summary": "Ana"}}]))
        async with source_of(fake, from_email="ana@acme.example") as source:
            assert records(await source.poll()).alerts[0].is_mine
            await source.poll()
        assert len(fake.asked("GET", "/users/me")) == len(fake.asked("GET", "/users")) == 1, "asked once"


async def test_who_sits_here_is_asked_again_when_it_could_not_be_read() -> None:
    async with serving(FakePagerDuty(me=ANA)) as fake:
        fake.add(incident("P1", assignments=[{"assignee": {"id": "PANA", "summary": "Ana"}}]))
        fake.fail("GET /users/me", 500, times=2)
        async with source_of(fake) as source:
            assert not records(await source.poll()).alerts[0].is_mine
            assert records(await source.poll()).alerts[0].is_mine
