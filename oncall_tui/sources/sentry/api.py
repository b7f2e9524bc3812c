"""Sentry's web API over our HTTP caller. Sources: Sentry's documentation, "Paginating Results", "Rate Limits"."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncall_tui.sources.base import Clock
from oncall_tui.sources.connection import segment
from oncall_tui.sources.errors import Malformed, RateLimited, Refused
from oncall_tui.sources.failures import retry_after
from oncall_tui.sources.http import HttpCaller, Page, Params
from oncall_tui.sources.retry import Retry
from oncall_tui.sources.sentry.bulk import bulk_params
from oncall_tui.sources.values import JsonObject, objects

PAGE_SIZE = 100
_REMAINING = "x-sentry-rate-limit-remaining"


@dataclass(frozen=True, slots=True)
class Listing:
    """The objects of a list, and whether there are more than were asked for."""

    found: tuple[JsonObject, ...]
    is_cut: bool = False


class SentryApi:
    """Reads and changes of one organization. ``endpoint`` names are ours: Sentry limits each caller per endpoint."""

    def __init__(self, caller: HttpCaller, organization: str, clock: Clock, retry: Retry) -> None:
        self.name = caller.connection.name
        self.host = caller.connection.host
        self._caller = caller
        self._organization = organization
        self._clock = clock
        self._retry = retry
        self._held: dict[str, tuple[datetime, datetime]] = {}
        """By endpoint since when and until when nothing may be sent."""

    def path(self, *segments: str) -> str:
        """The address of something inside the organization, below the base address; every segment is quoted.

        Raises:
            Refused: no organization is configured.
        """
        inside = "".join(f"{segment(one)}/" for one in segments)
        return f"/api/0/organizations/{self._place()}/{inside}"

    def team_path(self, slug: str) -> str:
        """The address of a team of the organization. Raises as ``path`` does."""
        return f"/api/0/teams/{self._place()}/{segment(slug)}/"

    async def get(self, endpoint: str, path: str, params: Params | None = None) -> JsonObject:
        """One object.

        Raises:
            SourceError: in Sentry's words where it has any.
        """
        page = await self._page(endpoint, path, params)
        if not isinstance(page.body, Mapping):
            raise self._malformed(path)
        return page.body

    async def change_issues(self, ids: Sequence[str], project: str, body: JsonObject) -> object:
        """Change issues of one project by their ids, in one request that is sent once; None when it hit none.

        Raises:
            SourceError: in Sentry's words where it has any.
            ValueError: there is no id, or what is none: it would hit every issue that matches.
        """
        return await self._caller.send_json("PUT", self.path("issues"), body, params=bulk_params(ids, project))

    def address(self, path: str) -> str:
        """The whole address of ``path``."""
        return self._caller.connection.url + path

    async def all(
        self,
        endpoint: str,
        path: str,
        params: Mapping[str, str | int],
        limit: int,
        is_enough: Callable[[tuple[JsonObject, ...]], bool] | None = None,
    ) -> Listing:
        """A list over all pages, at most ``limit`` objects, each id once; ``is_enough`` may end it after any page.

        The address of the next page comes from Sentry, but only its cursor is used: the token goes nowhere else.

        Raises:
            SourceError: in Sentry's words where it has any.
        """
        found: dict[object, JsonObject] = {}
        cursor: str | None = None
        seen: set[str] = set()
        while True:
            page = await self._page(endpoint, path, params if cursor is None else {**params, "cursor": cursor})
            if not isinstance(page.body, list):
                raise self._malformed(path)
            rows = objects(page.body)
            if len(rows) != len(page.body):
                raise self._malformed(path)
            for row in rows:
                found.setdefault(_key(row, len(found)), row)
            cursor = _next_cursor(page)
            if cursor is None or not rows or cursor in seen or (is_enough is not None and is_enough(rows)):
                return Listing(tuple(found.values())[:limit], is_cut=len(found) > limit)
            if len(found) >= limit:
                return Listing(tuple(found.values())[:limit], is_cut=True)
            seen.add(cursor)

    def _place(self) -> str:
        if not self._organization:
            hint = 'Set `organization = "…"` of this source: the slug in the address of your Sentry.'
            raise Refused(f"{self.name}: Sentry needs to know which organization.", hint)
        return segment(self._organization)

    async def _page(self, endpoint: str, path: str, params: Params | None) -> Page:
        return await self._retry.read(lambda: self._once(endpoint, path, params))

    async def _once(self, endpoint: str, path: str, params: Params | None) -> Page:
        """One request, unless Sentry said that the next one would be refused."""
        now = self._clock()
        since, until = self._held.get(endpoint, (now, now))
        # A clock that was set back would hold it until it has caught up.
        if since <= now < until:
            wait = (until - now).total_seconds()
            raise RateLimited(f"{self.name}: {self.host} has no request left for {endpoint}.", "", wait)
        page = await self._caller.get_page(path, params)
        self._note_limit(endpoint, page.headers)
        return page

    def _note_limit(self, endpoint: str, headers: Mapping[str, str]) -> None:
        """Remember until when nothing may be sent, when this answer was the last that the window allows."""
        wait = retry_after(headers, self._clock())
        if headers.get(_REMAINING, "").strip() == "0" and wait is not None:
            now = self._clock()
            self._held[endpoint] = now, now + timedelta(seconds=wait)
        else:
            self._held.pop(endpoint, None)

    def _malformed(self, path: str) -> Malformed:
        return Malformed(
            f"{self.name}: {path} of {self.host} is not what Sentry documents.",
            "Is `url` the address of a Sentry, without anything behind its own path?",
        )


def _next_cursor(page: Page) -> str | None:
    """The cursor of the next page. The header is always there: ``results`` says whether it leads anywhere."""
    following = page.links.get("next", {})
    return following.get("cursor") if following.get("results") == "true" else None


def _key(row: JsonObject, place: int) -> object:
    """What makes an object the same as another; one without an id is like no other."""
    for name in ("id", "version"):
        value = row.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool):
            return value
    return ("place", place)
