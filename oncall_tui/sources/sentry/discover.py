"""What Sentry tells somebody with a token: whose it is, what it may do, organizations, projects, environments.

Sources: Sentry's API documentation, "List Your Organizations", "List an Organization's Projects", "List an
Organization's Environments"; whose token it is stands at the root of the API, where Sentry's own command line asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from oncall_tui.sources.connection import segment
from oncall_tui.sources.errors import SourceError, Unauthorised
from oncall_tui.sources.sentry.api import PAGE_SIZE, SentryApi
from oncall_tui.sources.values import JsonObject, first_line, identity, line, mapping, objects, read_each, web_address

ORGANIZATIONS_LIMIT = 200
PROJECTS_LIMIT = 1_000
_ROOT = "/api/0/"


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization that the token may see."""

    slug: str
    name: str
    url: str | None = None
    """The address of the region that holds its data, where Sentry tells."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project; ``is_mine`` where the token's owner is a member of it."""

    slug: str
    name: str
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class SentryFinds:
    """What Sentry tells. What a token may not ask for is empty."""

    user: str = ""
    scopes: tuple[str, ...] = ()
    organizations: tuple[Organization, ...] = ()
    organization: str = ""
    """The slug whose projects and environments follow: the one asked for, or the only one."""
    projects: tuple[Project, ...] = ()
    environments: tuple[str, ...] = ()
    is_cut: bool = False
    """There are more projects than ``PROJECTS_LIMIT``."""


async def discover(api: SentryApi, organization: str = "") -> SentryFinds:
    """Look around; in one organization where that is clear.

    Raises:
        SourceError: Sentry cannot be asked, or does not accept the token.
    """
    user, scopes = await _whose(api)
    organizations = await _organizations(api, is_known_good=bool(user or scopes or organization))
    chosen = organization or (organizations[0].slug if len(organizations) == 1 else "")
    if not chosen:
        return SentryFinds(user, scopes, organizations)
    place = f"{_ROOT}organizations/{segment(chosen)}/"
    listing = await api.all("projects", f"{place}projects/", {"per_page": PAGE_SIZE}, PROJECTS_LIMIT)
    projects, _ = read_each(listing.found, _project)
    return SentryFinds(
        user=user,
        scopes=scopes,
        organizations=organizations,
        organization=chosen,
        projects=tuple(sorted(projects, key=lambda one: (not one.is_mine, one.slug))),
        environments=await _environments(api, place),
        is_cut=listing.is_cut,
    )


async def _whose(api: SentryApi) -> tuple[str, tuple[str, ...]]:
    """The name of the token's owner and the token's scopes; a region's host may not serve this."""
    try:
        answer = await api.get("root", _ROOT)
    except SourceError:
        return "", ()
    owner = mapping(answer.get("user"))
    scopes = mapping(answer.get("auth")).get("scopes")
    known = tuple(line(one) for one in scopes) if isinstance(scopes, list) else ()
    return first_line(owner.get("name"), owner.get("username"), owner.get("email")), known


async def _organizations(api: SentryApi, *, is_known_good: bool) -> tuple[Organization, ...]:
    """The organizations; none where a good token may not list them (``org:read``)."""
    try:
        found = await api.all("organizations", f"{_ROOT}organizations/", {"per_page": PAGE_SIZE}, ORGANIZATIONS_LIMIT)
    except Unauthorised:
        if is_known_good:
            return ()
        raise
    organizations, _ = read_each(found.found, _organization)
    return tuple(sorted(organizations, key=lambda one: one.slug))


async def _environments(api: SentryApi, place: str) -> tuple[str, ...]:
    """Names of environments; none where the token may not ask (``org:read``). The list has no pages."""
    try:
        listing = await api.all("environments", f"{place}environments/", {}, PROJECTS_LIMIT)
    except SourceError:
        return ()
    names = (line(one.get("name"), 100) for one in objects(listing.found))
    return tuple(dict.fromkeys(name for name in names if name))


def _organization(one: JsonObject) -> Organization:
    slug = identity(one.get("slug"))
    links: Mapping[str, object] = mapping(one.get("links"))
    return Organization(slug, first_line(one.get("name"), slug), web_address(links.get("regionUrl")))


def _project(one: JsonObject) -> Project:
    slug = identity(one.get("slug"))
    return Project(slug, first_line(one.get("name"), slug), one.get("isMember") is True)
