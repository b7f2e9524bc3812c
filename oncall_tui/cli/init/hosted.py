"""A vendor that is spoken to with a token: PagerDuty and Sentry are asked who it belongs to before anything else."""

from collections.abc import Callable
from dataclasses import dataclass

import click

from oncall_tui.cli.init.addresses import NoAddress, address, host_of, open_road
from oncall_tui.cli.init.desk import Desk, Elsewhere, Way, entered
from oncall_tui.cli.init.draft import Token
from oncall_tui.cli.init.looking import Seen
from oncall_tui.cli.init.questions import Tone
from oncall_tui.config.model import PagerDutySettings, SentrySettings
from oncall_tui.sources.errors import SourceError, Unauthorised

Settings = PagerDutySettings | SentrySettings


@dataclass(frozen=True, slots=True)
class Vendor:
    """What is asked, and where."""

    name: str
    label: str
    settings: Callable[[str], Settings]
    """The settings for an address."""
    url: str
    variables: tuple[str, ...]
    """Where people keep its token; the first is ours to propose."""
    option: str
    advice: str
    """Where such a token is made."""
    elsewhere: str
    """Said when the token is not accepted: it may belong to another region."""
    given_url: str | None = None
    given_token: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A token that was accepted, or that is kept although it was not."""

    settings: Settings
    token: Token
    seen: Seen


def signed_in(desk: Desk, vendor: Vendor) -> SignedIn | None:
    """The vendor with a token; None when it was skipped.

    Raises:
        SourceError: the token that an option gave is not accepted, and there is nobody to ask.
    """
    url = _given_url(vendor)
    given = desk.referred(vendor.given_token, vendor.variables[0], vendor.option) if vendor.given_token else None
    if given is None:
        if not desk.questions.is_asking:
            return None
        desk.questions.say(vendor.advice, Tone.QUIET)
    while True:
        token = given or entered(
            desk, f"{vendor.label} token, not shown while you type (Enter skips)", vendor.variables
        )
        given = None
        if token is None:
            return None
        if isinstance(token, Elsewhere):
            url = _moved(desk, token, url)
            continue
        found = SignedIn(vendor.settings(url), token, _tried(desk, vendor, url, token))
        if found.seen.error is None:
            return found
        if isinstance(found.seen.error, Unauthorised) and desk.questions.is_asking:
            desk.questions.say(vendor.elsewhere, Tone.QUIET)
        way = desk.after(found.seen.error, vendor.label, may_keep=not open_road(url))
        if way is not Way.AGAIN:
            return found if way is Way.KEEP else None


def _tried(desk: Desk, vendor: Vendor, url: str, token: Token) -> Seen:
    problem = open_road(url)
    return Seen(error=SourceError(problem)) if problem else desk.around(vendor.name, vendor.settings(url), token)


def _given_url(vendor: Vendor) -> str:
    try:
        return address(vendor.given_url) if vendor.given_url else vendor.url
    except NoAddress as problem:
        raise click.UsageError(f"--{vendor.name}-url: {problem}") from None


def _moved(desk: Desk, elsewhere: Elsewhere, url: str) -> str:
    """The address to ask from now on."""
    try:
        url = address(elsewhere.typed)
        desk.questions.say(f"Asking {host_of(url)} from now on.", Tone.GOOD)
    except NoAddress as problem:
        desk.questions.say(str(problem), Tone.BAD)
    return url
