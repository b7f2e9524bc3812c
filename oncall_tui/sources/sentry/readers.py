"""What Sentry's lists leave out, asked for piece by piece within the budget, and kept: regressions and deploys."""

from collections.abc import Callable, Coroutine, Hashable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Generic, TypeVar

from oncall_tui.config.model import SentrySettings
from oncall_tui.domain.deployment import Deployment
from oncall_tui.domain.ids import SourceName
from oncall_tui.sources.base import Clock
from oncall_tui.sources.budget import Budget
from oncall_tui.sources.errors import RateLimited, SourceError, Unauthorised
from oncall_tui.sources.sentry.api import PAGE_SIZE, SentryApi
from oncall_tui.sources.sentry.issues import Regression, is_regressed, regression_of
from oncall_tui.sources.sentry.releases import (
    DeployMark,
    ReleaseReading,
    deployments_of,
    is_made_before,
    is_recent,
    mark_of,
    version_of,
)
from oncall_tui.sources.spans import span
from oncall_tui.sources.together import together
from oncall_tui.sources.values import JsonObject, mapping, objects, read_each

RELEASES_LIMIT = 1_000
_ASKED_PER_POLL = 30
_AT_ONCE = 4
_OPTIONAL_SHARE = 0.75

State = TypeVar("State", bound=Hashable)
Answer = TypeVar("Answer")


class Pieces(Generic[State, Answer]):
    """Answers by name, each asked for once for every state that its object is in."""

    def __init__(self, budget: Budget, ask: Callable[[str], Coroutine[Any, Any, Answer]]) -> None:
        self._budget = budget
        self._ask = ask
        self._known: dict[str, tuple[State, Answer]] = {}

    def get(self, name: str) -> Answer | None:
        """What is known of ``name``; of an earlier state when there is nothing newer."""
        known = self._known.get(name)
        return known[1] if known is not None else None

    async def read(self, wanted: Mapping[str, State]) -> Sequence[SourceError]:
        """Ask for what is new among ``wanted``, in its order, as far as the budget goes; forget what is not in it.

        Returns:
            What failed. A rate limit or a missing scope ends it for this time, because it holds for all.
        """
        self._known = {name: one for name, one in self._known.items() if name in wanted}
        news = [name for name, state in wanted.items() if name not in self._known or self._known[name][0] != state]
        chosen = news[: min(_ASKED_PER_POLL, self._affordable())]
        failures: list[SourceError] = []

        async def ask(names: Sequence[str]) -> None:
            for name in names:
                if any(isinstance(error, RateLimited | Unauthorised) for error in failures):
                    return
                try:
                    self._known[name] = (wanted[name], await self._ask(name))
                except SourceError as error:
                    failures.append(error)

        async with together() as tasks:
            for lane in range(min(_AT_ONCE, len(chosen))):
                tasks.create_task(ask(chosen[lane::_AT_ONCE]))
        return failures

    def _affordable(self) -> int:
        """Requests that leave enough of the budget for the lists."""
        spending = self._budget.spending
        return max(int(spending.allowed * _OPTIONAL_SHARE) - spending.sent, 0)


class RegressionReader:
    """When regressed issues came back: only "Retrieve an Issue" tells."""

    def __init__(self, api: SentryApi, budget: Budget) -> None:
        self._api = api
        self._pieces: Pieces[str, Regression | None] = Pieces(budget, self._ask)

    def of(self, issue: JsonObject) -> Regression | None:
        """The regression of one issue, when it is known."""
        return self._pieces.get(str(issue.get("id"))) if is_regressed(issue) else None

    async def read(self, issues: Sequence[JsonObject]) -> tuple[str, ...]:
        """Ask for the regressed ones among ``issues``; what limits the answer, in words."""
        ids = {one["id"]: "regressed" for one in issues if is_regressed(one) and isinstance(one.get("id"), str)}
        failures = await self._pieces.read(ids)
        return (f"Not known when some issues regressed: {failures[0]}",) if failures else ()

    async def _ask(self, vendor_id: str) -> Regression | None:
        return regression_of(await self._api.get("issue", self._api.path("issues", vendor_id)))


class ReleaseReader:
    """The deployments of the window."""

    def __init__(
        self, api: SentryApi, budget: Budget, clock: Clock, source: SourceName, settings: SentrySettings
    ) -> None:
        self._api = api
        self._clock = clock
        self._source = source
        self._settings = settings
        self._window: timedelta = span(settings.releases_window)
        self._pieces: Pieces[DeployMark, tuple[JsonObject, ...]] = Pieces(budget, self._ask)
        self.last: tuple[Deployment, ...] = ()
        """What was read last, the newest first."""

    async def read(self) -> tuple[str, ...]:
        """Bring ``last`` up to date.

        The list is sorted by release, so an old release that was brought back is found when it is among the newest
        hundred.

        Returns:
            What limits the answer, in words.

        Raises:
            SourceError: Sentry could not be asked; ``last`` has what is known.
        """
        begin = self._clock() - self._window
        params: dict[str, Any] = {"per_page": PAGE_SIZE}
        if self._settings.projects:
            params["project"] = self._settings.projects
        listing = await self._api.all(
            "releases", self._api.path("releases"), params, RELEASES_LIMIT, lambda rows: is_made_before(rows[-1], begin)
        )
        recent = [one for one in listing.found if is_recent(one, begin)]
        # With a single deploy the list has told everything.
        several = {version_of(one): mark for one in recent if (mark := mark_of(one)).count > 1}
        failures = await self._pieces.read(several)
        reading = ReleaseReading(
            self._source,
            begin,
            frozenset(self._settings.projects),
            frozenset(self._settings.environments),
            self._settings.environment,
        )
        groups, unreadable = read_each(recent, lambda one: deployments_of(one, self._deploys(one), reading))
        found = {one.id: one for group in groups for one in group}
        self.last = tuple(sorted(found.values(), key=lambda one: (one.at, one.id), reverse=True))
        warnings = [f"The deploys of some releases could not be read: {failures[0]}"] if failures else []
        warnings += [f"{unreadable} releases could not be read."] if unreadable else []
        if listing.is_cut:
            warnings.append(
                f"More than {RELEASES_LIMIT:,} releases: older ones are missing. Shorten `releases_window`."
            )
        return tuple(warnings)

    def _deploys(self, release: JsonObject) -> Sequence[JsonObject]:
        """The deploys of a release; the last one alone when the others were not read."""
        known = self._pieces.get(version_of(release))
        last = mapping(release.get("lastDeploy"))
        return known if known is not None else ((last,) if last else ())

    async def _ask(self, version: str) -> tuple[JsonObject, ...]:
        path = self._api.path("releases", version, "deploys")
        listing = await self._api.all("deploys", path, {"per_page": PAGE_SIZE}, RELEASES_LIMIT)
        return objects(listing.found)
