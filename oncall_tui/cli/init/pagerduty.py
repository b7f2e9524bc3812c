"""PagerDuty: whose token it is, and which teams' incidents the screen shows."""

from collections.abc import Sequence

import click
from msgspec import structs

from oncall_tui.cli.init.choices import Unclear, picked
from oncall_tui.cli.init.desk import Desk, Way
from oncall_tui.cli.init.draft import DraftSource
from oncall_tui.cli.init.hosted import SignedIn, Vendor, signed_in
from oncall_tui.cli.init.questions import Choice, Tone
from oncall_tui.config.model import PagerDutySettings
from oncall_tui.domain.counts import counted
from oncall_tui.sources.base import CheckState
from oncall_tui.sources.pagerduty.discover import PagerDutyFinds

_ADVICE = (
    "A token of your own is best: in PagerDuty under My Profile, User Settings, Create API User Token. "
    "In the EU region type https://api.eu.pagerduty.com first."
)
_ELSEWHERE = "An account of the EU region? Then type https://api.eu.pagerduty.com instead of the token first."
_VARIABLES = ("PAGERDUTY_TOKEN", "PD_TOKEN", "PAGERDUTY_API_KEY", "PAGERDUTY_API_TOKEN")


def pagerduty(desk: Desk) -> tuple[DraftSource | None, tuple[str, ...]]:
    """The PagerDuty source, and the names of the services that it shows."""
    given = desk.given

    def settings(url: str) -> PagerDutySettings:
        return PagerDutySettings(url=url, from_email=given.pagerduty_email, ca_file=given.ca_file)

    found = signed_in(
        desk,
        Vendor(
            "pagerduty",
            "PagerDuty",
            settings,
            PagerDutySettings().url,
            _VARIABLES,
            "--pagerduty-token",
            _ADVICE,
            _ELSEWHERE,
            given.pagerduty_url,
            given.pagerduty_token,
        ),
    )
    if found is None:
        return None, ()
    assert isinstance(found.settings, PagerDutySettings)
    if not isinstance(found.seen.finds, PagerDutyFinds):
        kept = structs.replace(found.settings, teams=given.pagerduty_teams)
        return DraftSource("pagerduty", kept, found.token), ()
    return _looked_into(desk, found, found.settings, found.seen.finds)


def _looked_into(
    desk: Desk, found: SignedIn, settings: PagerDutySettings, finds: PagerDutyFinds
) -> tuple[DraftSource | None, tuple[str, ...]]:
    """The source with a name to acknowledge in, and with the filters that were chosen."""
    settings, finds = _with_sender(desk, found, settings, finds)
    _greet(desk, finds)
    while True:
        chosen = _filtered(desk, settings, finds)
        seen = desk.closely("pagerduty", chosen, found.token)
        if seen.error is None:
            break
        way = desk.after(seen.error, "PagerDuty")
        if way is Way.SKIP:
            return None, ()
        if way is Way.KEEP:
            break
    told = next((one.what for one in seen.findings if one.state is CheckState.OK), "")
    if told:
        desk.questions.say(told, Tone.GOOD)
    names = {one.id: one.name for one in finds.teams} | {one.id: one.name for one in finds.services}
    who = finds.me.name if finds.me else "an account-level token"
    said = f"PagerDuty as {who}{f', {finds.account}' if finds.account else ''}."
    services = tuple(one.name for one in finds.services if _is_shown(one.id, one.teams, chosen))
    return DraftSource("pagerduty", chosen, found.token, (said,), names, seen.error is None), services


def _with_sender(
    desk: Desk, found: SignedIn, settings: PagerDutySettings, finds: PagerDutyFinds
) -> tuple[PagerDutySettings, PagerDutyFinds]:
    """An account-level token acts in the name of a user: whose e-mail is it?"""
    while finds.me is None:
        if settings.from_email:
            desk.questions.say(f"PagerDuty knows no user {settings.from_email}.", Tone.BAD)
        desk.questions.say("A token of the account, of no person: acknowledging needs a user's e-mail.", Tone.QUIET)
        email = desk.questions.text("Your e-mail at PagerDuty (Enter: only look, never acknowledge)")
        if "@" not in email.strip("@"):
            return structs.replace(settings, from_email=None), finds
        settings = structs.replace(settings, from_email=email)
        seen = desk.around("pagerduty", settings, found.token)
        if isinstance(seen.finds, PagerDutyFinds):
            finds = seen.finds
    return settings, finds


def _greet(desk: Desk, finds: PagerDutyFinds) -> None:
    hello = f"Hello {finds.me.name}!" if finds.me else "The token is good."
    parts = [counted(len(finds.services), "service"), *([counted(len(finds.teams), "team")] if finds.teams else [])]
    account = f"{finds.account}: " if finds.account else ""
    more = " (of more: only the first were read)" if finds.is_cut else ""
    desk.questions.say(f"{hello} {account}{', '.join(parts)}{more}.", Tone.GOOD)


def _filtered(desk: Desk, settings: PagerDutySettings, finds: PagerDutyFinds) -> PagerDutySettings:
    """Teams where there are some, else services; no filter when all are chosen."""
    if desk.given.pagerduty_teams:
        return structs.replace(settings, teams=_given_teams(desk.given.pagerduty_teams, finds))
    if len(finds.teams) > 1:
        mine = [place for place, team in enumerate(finds.teams) if team.is_mine]
        words = ", ".join(finds.teams[place].name for place in mine) or "all"
        choices = [Choice(team.name, "yours" if team.is_mine else "") for team in finds.teams]
        chosen = desk.questions.several("Which teams do you look after?", choices, mine, words)
        return structs.replace(settings, teams=_ids([finds.teams[place].id for place in chosen], len(finds.teams)))
    if not finds.teams and len(finds.services) > 1:
        choices = [Choice(service.name) for service in finds.services]
        chosen = desk.questions.several("Which services do you look after?", choices, (), "all")
        ids = _ids([finds.services[place].id for place in chosen], len(finds.services))
        return structs.replace(settings, services=ids)
    return settings


def _ids(chosen: Sequence[str], there_are: int) -> tuple[str, ...]:
    return () if len(chosen) == there_are else tuple(chosen)


def _given_teams(given: Sequence[str], finds: PagerDutyFinds) -> tuple[str, ...]:
    """Ids of teams that were given by id or by name."""
    by_id = {team.id for team in finds.teams}
    names = [team.name for team in finds.teams]
    found: list[str] = []
    for one in given:
        try:
            found.append(one if one in by_id else finds.teams[picked(one, names)[0]].id)
        except (Unclear, IndexError) as problem:
            known = ", ".join(f"{team.name} ({team.id})" for team in finds.teams[:20]) or "none"
            raise click.UsageError(f"--pagerduty-team: {problem} PagerDuty has: {known}.") from None
    return tuple(found)


def _is_shown(service: str, teams: Sequence[str], settings: PagerDutySettings) -> bool:
    return (not settings.teams or bool(set(teams) & set(settings.teams))) and (
        not settings.services or service in settings.services
    )
