"""What the doctor asks Sentry: is the token good, what may it read, do organization and projects exist."""

from collections.abc import Sequence

from oncall_tui.config.model import SentrySettings
from oncall_tui.domain.counts import counted
from oncall_tui.sources.base import CheckState, Finding, Topic
from oncall_tui.sources.checkup import all_asked
from oncall_tui.sources.errors import Malformed, Refused, Unauthorised
from oncall_tui.sources.sentry.api import PAGE_SIZE, SentryApi
from oncall_tui.sources.sentry.listing import issue_params
from oncall_tui.sources.sentry.source import no_token
from oncall_tui.sources.values import first_line, line, mapping

_PROJECTS_LIMIT = 5_000
_INDEX = "/api/0/"
"""The root of the API, which tells the scopes of the token that asks (``sentry.api.endpoints.index``)."""

_WRITING = ("event:write", "event:admin")


async def findings(api: SentryApi, settings: SentrySettings, *, has_token: bool) -> Sequence[Finding]:
    """Everything worth telling. Never raises for what Sentry does: an error is a finding."""

    async def issues() -> list[Finding]:
        if not has_token:
            raise no_token(api.name)
        return await _issues(api, settings)

    return await all_asked(
        issues,
        lambda: _organization(api, settings),
        lambda: _scopes(api),
        lambda: _releases(api),
        lambda: _projects(api, settings.projects),
        vendor="a Sentry",
    )


async def service_names(api: SentryApi) -> frozenset[str]:
    """The slugs of all projects that the token may see.

    Raises:
        SourceError: Sentry could not be asked, or the token lacks the scope project:read.
    """
    listing = await api.all("projects", api.path("projects"), {"per_page": PAGE_SIZE}, _PROJECTS_LIMIT)
    return frozenset(line(one.get("slug")) for one in listing.found) - {""}


async def _issues(api: SentryApi, settings: SentrySettings) -> list[Finding]:
    """Reading issues is what the source is for; it needs ``event:read``."""
    try:
        listing = await api.all("issues", api.path("issues"), issue_params(settings, limit=1), 1)
    except Unauthorised as error:
        advice = f"{error.hint} Issues need the scope event:read."
        return [Finding(CheckState.FAILED, str(error), advice, Topic.CREDENTIAL)]
    except Refused as error:
        if error.status == 404:
            what = f"{api.host} knows no organization {settings.organization}, or the token may not see it."
            advice = "Look at `organization` (the slug in the address) and at `url`: us.sentry.io, de.sentry.io, yours."
            return [Finding(CheckState.FAILED, what, advice, Topic.REACHABILITY)]
        if error.status == 400:
            advice = "Look at `query`, `projects` and `environments`; an older Sentry may not know issue.priority."
            return [Finding(CheckState.FAILED, str(error), advice, Topic.FILTERS)]
        raise
    some = "some issues match" if listing.found else "no issue matches"
    return [Finding(CheckState.OK, f"Answers and accepts the token; {some} `query`.", topic=Topic.CREDENTIAL)]


async def _organization(api: SentryApi, settings: SentrySettings) -> list[Finding]:
    """The name behind the slug; only some tokens may ask (``org:read``), and nothing depends on it."""
    try:
        organization = await api.get("organization", api.path())
    except (Unauthorised, Refused):
        return []
    name = first_line(organization.get("name"), settings.organization)
    return [Finding(CheckState.OK, f"Organization {settings.organization} is {name}.", topic=Topic.IDENTITY)]


async def _scopes(api: SentryApi) -> list[Finding]:
    """What the token may do, where Sentry tells; what it may not do is found out by doing it."""
    try:
        index = await api.get("index", _INDEX)
    except (Unauthorised, Refused, Malformed):
        return []
    told = mapping(index.get("auth")).get("scopes")
    scopes = sorted(line(one) for one in told) if isinstance(told, list) else []
    if not scopes:
        return []
    return [Finding(CheckState.OK, f"Scopes: {', '.join(scopes)}.", topic=Topic.SCOPES), _writing(scopes)]


def _writing(scopes: Sequence[str]) -> Finding:
    """Whether the token may change issues ("Bulk Mutate an Organization's Issues")."""
    if any(scope in scopes for scope in _WRITING):
        return Finding(CheckState.OK, "It may resolve, archive and assign issues.", topic=Topic.SCOPES)
    what = "The token may only read issues: Sentry refuses to resolve, archive and assign them."
    return Finding(CheckState.WARNING, what, "Give it the scope event:write, or live without.", Topic.SCOPES)


async def _releases(api: SentryApi) -> list[Finding]:
    """Releases need another scope than issues do."""
    try:
        await api.all("releases", api.path("releases"), {"per_page": 1}, 1)
    except Unauthorised:
        what = "The token may not read releases: Sentry's deployments stay unknown."
        advice = "Give it the scope project:read or project:releases."
        return [Finding(CheckState.WARNING, what, advice, Topic.SCOPES)]
    return [Finding(CheckState.OK, "It may read releases and deploys.", topic=Topic.SCOPES)]


async def _projects(api: SentryApi, wanted: Sequence[str]) -> list[Finding]:
    """Whether each configured project exists: Sentry refuses, or answers nothing, for a wrong one."""
    if not wanted:
        return []
    try:
        known = await service_names(api)
    except Unauthorised:
        what = "The token may not list projects: whether those of the settings exist is not known."
        return [Finding(CheckState.WARNING, what, "Give it the scope project:read.", Topic.SCOPES)]
    missing = [slug for slug in wanted if slug not in known]
    if missing:
        what = f"Sentry has no project {', '.join(missing)}, or the token may not see it."
        advice = "`projects` takes slugs, as in the address of a project."
        return [Finding(CheckState.FAILED, what, advice, Topic.FILTERS)]
    what = f"{counted(len(wanted), 'configured project')} found."
    return [Finding(CheckState.OK, what, topic=Topic.FILTERS)]
