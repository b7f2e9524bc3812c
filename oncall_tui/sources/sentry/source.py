"""The Sentry source: issues as alerts, releases and deploys as deployments."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from msgspec import structs

from oncall_tui.config.model import SentrySettings
from oncall_tui.domain.action import Action
from oncall_tui.domain.alert import Record, SourceKind
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import SeverityMap
from oncall_tui.domain.verb import VERBS, Verb
from oncall_tui.sources.actors import ActOutcome, ActResult
from oncall_tui.sources.base import Capability, Clock, Finding, Records
from oncall_tui.sources.beside import Beside
from oncall_tui.sources.budget import Budget
from oncall_tui.sources.connection import connection_of
from oncall_tui.sources.course import Course
from oncall_tui.sources.credentials import Revealable, bearer
from oncall_tui.sources.errors import Unauthorised
from oncall_tui.sources.http import HttpCaller
from oncall_tui.sources.last_round import Unchanged
from oncall_tui.sources.polled import Polled
from oncall_tui.sources.retry import Retry
from oncall_tui.sources.sentry.actor import IssueActor
from oncall_tui.sources.sentry.api import SentryApi
from oncall_tui.sources.sentry.issues import Reading, is_open, record_of
from oncall_tui.sources.sentry.listing import ISSUES_LIMIT, issue_params
from oncall_tui.sources.sentry.readers import RegressionReader, ReleaseReader
from oncall_tui.sources.understood import understood
from oncall_tui.sources.values import JsonObject, not_shown, read_each
from oncall_tui.sources.wire import Wire
from oncall_tui.threads import DaemonThreads

if TYPE_CHECKING:
    import httpx

    from oncall_tui.sources.sentry.discover import SentryFinds

_CUT = (
    f"More than {ISSUES_LIMIT:,} issues match; the others are missing. Narrow `query`, `projects` or `issues_window`."
)


class Sentry(Polled):
    """One organization of a Sentry."""

    kind = SourceKind.SENTRY
    capabilities = frozenset({Capability.ALERTS, Capability.DEPLOYMENTS})
    verbs: frozenset[Verb] = VERBS[SourceKind.SENTRY]

    def __init__(
        self,
        name: SourceName,
        settings: SentrySettings,
        *,
        token: Revealable | None,
        headers: Mapping[str, str],
        severities: SeverityMap,
        clock: Clock,
        retry: Retry | None = None,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        # People copy the address of the API as often as that of the site.
        base = structs.replace(settings, url=settings.url.rstrip("/").removesuffix("/api/0"))
        connection = connection_of(name, base, bearer(token) if token is not None else None, headers)
        wire, retry = Wire(connection, clock, transport=transport), retry or Retry()
        super().__init__(name, wire, Budget(settings.budget, clock), clock)
        self._settings = settings
        self._has_token = token is not None
        self._caller = HttpCaller(wire, self._budget)
        self._api = SentryApi(self._caller, settings.organization, clock, retry)
        acts = SentryApi(HttpCaller(wire, self._budget, is_for_acts=True), settings.organization, clock, retry)
        self._actor = IssueActor(acts, settings, clock)
        self._reading = Reading(name, severities, _environment(settings))
        self._regressions = RegressionReader(self._api, self._budget)
        self._releases = ReleaseReader(self._api, self._budget, clock, name, settings)
        self._beside = Beside()
        self._threads = DaemonThreads(f"{name}-read", 1)
        self._known = Unchanged()

    async def check(self) -> Sequence[Finding]:
        """Token, organization, what the token may read, and the configured projects."""
        from oncall_tui.sources.sentry.check import findings

        return await findings(self._api, self._settings, has_token=self._has_token)

    async def service_names(self) -> frozenset[str]:
        """The slugs of all projects that the token may see."""
        from oncall_tui.sources.sentry.check import service_names

        return await service_names(self._api)

    async def discover(self) -> "SentryFinds":
        """What a newcomer may learn: whose token it is, organizations, projects. Raises ``SourceError``."""
        from oncall_tui.sources.sentry.discover import discover

        if not self._has_token:
            raise no_token(self.name)
        return await understood(self.name, discover(self._api, self._settings.organization))

    async def act(
        self, action: Action, ids: Sequence[str], begun_at: datetime | None = None, course: Course | None = None
    ) -> Mapping[str, ActResult]:
        """Resolve, archive or assign issues; see ``IssueActor``."""
        if not self._has_token:
            error = no_token(self.name)
            reason = f"nothing was sent: {error} {error.hint}"
            return {one: ActResult(one, ActOutcome.FAILED, reason) for one in ids}
        return await self._actor.act(action, ids, begun_at, course)

    async def close(self) -> None:
        """Let go of the connections, at once."""
        self._beside.cancel()
        self._threads.close()
        await self._caller.close()

    async def _fetch(self) -> Records:
        if not self._has_token:
            raise no_token(self.name)
        # A token for issues alone is no failure: releases need another scope.
        self._beside.start("releases", self._releases.read)
        (records, warnings), beside = await self._beside.alongside(self._issues())
        return Records(alerts=records, deployments=self._releases.last, warnings=(*warnings, *beside))

    async def _issues(self) -> tuple[tuple[Record, ...], tuple[str, ...]]:
        """The records of the issues that match, and what limits them."""
        path = self._api.path("issues")
        listing = await self._api.all("issues", path, issue_params(self._settings), ISSUES_LIMIT)
        found = [one for one in listing.found if is_open(one)]
        warnings = await self._regressions.read(found)
        # A thousand issues would stall the loop for tens of milliseconds.
        records, unreadable = await self._threads.compute(partial(self._records, found))
        warnings = (*warnings, *not_shown(unreadable, "issues"))
        return records, (_CUT, *warnings) if listing.is_cut else warnings

    def _records(self, issues: Sequence[JsonObject]) -> tuple[tuple[Record, ...], int]:
        records, unreadable = read_each(issues, lambda one: record_of(one, self._regressions.of(one), self._reading))
        return self._known.of(records), unreadable


def no_token(name: SourceName) -> Unauthorised:
    """The error for a source without a token: Sentry tells nothing to strangers."""
    hint = 'Set `token = "env:SENTRY_TOKEN"` (or keyring:, file:, command:) for this source.'
    return Unauthorised(f"{name}: there is no token for Sentry.", hint)


def _environment(settings: SentrySettings) -> str:
    """Where the issues happen, when the settings leave only one answer."""
    return settings.environment or (settings.environments[0] if len(settings.environments) == 1 else "")
