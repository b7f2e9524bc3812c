"""Sentry: whose token it is, which organization, and which projects' issues the screen shows."""

from urllib.parse import urlsplit

import click
from msgspec import structs

from oncall_tui.cli.init.addresses import host_of
from oncall_tui.cli.init.desk import Desk, Way
from oncall_tui.cli.init.draft import DraftSource
from oncall_tui.cli.init.hosted import SignedIn, Vendor, signed_in
from oncall_tui.cli.init.looking import Seen
from oncall_tui.cli.init.questions import Choice, Tone
from oncall_tui.config.model import SentrySettings
from oncall_tui.domain.counts import counted
from oncall_tui.sources.base import CheckState
from oncall_tui.sources.sentry.discover import SentryFinds

_ADVICE = (
    "A user token with the scopes org:read, project:read and event:read: in Sentry under User settings, Personal "
    "tokens. In the EU region type https://de.sentry.io first, with a server of your own its address."
)
_ELSEWHERE = (
    "Organization tokens (sntrys_…) only upload; a personal one (sntryu_…) or that of an internal integration is "
    "needed. For another region or server type its address instead of the token first."
)
_VARIABLES = ("SENTRY_TOKEN", "SENTRY_AUTH_TOKEN")


def sentry(desk: Desk) -> tuple[DraftSource | None, SentryFinds]:
    """The Sentry source, and everything that Sentry told."""
    given = desk.given

    def settings(url: str) -> SentrySettings:
        return SentrySettings(url=url, organization=given.sentry_organization or "", ca_file=given.ca_file)

    found = signed_in(
        desk,
        Vendor(
            "sentry",
            "Sentry",
            settings,
            SentrySettings().url,
            _VARIABLES,
            "--sentry-token",
            _ADVICE,
            _ELSEWHERE,
            given.sentry_url,
            given.sentry_token,
        ),
    )
    if found is None:
        return None, SentryFinds()
    assert isinstance(found.settings, SentrySettings)
    finds = found.seen.finds if isinstance(found.seen.finds, SentryFinds) else SentryFinds()
    return _looked_into(desk, found, found.settings, finds)


def _looked_into(
    desk: Desk, found: SignedIn, settings: SentrySettings, finds: SentryFinds
) -> tuple[DraftSource | None, SentryFinds]:
    while True:
        settings, finds = _with_organization(desk, found, settings, finds)
        chosen = structs.replace(settings, projects=_projects(desk, finds))
        is_good = found.seen.error is None
        seen = desk.closely("sentry", chosen, found.token) if is_good else Seen(error=found.seen.error)
        if seen.error is None or not is_good:
            break
        way = desk.after(seen.error, "Sentry")
        if way is Way.SKIP:
            return None, SentryFinds()
        if way is Way.KEEP:
            break
        settings, finds = structs.replace(settings, organization=""), SentryFinds(finds.user)
    told = next((one.what for one in seen.findings if one.state is CheckState.OK), "")
    if told:
        desk.questions.say(told, Tone.GOOD)
    said = f"Sentry{f' as {finds.user}' if finds.user else ''}: organization {settings.organization}."
    return DraftSource("sentry", chosen, found.token, (said,), is_checked=seen.error is None), finds


def _with_organization(
    desk: Desk, found: SignedIn, settings: SentrySettings, finds: SentryFinds
) -> tuple[SentrySettings, SentryFinds]:
    """The organization: the only one, the one that is chosen, or the one that is typed where Sentry lists none."""
    slug = settings.organization or finds.organization or _chosen(desk, finds)
    region = next((one.url for one in finds.organizations if one.slug == slug), None)
    settings = structs.replace(settings, organization=slug, url=_region(desk, settings.url, region))
    if finds.organization != slug or settings.url != found.settings.url:
        seen = desk.around("sentry", settings, found.token)
        if isinstance(seen.finds, SentryFinds):
            finds = seen.finds
        elif seen.error is not None:
            desk.questions.say(f"{seen.error} {seen.error.hint}", Tone.WARNING)
    if desk.given.is_checked and found.seen.error is None:
        _greet(desk, finds, slug)
    return settings, finds


def _chosen(desk: Desk, finds: SentryFinds) -> str:
    if len(finds.organizations) > 1:
        if not desk.questions.is_asking:
            known = ", ".join(one.slug for one in finds.organizations[:20])
            raise click.UsageError(f"--sentry-organization is needed: the token may see {known}.")
        choices = [Choice(one.slug, one.name if one.name != one.slug else "") for one in finds.organizations]
        return finds.organizations[desk.questions.one_of("Which organization?", choices, 0)].slug
    while desk.questions.is_asking:
        slug = desk.questions.text("Slug of your organization, as in the address of your Sentry")
        if slug:
            return slug
        desk.questions.say("Sentry answers only for an organization, e.g. acme in acme.sentry.io.", Tone.WARNING)
    raise click.UsageError("--sentry-organization is needed: the slug in the address of your Sentry.")


def _region(desk: Desk, url: str, region: str | None) -> str:
    """The host that holds the organization's data, among Sentry's own."""
    if region is None or urlsplit(region).scheme != "https" or host_of(region) == host_of(url):
        return url
    if not (_is_sentrys(url) and _is_sentrys(region)):
        return url
    host = urlsplit(region).hostname or ""
    desk.questions.say(f"Its data is in another region: asking {host} from now on.", Tone.QUIET)
    return f"https://{host}"


def _is_sentrys(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == "sentry.io" or host.endswith(".sentry.io")


def _greet(desk: Desk, finds: SentryFinds, slug: str) -> None:
    hello = f"Hello {finds.user}!" if finds.user else "The token is good."
    name = next((one.name for one in finds.organizations if one.slug == slug), slug)
    desk.questions.say(f"{hello} {name}: {counted(len(finds.projects), 'project')}.", Tone.GOOD)


def _projects(desk: Desk, finds: SentryFinds) -> tuple[str, ...]:
    """Slugs of projects; none for all."""
    if desk.given.sentry_projects:
        return desk.given.sentry_projects
    if len(finds.projects) < 2:
        return ()
    mine = [place for place, one in enumerate(finds.projects) if one.is_mine]
    default = mine if 0 < len(mine) < len(finds.projects) else []
    words = f"yours: {len(default)}" if default else "all"
    choices = [Choice(one.slug, "yours" if default and one.is_mine else "") for one in finds.projects]
    chosen = desk.questions.several("Which projects?", choices, default, words)
    slugs = [finds.projects[place].slug for place in chosen]
    return () if len(slugs) == len(finds.projects) else tuple(slugs)
