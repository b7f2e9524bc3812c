"""What happens in the demo, as data. Times are seconds relative to the start of the world.

Two parts: the *scene* is there when the world starts (deployments of the last days, an acknowledged page on points,
a silenced Redis alert, a new Sentry issue), the *incident* is a bad release of api a few seconds later.
"""

from __future__ import annotations

from dataclasses import dataclass

from .catalogue import DEMO_USER, PEOPLE, RELEASE_BOT, Person
from .curves import Curve

MINUTE = 60.0
HOUR = 3600.0
DAY = 86_400.0

_NOE, _INES, _HUGO, _SALMA = PEOPLE[1:]


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment to production.

    Attributes:
        service: name in the catalogue.
        version: without a leading v.
        finished: seconds relative to the start; started `took` seconds earlier.
        author: who released it.
        summary: what changed, first line of the last commit.
        took: seconds.
        is_rollback: whether it puts an older version back.
    """

    service: str
    version: str
    finished: float
    author: Person
    summary: str
    took: float = 210.0
    is_rollback: bool = False


HISTORY: tuple[Deployment, ...] = (
    Deployment("auth", "3.12.2", -5 * DAY - 3 * HOUR, _INES, "Rotate refresh tokens on reuse"),
    Deployment("banking", "1.31.5", -4 * DAY - 6 * HOUR, _HUGO, "Retry SEPA status on 503"),
    Deployment("qr", "1.18.3", -3 * DAY - 2 * HOUR, _SALMA, "Shorten the payload of the code"),
    Deployment("site", "12.6.0", -2 * DAY - 7 * HOUR, _NOE, "New landing page"),
    Deployment("api", "2.40.9", -2 * DAY - 1 * HOUR, _NOE, "Cache offers for 30 s"),
    Deployment("points", "5.8.0", -DAY - 9 * HOUR, _SALMA, "Batch credits by merchant"),
    Deployment("webhook", "2.7.1", -DAY - 2 * HOUR, _HUGO, "Accept the new bank-event schema"),
    Deployment("push", "0.44.1", -22 * HOUR, _INES, "Quiet hours per time zone"),
    Deployment("worker", "2.40.7", -8 * HOUR, RELEASE_BOT, "Bump dependencies"),
    Deployment("partner", "1.9.4", -102 * MINUTE, _INES, "Export merchant statements as CSV"),
)
"""Oldest first."""

# --- the scene -------------------------------------------------------------------------------------------------

POINTS_QUEUE: Curve = ((-DAY, 26.0), (-1740.0, 34.0), (-1650.0, 118.0), (0.0, 134.0))
"""Jobs waiting in points-credit: above 100 since a little over 27 minutes."""

REDIS_MEMORY: Curve = ((-DAY, 0.58), (-3600.0, 0.66), (-2600.0, 0.722), (0.0, 0.735))
"""Part of redis_memory_max_bytes in use: above 0.70 since about 50 minutes."""

ACKNOWLEDGED_AT = -25 * MINUTE
SILENCED_AT = -40 * MINUTE
SILENCE_ENDS = 4 * HOUR
SILENCE_COMMENT = "Resize planned for tonight, change CHG-2210"
REPLAY_FROM = -55 * MINUTE
"""The alert rules are evaluated from here on when the world starts, so that what fires has fired for long."""


@dataclass(frozen=True, slots=True)
class SentryIssue:
    """A group of errors.

    Attributes:
        project: slug.
        kind: the exception's type.
        value: the exception's message.
        culprit: transaction or function.
        level: error, warning, fatal.
        priority: low, medium, high.
        substatus: new, ongoing, regressed, escalating.
        events: count at the start (or when it appears).
        users: affected.
        first_seen: seconds relative to the start.
        last_seen: seconds relative to the start.
        release: version of the first release, without the project.
        frames: stack, outermost first: (file, function, line, source line).
        events_per_s: growth while it is not resolved.
    """

    project: str
    kind: str
    value: str
    culprit: str
    level: str
    priority: str
    substatus: str
    events: int
    users: int
    first_seen: float
    last_seen: float
    release: str
    frames: tuple[tuple[str, str, int, str], ...]
    events_per_s: float = 0.0


IBAN_ISSUE = SentryIssue(
    "webhook",
    "KeyError",
    "'iban'",
    "webhook.bank_events.parse_transfer",
    "error",
    "high",
    "new",
    214,
    88,
    -78 * MINUTE,
    -4.0,
    "2.7.1",
    (
        ("webhook/app.py", "bank_events", 61, "    transfer = parse_transfer(await request.json())"),
        ("webhook/bank_events.py", "parse_transfer", 118, '    iban = payload["creditor"]["iban"]'),
    ),
    0.04,
)

SCENE_ISSUES: tuple[SentryIssue, ...] = (
    IBAN_ISSUE,
    SentryIssue(
        "auth",
        "TokenExpiredError",
        "jwt expired",
        "POST /login",
        "warning",
        "low",
        "ongoing",
        1843,
        960,
        -19 * DAY,
        -31.0,
        "3.9.0",
        (("dist/auth/jwt.strategy.js", "validate", 42, "    throw new TokenExpiredError('jwt expired');"),),
        0.02,
    ),
    SentryIssue(
        "site",
        "ChunkLoadError",
        "Loading chunk 417 failed",
        "/offers/[slug]",
        "error",
        "medium",
        "ongoing",
        377,
        291,
        -11 * DAY,
        -640.0,
        "12.4.2",
        (("webpack/runtime", "__webpack_require__.f.j", 27, "  throw new ChunkLoadError(chunkId);"),),
    ),
    SentryIssue(
        "partner",
        "AxiosError",
        "Request failed with status code 502",
        "MerchantSync.run",
        "error",
        "medium",
        "ongoing",
        52,
        3,
        -6 * DAY,
        -5200.0,
        "1.9.1",
        (("dist/sync/merchant-sync.js", "MerchantSync.run", 88, "    await this.http.get(url);"),),
    ),
)

# --- the incident ----------------------------------------------------------------------------------------------

BAD_DEPLOYMENT = Deployment("api", "2.41.0", 8.0, _NOE, "Join merchant offers in one query", took=190.0)
ROLLED_BACK_TO = "2.40.9"
SENTRY_ISSUE_AT = 18.0
RECOVERY_S = 20.0
"""A rollback takes the effect away over this time; the rules' 30 s windows add the rest of some 40 s."""

SLOW_SHARE: Curve = ((10.0, 0.0), (11.0, 0.9), (34.0, 0.9), (75.0, 0.28))
"""Part of api's requests that wait for the database: nearly all while its caches are cold."""

SLOW_FACTOR: Curve = ((10.0, 8.0), (34.0, 8.0), (75.0, 5.0))
"""How many times slower those are."""

SERVER_ERRORS: Curve = ((10.0, 0.0), (11.0, 0.11), (34.0, 0.10), (75.0, 0.018))
"""5xx added to api's usual ratio, 0-1."""

API_CPU: Curve = ((10.0, 0.0), (20.0, 15.0), (60.0, 21.0))
"""Percent points added to api's CPU."""

DATABASE_CONNECTIONS: Curve = ((10.0, 0.0), (25.0, 18.0), (90.0, 26.0))
"""Connections in use on top of the usual ones."""

POINTS_GROWTH: Curve = ((20.0, 0.0), (80.0, 60.0), (300.0, 190.0))
"""Jobs that pile up on points because api confirms credits slowly."""

# --- the other incidents, where all are wanted: one for each runbook that acts -----------------------------------

LEFT_CONNECTIONS: Curve = ((12.0, 0.0), (20.0, 75.0))
"""Connections that somebody opened and left: together with the others above 85 % of the maximum."""

QR_DELAY: Curve = ((14.0, 0.0), (22.0, 0.7))
"""Seconds added to the making of a QR code."""

WRONG_PASSWORDS: Curve = ((16.0, 0.0), (18.0, 2.0))
"""Attempts a second with wrong passwords, from one address; one in ten is counted as brute force."""

API_ISSUE = SentryIssue(
    "api",
    "QueryFailedError",
    "canceling statement due to statement timeout",
    "GET /v1/offers",
    "error",
    "high",
    "new",
    37,
    29,
    11.0,
    17.0,
    "2.41.0",
    (
        ("dist/offers/offers.controller.js", "OffersController.list", 31, "    return this.offers.forUser(user);"),
        ("dist/offers/offers.service.js", "OffersService.forUser", 74, "    const rows = await query.getRawMany();"),
        (
            "node_modules/typeorm/driver/PostgresQueryRunner.js",
            "query",
            219,
            "    throw new QueryFailedError(sql, parameters, error);",
        ),
    ),
    3.2,
)

__all__ = ["BAD_DEPLOYMENT", "DEMO_USER", "HISTORY", "Deployment", "SentryIssue"]
