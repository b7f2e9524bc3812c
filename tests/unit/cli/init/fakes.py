"""Somebody who answers by a script, vendors that were told what to say, and a keyring in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import click

from oncall_tui.cli.init.desk import Desk
from oncall_tui.cli.init.draft import DraftSource, Token
from oncall_tui.cli.init.given import Given
from oncall_tui.cli.init.looking import Seen
from oncall_tui.cli.init.questions import Choice, Proposals, Questions, Tone
from oncall_tui.cli.init.storing import NotKept
from oncall_tui.config.model import AnySource, PagerDutySettings
from oncall_tui.config.secrets import Secret, resolve
from oncall_tui.sources.base import CheckState, Finding
from oncall_tui.sources.errors import SourceError, Unauthorised
from oncall_tui.sources.pagerduty.discover import PagedService, PagerDutyFinds, Team
from oncall_tui.sources.pagerduty.read import Me
from oncall_tui.sources.prometheus.discover import FoundService, Latency, PrometheusFinds
from oncall_tui.sources.sentry.discover import Organization, Project, SentryFinds

TOKEN = "u+Zx-very-secret-4711"
OTHER = "sntryu_other-secret-0815"

PROMETHEUS = PrometheusFinds(
    version="2.42.0",
    targets=5,
    services=(FoundService("checkout", 3, ("production",)), FoundService("payments", 2, ("production", "staging"))),
    environments=("production", "staging"),
    alertmanagers=("http://alerts.example.com:9093",),
    latency=Latency("checkout", "service", 150.4),
)
PAGERDUTY = PagerDutyFinds(
    me=Me("PANA", "Ana Smith", "ana@acme.example"),
    account="acme.pagerduty.com",
    teams=(Team("PT1", "Payments", True), Team("PT2", "Platform"), Team("PT3", "Growth")),
    services=(PagedService("PS1", "Checkout API", ("PT1",)), PagedService("PS2", "Landing page", ("PT3",))),
)
SENTRY = SentryFinds(
    user="Ana Smith",
    scopes=("org:read",),
    organizations=(Organization("acme", "Acme Inc", "https://us.sentry.io"),),
    organization="acme",
    projects=(Project("payments-app", "payments-app", True), Project("site", "Site", True)),
    environments=("production",),
)
FINE = Seen(findings=(Finding(CheckState.OK, "Answers and accepts the credential."),))


class ScriptedKeys:
    """Answers one question after the other; ``None`` is Ctrl+C. Everything that is shown is kept."""

    is_asking = True

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.shown: list[str] = []

    @property
    def text_shown(self) -> str:
        return "\n".join(self.shown)

    def say(self, text: str = "", tone: Tone = Tone.PLAIN) -> None:
        self.shown.append(text)

    def waiting(self, text: str) -> None:
        self.shown.append(text)

    def _next(self, question: str) -> str:
        self.shown.append(question)
        assert self.answers, f"nobody expected the question {question!r}"
        answer = self.answers.pop(0)
        if answer is None:
            raise click.Abort
        return answer

    def text(self, question: str, default: str = "") -> str:
        return self._next(f"{question} [{default}]") or default

    def hidden(self, question: str) -> str:
        return self._next(question)

    def yes(self, question: str, default: bool) -> bool:
        answer = self._next(question)
        return default if not answer else answer == "y"

    def one_of(self, question: str, choices: Sequence[Choice], default: int | None) -> int:
        answer = self._next(question)
        if not answer:
            assert default is not None
            return default
        return [choice.name for choice in choices].index(answer)

    def several(
        self, question: str, choices: Sequence[Choice], default: Sequence[int], default_words: str
    ) -> tuple[int, ...]:
        answer = self._next(f"{question} [{default_words}]")
        names = [choice.name for choice in choices]
        return tuple(names.index(one) for one in answer.split(",")) if answer else tuple(default)


@dataclass
class FakeLooking:
    """Vendors by name: what each tells to somebody with the right token."""

    tells: dict[str, object] = field(
        default_factory=lambda: {"prometheus": PROMETHEUS, "pagerduty": PAGERDUTY, "sentry": SENTRY}
    )
    tokens: dict[str, str] = field(default_factory=lambda: {"pagerduty": TOKEN, "sentry": OTHER})
    """What each wants to see; none where anybody may ask."""
    failing: dict[str, SourceError] = field(default_factory=dict)
    closely_failing: dict[str, SourceError] = field(default_factory=dict)
    listening: frozenset[str] = frozenset()
    asked: list[tuple[str, AnySource]] = field(default_factory=list)

    def listens(self, url: str) -> bool:
        return url in self.listening

    def around(self, name: str, settings: AnySource, secret: Secret | None) -> Seen:
        self.asked.append((name, settings))
        if name in self.failing:
            return Seen(error=self.failing[name])
        if name in self.tokens and (secret is None or secret.reveal() != self.tokens[name]):
            return Seen(error=Unauthorised(f"{name}: does not accept the credential (401).", "Renew `token`."))
        if name == "alertmanager":
            return FINE
        finds = self.tells[name]
        is_nobody = isinstance(finds, PagerDutyFinds) and finds.me is None
        if is_nobody and isinstance(settings, PagerDutySettings) and settings.from_email == "ana@acme.example":
            return Seen(finds=PAGERDUTY)
        return Seen(finds=finds)

    def closely(self, name: str, settings: AnySource, secret: Secret | None) -> Seen:
        self.asked.append((name, settings))
        error = self.closely_failing.pop(name, None)
        return FINE if error is None else Seen(error=error)


@dataclass
class FakeKeyring:
    """A keyring in memory."""

    tokens: dict[str, str] = field(default_factory=dict)
    missing: str = ""
    refusal: str = ""

    def absence(self) -> str:
        return self.missing

    def get(self, user: str) -> str | None:
        return self.tokens.get(user)

    def put(self, user: str, token: str) -> None:
        if self.refusal:
            raise NotKept(self.refusal)
        self.tokens[user] = token


def desk(
    questions: Questions,
    given: Given | None = None,
    looking: FakeLooking | None = None,
    environ: Mapping[str, str] | None = None,
) -> Desk:
    environ = environ or {}
    return Desk(given or Given(), questions, looking or FakeLooking(), environ, partial(resolve, environ=environ))


def nobody() -> Proposals:
    return Proposals()


def typed(name: str, token: str = TOKEN) -> DraftSource:
    """A source whose token was typed."""
    return DraftSource(name, PagerDutySettings(), Token(f"{name.upper()}_TOKEN", secret=Secret(token)))
