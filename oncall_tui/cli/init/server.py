"""A server of one's own: Prometheus and Alertmanager are asked for an address, and for a login where they want one."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import click

from oncall_tui.cli.init.addresses import NoAddress, address, is_like_token, open_road
from oncall_tui.cli.init.choices import NONE_WORDS
from oncall_tui.cli.init.desk import Desk, Elsewhere, Way, entered
from oncall_tui.cli.init.draft import DraftSource, Token
from oncall_tui.cli.init.looking import Seen
from oncall_tui.cli.init.questions import Tone
from oncall_tui.config.model import AlertmanagerSettings, PrometheusSettings
from oncall_tui.sources.errors import SourceError, Unauthorised

Settings = PrometheusSettings | AlertmanagerSettings


@dataclass(frozen=True, slots=True)
class Server:
    """A kind of server, and what the options say of this one."""

    name: str
    label: str
    settings: Callable[[str, str | None], Settings]
    """The settings for an address and a user name."""
    variable: str
    option: str
    """The option that gives its token."""
    given: str | None = None
    given_token: str | None = None
    given_username: str | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """What a server wants to see: a bearer token, or with a user name a password."""

    token: Token
    username: str | None = None
    url: str = ""
    """The server that it fitted."""
    label: str = ""
    """What that server is called in questions."""


def reached(desk: Desk, server: Server, proposed: str, login: Login | None = None) -> tuple[DraftSource, Seen] | None:
    """The server that was named, and what it told; None when it was skipped.

    Args:
        proposed: the address that Enter takes, empty where Enter skips.
        login: one that may fit, because it fitted the server next to it.
    """
    url = _given(server)
    if url is None and not desk.questions.is_asking:
        url = proposed or None
    own = _given_login(desk, server)
    while True:
        if url is None:
            url = _typed(desk, server, proposed)
            if url is None:
                return None
        source, seen = _tried(desk, server, url, own)
        if isinstance(seen.error, Unauthorised) and own is None and login is not None:
            if _may_use(desk, server, url, login):
                own = login
                source, seen = _tried(desk, server, url, own)
            login = None
        if seen.error is None:
            return source, seen
        if isinstance(seen.error, Unauthorised) and desk.questions.is_asking:
            words = f"{server.label} wants a login." if own is None else str(seen.error)
            desk.questions.say(words, Tone.WARNING if own is None else Tone.BAD)
            own = _asked_login(desk, server)
            if own is not None:
                continue
        way = desk.after(seen.error, server.label, may_keep=not _is_open(url, own))
        if way is Way.SKIP:
            return None
        if way is Way.KEEP:
            return source, seen
        proposed, url, own = url, None, None


def _may_use(desk: Desk, server: Server, url: str, login: Login) -> bool:
    """Whether the login of the neighbour may be shown here: without a word only to the same host."""
    is_same = urlsplit(url).hostname == urlsplit(login.url).hostname
    return desk.questions.yes(f"{server.label} wants a login. Try that of {login.label}?", is_same)


def _given(server: Server) -> str | None:
    try:
        return address(server.given) if server.given else None
    except NoAddress as problem:
        raise click.UsageError(f"--{server.name}: {problem}") from None


def _given_login(desk: Desk, server: Server) -> Login | None:
    if server.given_token is None:
        return None
    return Login(desk.referred(server.given_token, server.variable, server.option), server.given_username)


def _typed(desk: Desk, server: Server, proposed: str) -> str | None:
    """An address; None to skip."""
    while True:
        hint = "- skips" if proposed else "Enter skips"
        typed = desk.questions.text(f"Address of {server.label} ({hint})", proposed)
        if not typed or typed.casefold() in NONE_WORDS:
            return None
        try:
            return address(typed)
        except NoAddress as problem:
            desk.questions.say(str(problem), Tone.BAD)


def _tried(desk: Desk, server: Server, url: str, login: Login | None) -> tuple[DraftSource, Seen]:
    token = login.token if login else None
    settings = server.settings(url, login.username if login else None)
    if _is_open(url, login):
        return DraftSource(server.name, settings, token), Seen(error=SourceError(open_road(url)))
    seen = desk.around(server.name, settings, token)
    return DraftSource(server.name, settings, token, is_checked=desk.given.is_checked and seen.error is None), seen


def _is_open(url: str, login: Login | None) -> bool:
    return login is not None and bool(open_road(url))


def _asked_login(desk: Desk, server: Server) -> Login | None:
    """A user name, if there is one, and the secret; None when there is none."""
    while True:
        username = desk.questions.text("User name (Enter: none, a bearer token)")
        if is_like_token(username):
            desk.questions.say("That looks like a token, and this question shows it. Enter, then paste it.", Tone.BAD)
            continue
        what = "Password" if username else "Token"
        found = entered(desk, f"{what}, not shown while you type (Enter: back)", (server.variable,))
        if found is None and username:
            continue
        return None if found is None or isinstance(found, Elsewhere) else Login(found, username or None)
