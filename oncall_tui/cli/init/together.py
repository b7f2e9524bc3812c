"""What the sources mean together: the environment, the names of services, and the latency of the busiest one."""

from oncall_tui.cli.init.alike import aliases_of, described, production_like
from oncall_tui.cli.init.choices import NONE_WORDS
from oncall_tui.cli.init.desk import Desk
from oncall_tui.cli.init.draft import LatencyDraft
from oncall_tui.cli.init.questions import Choice, Tone
from oncall_tui.sources.prometheus.discover import Latency

_SHOWN = 8
_STEPS = (1, 2, 5)


def environments(desk: Desk, found: tuple[str, ...]) -> tuple[str, dict[str, bool]]:
    """The environment that the screen watches, and for each one whether it is production."""
    names = _once(found)
    given = desk.given.environment
    if given is not None:
        watched = next((name for name in names if name.casefold() == given.casefold()), given)
        names = names if watched in names else [*names, watched]
    else:
        watched = _watched(desk, names)
        names = names if watched in names or not watched else [*names, watched]
    if not names:
        return "", {}
    return watched, _marked(desk, names, watched)


def _once(found: tuple[str, ...]) -> list[str]:
    """Each name once, in whatever case: the first spelling holds."""
    names: dict[str, str] = {}
    for name in found:
        names.setdefault(name.casefold(), name)
    return [name for name in names.values() if name]


def _watched(desk: Desk, names: list[str]) -> str:
    if not names:
        typed = desk.questions.text("Name of the environment that you watch, e.g. production (Enter: none)")
        return "" if typed.casefold() in NONE_WORDS else typed
    likely = next((place for place, name in enumerate(names) if production_like(name)), 0)
    if len(names) == 1:
        return names[0]
    return names[desk.questions.one_of("Which environment do you watch?", [Choice(one) for one in names], likely)]


def _marked(desk: Desk, names: list[str], watched: str) -> dict[str, bool]:
    """Which ones are production: all that sound like it are proposed."""
    likely = [place for place, name in enumerate(names) if production_like(name)]
    if desk.given.is_production is not None:
        marked = {names.index(watched)} if desk.given.is_production and watched else set()
        return {name: place in marked for place, name in enumerate(names)}
    if len(names) == 1:
        question = f"Is {names[0]} a production environment, to be drawn unmistakably?"
        return {names[0]: desk.questions.yes(question, bool(likely))}
    words = ", ".join(names[place] for place in likely) or "none"
    chosen = desk.questions.several(
        "Which are production, to be drawn unmistakably?", [Choice(one) for one in names], likely, words
    )
    return {name: place in chosen for place, name in enumerate(names)}


def aliases(desk: Desk, services: tuple[str, ...], others: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Names of PagerDuty and Sentry that mean a service of Prometheus, if whoever sits there agrees."""
    found = aliases_of(services, others)
    if not found:
        return {}
    desk.questions.say("These look like one service under several names:")
    lines = described(found)
    for line in lines[:_SHOWN]:
        desk.questions.say(line, Tone.GOOD)
    if len(lines) > _SHOWN:
        desk.questions.say(f"and {len(lines) - _SHOWN} more; all are in the file", Tone.QUIET)
    return found if desk.questions.yes("Join them?", True) else {}


def latency(desk: Desk, found: Latency | None) -> LatencyDraft | None:
    """A chart of the busiest service's latency with a check beside it."""
    if found is None:
        return None
    now = f": P95 is {found.p95_ms:.0f} ms now" if found.p95_ms is not None else ""
    desk.questions.say(
        f"{found.service} has a latency histogram{now}. It can be the chart of the overview, with a check: "
        "critical is twice the warning."
    )
    proposed = str(_limit(found.p95_ms))
    while True:
        typed = desk.questions.text("Warn above how many ms (- leaves it out)", proposed)
        if typed.casefold() in NONE_WORDS:
            return None
        if typed.isascii() and typed.isdecimal() and 0 < int(typed) < 10_000_000:
            return LatencyDraft(found.service, found.label, int(typed))
        desk.questions.say("Write a whole number of milliseconds, e.g. 500.", Tone.WARNING)


def _limit(p95_ms: float | None) -> int:
    """The first round number that is at least twice what is normal now; 500 where nothing is known."""
    if p95_ms is None:
        return 500
    size = 10
    while True:
        for step in _STEPS:
            if step * size >= 2 * p95_ms:
                return step * size
        size *= 10
