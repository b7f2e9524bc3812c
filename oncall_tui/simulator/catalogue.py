"""The services of REWAPP, a cashback platform: who they are and how they behave on a good day.

The names, teams and ids here are the one place that the metrics, the alert rules, PagerDuty and Sentry of the
simulated world take them from, so that the same service has the same name everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

ENVIRONMENT = "production"
ORGANIZATION = "rewapp"
"""Slug of the Sentry organization and subdomain of the PagerDuty account."""


@dataclass(frozen=True, slots=True)
class Route:
    """One HTTP route of a service.

    Attributes:
        path: the template, as the `route` label carries it.
        share: part of the service's requests, 0-1.
        weight: its latency relative to the service's median.
    """

    path: str
    share: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Service:
    """A service on a good day.

    Attributes:
        name: value of the labels `job` and `service`, slug of the Sentry project.
        team: value of the label `team` and name of the PagerDuty team.
        port: of its metrics; the instance is `<name>-1:<port>`.
        version: what runs when the world starts, without a leading v; empty for infrastructure.
        platform: Sentry's word for the runtime; empty where there is no Sentry project.
        requests_per_s: mean over the day; 0 where there is no HTTP.
        median_s: median latency in seconds.
        spread: sigma of the log-normal latency; 0.43 puts P95 at twice the median.
        server_errors: part of the requests answered 5xx, 0-1.
        client_errors: part of the requests answered 4xx, 0-1.
        cpu: percent at mean traffic.
        memory: percent.
        disk: percent.
        tasks: containers wanted.
        pagerduty_id: id of the PagerDuty service.
        routes: for http_requests_total and the latency histogram.
        queue: name of its job queue, or empty.
    """

    name: str
    team: str
    port: int
    version: str
    platform: str
    requests_per_s: float
    median_s: float
    spread: float
    server_errors: float
    client_errors: float
    cpu: float
    memory: float
    disk: float
    tasks: int
    pagerduty_id: str
    routes: tuple[Route, ...] = (Route("/", 1.0),)
    queue: str = ""

    @property
    def instance(self) -> str:
        """Value of the label `instance`."""
        return f"{self.name}-1:{self.port}"

    @property
    def routing_key(self) -> str:
        """The 32 character Events API v2 key of the PagerDuty service."""
        return (self.pagerduty_id.lower() * 5)[:32]

    @property
    def release(self) -> str:
        """Sentry's version of what runs at the start: `api@2.40.9`."""
        return f"{self.name}@{self.version}"

    @property
    def labels(self) -> dict[str, str]:
        """The labels every series of the service carries."""
        return {
            "job": self.name,
            "instance": self.instance,
            "service": self.name,
            "team": self.team,
            "env": ENVIRONMENT,
        }


_API_ROUTES = (
    Route("/v1/transactions", 0.31, 1.15),
    Route("/v1/wallet", 0.24, 0.8),
    Route("/v1/qr/validate", 0.16, 0.9),
    Route("/v1/offers", 0.14, 1.0),
    Route("/v1/withdrawals", 0.05, 1.5),
    Route("/v1/me", 0.10, 0.7),
)


def _one(path: str) -> tuple[Route, ...]:
    return (Route(path, 1.0),)


# fmt: off
SERVICES: tuple[Service, ...] = (
    # name, team, port, version, platform, req/s, median s, spread, 5xx, 4xx, cpu, memory, disk, tasks, PagerDuty id
    Service("api", "platform", 3000, "2.40.9", "node", 64.0, 0.088, 0.43, 0.0012, 0.019, 46, 62, 43, 6, "PAPI001",
            _API_ROUTES),
    Service("auth", "identity", 3001, "3.12.2", "node", 21.0, 0.041, 0.45, 0.0006, 0.031, 31, 48, 38, 3, "PAUTH01",
            _one("/login")),
    Service("points", "rewards", 3002, "5.8.0", "node", 18.0, 0.055, 0.44, 0.0009, 0.008, 38, 57, 41, 3, "PPOINT1",
            _one("/credit"), "points-credit"),
    Service("banking", "payments", 3003, "1.31.5", "node", 7.0, 0.096, 0.40, 0.0014, 0.012, 27, 51, 36, 2, "PBANK01",
            _one("/accounts"), "sepa"),
    Service("webhook", "payments", 3004, "2.7.1", "python", 11.0, 0.033, 0.48, 0.0011, 0.014, 24, 44, 33, 2, "PWHOOK1",
            _one("/bank-events"), "bank-events"),
    Service("qr", "rewards", 3005, "1.18.3", "node", 13.0, 0.048, 0.42, 0.0005, 0.022, 29, 46, 35, 2, "PQRCD01",
            _one("/generate")),
    Service("partner", "partners", 3006, "1.9.4", "node", 5.0, 0.072, 0.45, 0.0013, 0.017, 22, 41, 31, 2, "PPARTN1",
            _one("/merchants")),
    Service("push", "engagement", 3007, "0.44.1", "node", 4.0, 0.029, 0.50, 0.0008, 0.004, 19, 37, 29, 2, "PPUSH01",
            _one("/send"), "notifications"),
    Service("admin", "platform", 3008, "4.2.0", "node", 0.9, 0.081, 0.43, 0.0007, 0.015, 12, 33, 28, 1, "PADMIN1"),
    Service("site", "growth", 3009, "12.6.0", "javascript", 26.0, 0.037, 0.47, 0.0004, 0.011, 26, 39, 30, 3, "PSITE01"),
    Service("worker", "platform", 3010, "2.40.7", "node", 2.0, 0.064, 0.44, 0.0010, 0.003, 41, 55, 47, 4, "PWORK01",
            _one("/jobs"), "default"),
    Service("redis-cache", "platform", 9121, "", "", 0.0, 0.0, 0.0, 0.0, 0.0, 18, 71, 22, 1, "PREDIS1"),
    Service("postgres", "platform", 9187, "", "", 0.0, 0.0, 0.0, 0.0, 0.0, 35, 64, 52, 1, "PPGSQL1"),
)
# fmt: on

BY_NAME: dict[str, Service] = {service.name: service for service in SERVICES}
APPLICATIONS: tuple[Service, ...] = tuple(service for service in SERVICES if service.requests_per_s)
TEAMS: tuple[str, ...] = tuple(dict.fromkeys(service.team for service in SERVICES))


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with a PagerDuty account who also commits code.

    Attributes:
        id: PagerDuty user id.
        name: as shown.
        email: the `From` header PagerDuty wants, and the author's address in Sentry.
        role: PagerDuty's word: admin, manager, user.
        team: the PagerDuty team it belongs to, one of the catalogue; empty for none.
    """

    id: str
    name: str
    email: str
    role: str = "user"
    team: str = ""


DEMO_USER = Person("PDEMO01", "Camille Roche", "camille.roche@rewapp.example", "manager", "platform")
PEOPLE: tuple[Person, ...] = (
    DEMO_USER,
    Person("PNOEL01", "Noé Lambert", "noe.lambert@rewapp.example", team="rewards"),
    Person("PINES01", "Inès Caron", "ines.caron@rewapp.example", team="payments"),
    Person("PHUGO01", "Hugo Petit", "hugo.petit@rewapp.example", team="identity"),
    Person("PSALM01", "Salma Haddad", "salma.haddad@rewapp.example", "admin", "platform"),
)
RELEASE_BOT = Person("PBOT001", "release-bot", "release-bot@rewapp.example")
"""Commits and deploys, carries no pager."""
