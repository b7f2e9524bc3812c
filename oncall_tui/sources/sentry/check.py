"""What the doctor asks Sentry: is the token good, what may it read, do organization and projects exist."""

from collections.abc import Sequence

from oncall_tui.config.model import SentrySettings
from oncall_tui.sources.base import CheckState, Finding
from oncall_tui.sources.errors import Refused, SourceError, Unauthorised
from oncall_tui.sources.sentry.api import PAGE_SIZE, SentryApi
from oncall_tui.sources.sentry.source import issue_params, no_token
from oncall_tui.sources.values import first_line, line

_PROJECTS_LIMIT = 5_000


async def findings(api: SentryApi, settings: SentrySettings, *, has_token: bool) -> Sequence[Finding]:
    """Everything worth telling. Never raises for what Sentry does: an error that stops all ends it with a finding."""
    found: list[Finding] = []
    try:
        if not has_token:
            raise no_token(api.name)
        found.append(await _issues(api, settings))
        if found[0].state is CheckState.FAILED:
            return tuple(found)
        found.append(await _organization(api, settings))
        found.append(await _releases(api))
        found += await _projects(api, settings.projects)
    except SourceError as error:
        found.append(Finding(CheckState.FAILED, str(error), error.hint))
    return tuple(found)


async def _issues(api: SentryApi, settings: SentrySettings) -> Finding:
    """Reading issues is what the source is for; it needs ``event:read``."""
    try:
        listing = await api.all("issues", api.path("issues"), issue_params(settings, limit=1), 1)
    except Unauthorised as error:
        advice = f"{error.hint} Issues need the scope event:read."
        return Finding(CheckState.FAILED, str(error), advice)
    except Refused as error:
        if error.status == 404:
            what = f"{api.host} knows no organization {settings.organization}, or the token may not see it."
            return Finding(CheckState.FAILED, what, "Look at `organization`: the slug in the address of your Sentry.")
        raise
    some = "at least one issue matches" if listing.found else "no issue matches"
    return Finding(CheckState.OK, f"{api.host} accepts the token (event:read); {some} the query.")


async def _organization(api: SentryApi, settings: SentrySettings) -> Finding:
    """The name behind the slug; only some tokens may ask (``org:read``), and nothing depends on it."""
    try:
        organization = await api.get("organization", api.path())
    except (Unauthorised, Refused):
        return Finding(CheckState.OK, f"Organization {settings.organization}; its name needs the scope org:read.")
    name = first_line(organization.get("name"), settings.organization)
    return Finding(CheckState.OK, f"Organization {settings.organization} is {name}.")


async def _releases(api: SentryApi) -> Finding:
    """Releases need another scope than issues do."""
    try:
        await api.all("releases", api.path("releases"), {"per_page": 1}, 1)
    except Unauthorised:
        what = "The token may not read releases: Sentry's deployments stay unknown."
        return Finding(CheckState.WARNING, what, "Give it the scope project:read or project:releases.")
    return Finding(CheckState.OK, "The token may read releases and deploys (project:read).")


async def _projects(api: SentryApi, wanted: Sequence[str]) -> list[Finding]:
    """Whether each configured project exists: Sentry refuses, or answers nothing, for a wrong one."""
    if not wanted:
        return []
    try:
        listing = await api.all("projects", api.path("projects"), {"per_page": PAGE_SIZE}, _PROJECTS_LIMIT)
    except Unauthorised:
        what = "The token may not list projects: whether those of the settings exist is not known."
        return [Finding(CheckState.WARNING, what, "Give it the scope project:read.")]
    known = {line(one.get("slug")) for one in listing.found}
    missing = [slug for slug in wanted if slug not in known]
    if missing:
        what = f"Sentry has no project {', '.join(missing)}, or the token may not see it."
        return [Finding(CheckState.FAILED, what, "`projects` takes slugs, as in the address of a project.")]
    return [Finding(CheckState.OK, f"{len(wanted)} configured {'project' if len(wanted) == 1 else 'projects'} found.")]
