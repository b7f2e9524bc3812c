"""Resolve, archive and assign issues. Nothing is repeated by itself, nothing is done that Sentry did not confirm."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from oncall_tui.config.model import SentrySettings
from oncall_tui.domain.action import Action, Archive, Assign, Resolve
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.actors import ActOutcome, ActResult
from oncall_tui.sources.base import Clock
from oncall_tui.sources.course import Course
from oncall_tui.sources.errors import Malformed, Refused, SourceError, Stopped, Unauthorised
from oncall_tui.sources.sentry.api import SentryApi
from oncall_tui.sources.sentry.bulk import is_issue_id, slices
from oncall_tui.sources.sentry.changes import Change, archiving, assigning, resolving
from oncall_tui.sources.sentry.listing import ISSUES_LIMIT, issue_params
from oncall_tui.sources.together import together
from oncall_tui.sources.values import JsonObject, identity, mapping

_ONE_BY_ONE = 4
"""Up to so many issues are read by id; for more the list of a poll is cheaper."""

_AT_ONCE = 4
_SCOPE = "Resolving, archiving and assigning need the scope event:write (or event:admin)."
_TEAM_SCOPE = "To find a team by its slug takes the scope team:read; team:<id> does not."
_UNCONFIRMED = "Sentry did not confirm it. Look at the row after the next poll."

States = Mapping[str, JsonObject | ActResult]


class IssueActor:
    """Reads the state first, then changes what is left, project by project; one result for every id."""

    def __init__(self, api: SentryApi, settings: SentrySettings, clock: Clock) -> None:
        """``api`` counts what it reads as acts."""
        self._api = api
        self._settings = settings
        self._clock = clock

    async def act(
        self, action: Action, ids: Sequence[str], begun_at: datetime | None = None, course: Course | None = None
    ) -> Mapping[str, ActResult]:
        """The protocol's ``act``."""
        wanted = tuple(dict.fromkeys(ids))
        try:
            change = await self._change(action, begun_at)
        except SourceError as error:
            return {one: _not_sent(one, error) for one in wanted}
        states = await self._states(wanted)
        results: dict[str, ActResult] = {}
        left: dict[str, list[str]] = {}
        for one, state in states.items():
            settled = _settled(one, state, change)
            if settled is not None:
                results[one] = settled
            else:
                left.setdefault(_project(mapping(state)), []).append(one)
        results |= await self._made(left, change, action, course or Course())
        return {one: results[one] for one in wanted}

    async def _change(self, action: Action, begun_at: datetime | None) -> Change:
        """The change that ``action`` is.

        Raises:
            SourceError: Sentry has no such thing, or not the team that it names.
        """
        match action:
            case Resolve():
                return resolving(action)
            case Archive(duration) if duration is None or duration > timedelta(0):
                return archiving(action, begun_at or self._clock())
            case Archive():
                raise Refused(f"{self._api.name}: an issue is archived for a time that is longer than nothing.")
            case Assign(to):
                to = clean_line(to)
                kind, _, slug = to.partition(":")
                is_slug = kind == "team" and not (slug.isascii() and slug.isdigit())
                return assigning(action, f"team:{await self._team(slug)}" if is_slug else to)
        raise Refused(f"{self._api.name}: Sentry has no {action.verb}.")

    async def _team(self, slug: str) -> str:
        """The id of a team ("Retrieve a Team"): Sentry assigns to ids.

        Raises:
            SourceError: there is none, or the token may not ask.
        """
        try:
            return identity((await self._api.get("team", self._api.team_path(slug))).get("id"))
        except Unauthorised as error:
            raise Unauthorised(str(error), _TEAM_SCOPE) from None
        except Refused as error:
            if error.status != 404:
                raise
            raise Refused(f"{self._api.name}: Sentry has no team {slug}, or the token may not see it.") from None
        except ValueError:
            raise Malformed(f"{self._api.name}: Sentry did not say which id the team {slug} has.") from None

    async def _states(self, ids: Sequence[str]) -> States:
        """Each issue as it stands, or the result for one that could not be read."""
        states: dict[str, JsonObject | ActResult] = {
            one: ActResult(one, ActOutcome.FAILED, "nothing was sent: this is no id of a Sentry issue.")
            for one in ids
            if not is_issue_id(one)
        }
        if len(ids) > _ONE_BY_ONE:
            params = issue_params(self._settings)
            try:
                listing = await self._api.all("issues", self._api.path("issues"), params, ISSUES_LIMIT)
            except SourceError as error:
                return {one: _not_sent(one, error) for one in ids} | states
            states |= {one["id"]: one for one in listing.found if one.get("id") in ids}
        places = asyncio.Semaphore(_AT_ONCE)

        async def read(vendor_id: str) -> JsonObject | ActResult:
            async with places:
                return await self._state(vendor_id)

        async with together() as tasks:
            reads = {one: tasks.create_task(read(one)) for one in ids if one not in states}
        states |= {one: task.result() for one, task in reads.items()}
        return {one: states[one] for one in ids}

    async def _state(self, vendor_id: str) -> JsonObject | ActResult:
        """One issue ("Retrieve an Issue"), also one that is resolved or hidden by the query by now."""
        try:
            return await self._api.get("issue", self._api.path("issues", vendor_id))
        except SourceError as error:
            if isinstance(error, Refused) and error.status == 404:
                return ActResult(vendor_id, ActOutcome.GONE, "Sentry does not know this issue any more.")
            return _not_sent(vendor_id, error)

    async def _made(
        self, left: Mapping[str, Sequence[str]], change: Change, action: Action, course: Course
    ) -> dict[str, ActResult]:
        """Make the change in each project: Sentry resolves in the next release of one only."""
        if not left:
            return {}
        address = self._api.address(self._api.path("issues"))
        results: dict[str, ActResult] = {}
        ended_by: SourceError | None = None
        for project, ids in left.items():
            for some in slices(ids, project, address):
                if course.is_stopped:
                    ended_by = Stopped(f"{self._api.name}: it was stopped.")
                if ended_by is not None:
                    results |= {one: _not_sent(one, ended_by) for one in some}
                    continue
                try:
                    answer = await self._api.change_issues(some, project, change.body)
                except SourceError as error:
                    results |= {one: _failed(one, error, action) for one in some}
                    ended_by = None if _is_theirs_alone(error) else error
                else:
                    results |= {one: _outcome(one, mapping(answer), change) for one in some}
                course.tell_all(results[one] for one in some)
        return results


def _settled(vendor_id: str, state: JsonObject | ActResult, change: Change) -> ActResult | None:
    """The result for an issue that needs no request; None for one that is to be changed."""
    if isinstance(state, ActResult):
        return state
    if str(state.get("id")) != vendor_id:
        return ActResult(vendor_id, ActOutcome.GONE, "It was merged into another issue.")
    if not isinstance(state.get("status"), str) or not is_issue_id(_project(state)):
        return ActResult(vendor_id, ActOutcome.FAILED, "nothing was sent: Sentry did not say how this issue stands.")
    settled = change.settled(state)
    return ActResult(vendor_id, settled.outcome, settled.reason, settled.by) if settled is not None else None


def _project(state: JsonObject) -> str:
    return str(mapping(state.get("project")).get("id"))


def _outcome(vendor_id: str, answer: JsonObject, change: Change) -> ActResult:
    if change.is_confirmed(answer):
        return ActResult(vendor_id, ActOutcome.CONFIRMED, change.missing)
    return ActResult(vendor_id, ActOutcome.FAILED, _UNCONFIRMED, may_have_arrived=True)


def _is_theirs_alone(error: SourceError) -> bool:
    """Whether a refusal is about the issues of one request, and says nothing about the next."""
    return isinstance(error, Refused) and error.status is not None and error.status < 500


def _failed(vendor_id: str, error: SourceError, action: Action) -> ActResult:
    hint = error.hint
    if isinstance(error, Unauthorised) and "(403)" in str(error):
        hint = _SCOPE
    elif isinstance(action, Assign) and isinstance(error, Refused) and error.status == 400:
        named = clean_line(action.to, 100)
        hint = f"Is {named} a member of the organization? It takes a user name, an e-mail address or team:<slug>."
    return ActResult(vendor_id, ActOutcome.FAILED, f"{error} {hint}".strip(), may_have_arrived=error.may_have_arrived)


def _not_sent(vendor_id: str, error: SourceError) -> ActResult:
    return ActResult(vendor_id, ActOutcome.FAILED, f"nothing was sent: {error} {error.hint}".strip())
