"""What a newcomer learns of each vendor: names, teams, environments; and what remains when a part is not told."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from aiohttp import web

from oncall_tui.config.model import PrometheusSettings, SentrySettings
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.sources.errors import Malformed, Refused, SourceError, Unauthorised
from oncall_tui.sources.pagerduty import PagerDuty
from oncall_tui.sources.pagerduty.discover import PagedService, Team
from oncall_tui.sources.prometheus import Prometheus
from oncall_tui.sources.prometheus.discover import FoundService, Latency, quantile_query
from oncall_tui.sources.retry import NO_RETRY
from oncall_tui.sources.sentry import Sentry
from oncall_tui.sources.sentry.discover import Organization, Project
from tests.unit.sources.pagerduty_server import FakePagerDuty, Secret, serving, source_of

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
HOSTILE = "evil\x1b[2J"
CLEAN = "evil\ufffd[2J"
Answer = Callable[[httpx.Request], object]


def vector(*series: tuple[Mapping[str, str], float]) -> dict[str, object]:
    result = [{"metric": labels, "value": [0, str(value)]} for labels, value in series]
    return {"status": "success", "data": {"resultType": "vector", "result": result}}


def network(answers: Mapping[str, Answer | object]) -> httpx.MockTransport:
    """Answers by path; an ``int`` is a status, what is missing a 404."""

    def handle(request: httpx.Request) -> httpx.Response:
        answer = answers.get(request.url.path, 404)
        found = answer(request) if callable(answer) else answer
        return httpx.Response(found, json={}) if isinstance(found, int) else httpx.Response(200, json=found)

    return httpx.MockTransport(handle)


@asynccontextmanager
async def prometheus(answers: Mapping[str, Answer | object]) -> AsyncIterator[Prometheus]:
    source = Prometheus(
        SourceName("prometheus"),
        PrometheusSettings(url="http://localhost:9090"),
        token=None,
        headers={},
        severities=SeverityMap(),
        clock=lambda: NOW,
        retry=NO_RETRY,
        transport=network(answers),
    )
    yield source
    await source.close()


def queries(up: object, served: object = None, p95: object = None) -> Answer:
    def answer(request: httpx.Request) -> object:
        query = request.url.params["query"]
        if "histogram_quantile" in query:
            return p95 or vector()
        return up if query.startswith("count by") else served or vector()

    return answer


TARGETS = vector(
    ({"service": "api", "env": "production", "job": "x"}, 3),
    ({"service": "api", "env": "staging", "job": "x"}, 1),
    ({"job": "node"}, 2),
    ({"service": HOSTILE, "env": "production", "job": "x"}, 1),
)


class TestPrometheus:
    async def test_services_environments_alertmanagers_and_latency_are_told(self) -> None:
        served = vector(({"service": "api", "job": "x"}, 12.5), ({"job": "node"}, 0.5), ({"job": "x"}, float("nan")))
        alertmanagers = [{"url": "http://am:9093/api/v2/alerts"}, {"url": "http://am:9093/api/v2/alerts"}]
        alertmanagers += [{"url": "https://b.example.com/am/api/v1/alerts"}, {"url": "javascript:alert(1)"}]
        answers = {
            "/api/v1/query": queries(TARGETS, served, vector(({}, 176.25))),
            "/api/v1/status/buildinfo": {"data": {"version": "2.42.0"}},
            "/api/v1/alertmanagers": {"data": {"activeAlertmanagers": alertmanagers, "droppedAlertmanagers": []}},
        }
        async with prometheus(answers) as source:
            finds = await source.discover()
        assert finds.services == (
            FoundService("api", 4, ("production", "staging")),
            FoundService(CLEAN, 1, ("production",)),
            FoundService("node", 2),
        )
        assert finds.environments == ("production", "staging")
        assert finds.alertmanagers == ("http://am:9093", "https://b.example.com/am")
        assert finds.latency == Latency("api", "service", 176.25)
        assert (finds.version, finds.targets) == ("2.42.0", 7)

    async def test_the_labels_that_most_targets_carry_are_found(self) -> None:
        up = vector(
            ({"app": "api", "service": "", "stage": "live", "job": "k8s"}, 9), ({"service": "x", "job": "x"}, 1)
        )
        async with prometheus({"/api/v1/query": queries(up)}) as source:
            finds = await source.discover()
        assert (finds.service_label, finds.environment_label) == ("app", "stage")
        assert [one.name for one in finds.services] == ["api", "x"]

    async def test_where_targets_do_not_say_the_external_label_does(self) -> None:
        yaml = "global:\n  external_labels:\n    env: production\n    region: eu\n"
        answers = {
            "/api/v1/query": queries(vector(({"job": "api"}, 1))),
            "/api/v1/status/config": {"status": "success", "data": {"yaml": yaml}},
        }
        async with prometheus(answers) as source:
            finds = await source.discover()
        assert (finds.environment, finds.environments) == ("production", ())

    async def test_everything_but_the_services_may_be_missing(self) -> None:
        async with prometheus({"/api/v1/query": queries(vector())}) as source:
            finds = await source.discover()
        assert (finds.services, finds.alertmanagers, finds.latency, finds.version) == ((), (), None, "")

    @pytest.mark.parametrize("answer", [{"hello": "world"}, [], {"data": None}, {"data": {"result": [{}]}}])
    async def test_what_is_no_prometheus_is_said(self, answer: object) -> None:
        async with prometheus({"/api/v1/query": answer}) as source:
            with pytest.raises(Malformed, match="is not a Prometheus API"):
                await source.discover()

    async def test_a_refusal_passes_through(self) -> None:
        async with prometheus({"/api/v1/query": 401}) as source:
            with pytest.raises(Unauthorised):
                await source.discover()

    async def test_a_name_that_is_not_clean_gets_no_query(self) -> None:
        answers = {"/api/v1/query": queries(TARGETS, vector(({"service": HOSTILE, "job": "x"}, 9)))}
        async with prometheus(answers) as source:
            assert (await source.discover()).latency is None

    def test_a_value_is_quoted_as_promql_wants_it(self) -> None:
        assert '{job="a\\"b\\\\c\\nd"}' in quantile_query(0.95, "job", 'a"b\\c\nd')


@asynccontextmanager
async def newcomer(fake: FakePagerDuty) -> AsyncIterator[PagerDuty]:
    """The source of somebody who was never there."""
    async with serving(fake), source_of(fake) as source:
        yield source


class TestPagerDuty:
    ANA = {
        "id": "PANA",
        "name": "Ana Smith",
        "email": "ana@acme.example",
        "html_url": "https://acme.pagerduty.com/users/PANA",
        "teams": [{"id": "PT2", "summary": "Platform"}],
    }

    def account(self, fake: FakePagerDuty, teams: object, services: object) -> FakePagerDuty:
        """An account with more to tell than the fake has by itself."""

        def fault(request: web.Request) -> web.StreamResponse | None:
            found = {"/teams": ("teams", teams), "/services": ("services", services)}.get(request.path)
            if found is None or request.headers["Authorization"] != "Token token=u+SECRETtoken4711":
                return None
            key, rows = found
            if isinstance(rows, int):
                return web.json_response({"error": {"message": "no"}}, status=rows)
            return web.json_response({key: rows, "more": False})

        fake.faults.append(fault)
        return fake

    TEAMS = [{"id": "PT1", "name": "Alpha"}, {"id": "PT2", "name": "Platform"}, {"id": "PT3", "name": HOSTILE}]
    SERVICES = [{"id": "PS2", "name": "web", "teams": []}, {"id": "PS1", "name": "API", "teams": [{"id": "PT1"}]}]

    async def test_the_user_comes_with_teams_and_services(self) -> None:
        async with newcomer(self.account(FakePagerDuty(me=self.ANA), self.TEAMS, self.SERVICES)) as source:
            finds = await source.discover()
        assert finds.me is not None
        assert (finds.me.name, finds.account, finds.is_user_token) == ("Ana Smith", "acme.pagerduty.com", True)
        assert finds.teams == (Team("PT2", "Platform", True), Team("PT1", "Alpha"), Team("PT3", CLEAN))
        assert finds.services == (PagedService("PS1", "API", ("PT1",)), PagedService("PS2", "web"))

    async def test_an_account_level_token_has_the_user_of_its_email(self) -> None:
        users = [{"id": "PBOB", "name": "Bob Jones", "email": "bob@acme.example"}]
        fake = self.account(FakePagerDuty(users=users), self.TEAMS, self.SERVICES)
        async with serving(fake):
            async with source_of(fake) as source:
                assert (await source.discover()).me is None
            async with source_of(fake, from_email="bob@acme.example") as source:
                finds = await source.discover()
        assert finds.me is not None
        assert (finds.me.name, finds.is_user_token) == ("Bob Jones", False)

    @pytest.mark.parametrize("status", [402, 403, 404])
    async def test_a_plan_without_teams_has_none(self, status: int) -> None:
        async with newcomer(self.account(FakePagerDuty(me=self.ANA), status, self.SERVICES)) as source:
            assert (await source.discover()).teams == ()

    async def test_a_wrong_token_and_a_broken_server_are_errors(self) -> None:
        async with serving(self.account(FakePagerDuty(me=self.ANA), self.TEAMS, self.SERVICES)) as fake:
            fake.fail("GET /services", 401, times=1)
            fake.faults.reverse()
            async with source_of(fake) as source:
                with pytest.raises(Unauthorised):
                    await source.discover()
        async with newcomer(self.account(FakePagerDuty(me=self.ANA), 500, self.SERVICES)) as source:
            with pytest.raises(Refused):
                await source.discover()

    @pytest.mark.parametrize("services", [{"no": "list"}, [{"name": "without an id"}]])
    async def test_another_shape_is_an_error_in_our_words(self, services: object) -> None:
        async with newcomer(self.account(FakePagerDuty(me=self.ANA), self.TEAMS, services)) as source:
            with pytest.raises(Malformed):
                await source.discover()


class TestSentry:
    ROOT = {"version": "0", "auth": {"scopes": ["org:read"]}, "user": {"name": "Ana Smith"}}
    ACME = {"slug": "acme", "name": "Acme", "links": {"regionUrl": "https://us.sentry.io"}}
    PLACE = "/api/0/organizations/acme"

    @asynccontextmanager
    async def source(self, answers: Mapping[str, Answer | object], organization: str = "") -> AsyncIterator[Sentry]:
        source = Sentry(
            SourceName("sentry"),
            SentrySettings(organization=organization),
            token=Secret(),
            headers={},
            severities=SeverityMap(),
            clock=lambda: NOW,
            retry=NO_RETRY,
            transport=network(answers),
        )
        yield source
        await source.close()

    async def test_the_only_organization_is_looked_into(self) -> None:
        projects = [{"slug": "web", "name": HOSTILE}, {"slug": "api", "name": "API", "isMember": True}]
        answers = {
            "/api/0/": self.ROOT,
            "/api/0/organizations/": [self.ACME],
            f"{self.PLACE}/projects/": projects,
            f"{self.PLACE}/environments/": [{"id": "1", "name": "production"}, {"id": "2", "name": "production"}],
        }
        async with self.source(answers) as source:
            finds = await source.discover()
        assert (finds.user, finds.scopes, finds.organization) == ("Ana Smith", ("org:read",), "acme")
        assert finds.organizations == (Organization("acme", "Acme", "https://us.sentry.io"),)
        assert finds.projects == (Project("api", "API", True), Project("web", CLEAN))
        assert finds.environments == ("production",)

    async def test_of_several_none_is_looked_into_before_one_is_chosen(self) -> None:
        answers = {"/api/0/": self.ROOT, "/api/0/organizations/": [self.ACME, {"slug": "lab", "name": "Lab"}]}
        async with self.source(answers) as source:
            finds = await source.discover()
        assert [one.slug for one in finds.organizations] == ["acme", "lab"]
        assert (finds.organization, finds.projects) == ("", ())

    async def test_a_token_that_may_not_list_organizations_is_good_all_the_same(self) -> None:
        answers = {"/api/0/": self.ROOT, "/api/0/organizations/": 403, f"{self.PLACE}/projects/": [{"slug": "api"}]}
        async with self.source(answers, "acme") as source:
            finds = await source.discover()
        assert (finds.organizations, [one.slug for one in finds.projects]) == ((), ["api"])
        async with self.source(answers) as source:
            assert (await source.discover()).organization == ""

    async def test_a_wrong_token_is_an_error(self) -> None:
        async with self.source({"/api/0/": 401, "/api/0/organizations/": 401}) as source:
            with pytest.raises(Unauthorised):
                await source.discover()

    @pytest.mark.parametrize("organizations", [{"no": "list"}, [{"name": "without a slug"}], ["text"]])
    async def test_another_shape_is_an_error_in_our_words(self, organizations: Any) -> None:
        async with self.source({"/api/0/": [], "/api/0/organizations/": organizations}) as source:
            with pytest.raises(SourceError) as caught:
                await source.discover()
        assert isinstance(caught.value, Malformed)
        assert json.dumps(organizations) not in str(caught.value)
