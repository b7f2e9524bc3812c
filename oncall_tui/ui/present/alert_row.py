"""The row of an alert: severity, status, since when, where, what, who sees it, and what is known about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rich.cells import cell_len
from textual.content import Content

from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.clocks import age, age_in_words, clock, in_zone
from oncall_tui.domain.columns import read_column
from oncall_tui.domain.environment import short_environment
from oncall_tui.domain.muting import Muting, in_words, muting_of
from oncall_tui.domain.parts import LABEL, part_of
from oncall_tui.domain.situation import Situation
from oncall_tui.domain.verb import Verb
from oncall_tui.domain.whose import page_of
from oncall_tui.ui.acts import Act, Acts, ActState
from oncall_tui.ui.present import words
from oncall_tui.ui.present.verbs import DOING, DONE
from oncall_tui.ui.widgets.columns import Column

_QUIET = (Status.ACKNOWLEDGED, Status.SILENCED, Status.PENDING)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a row needs beyond the alert: the moment, in the time zone of the screen, and the acts under way."""

    now: datetime
    acts: Acts
    me: frozenset[str] = frozenset()
    """The names by which sources know the user of the screen."""
    has_environments: bool = False
    """Whether alerts are of more than one environment, so that each says of which."""
    retry: str = "a"
    """The key that acknowledges, as it is bound now; empty when it has none."""
    again: str = "^t"
    """The key that sends again what failed; empty when it has none."""


USUAL = ("severity", "status", "since", "age", "service", "title", "source", "remark")
"""The names of the columns that a list has unless the configuration names others."""


_HEADINGS = {"alert": "rule"}
"""What stands above a part, where that is not its name: titles stand under "alert"."""


def alert_columns(scene: Callable[[], Scene], names: Sequence[str] = ()) -> tuple[Column[Alert], ...]:
    """The columns of these names, as ``domain.columns`` has them; the usual ones without any.

    The wider the table, the more of them are shown.
    """
    known = {one.name: one for one in _columns(scene)}
    chosen = [read_column(name) for name in names or USUAL]
    return tuple(_from_width(known.get(one.name) or _of_part(one.name), one.from_width) for one in chosen)


def _columns(scene: Callable[[], Scene]) -> tuple[Column[Alert], ...]:
    return (
        Column("", severity, 2, name="severity"),
        Column("", lambda alert: sign(alert, scene()), 1, name="status"),
        Column("since", lambda alert: since(alert, scene()), 6, align="right", from_width=90, name="since"),
        Column("age", lambda alert: age_of(alert, scene()), 4, align="right", name="age"),
        Column("service", service, 8, most=24, name="service"),
        Column("alert", lambda alert: title(alert, scene()), 20, flex=5, name="title"),
        Column("seen by", sources, 8, from_width=104, most=14, name="source"),
        Column("", lambda alert: remark(alert, scene()), 18, flex=4, name="remark"),
    )


def _of_part(name: str) -> Column[Alert]:
    """A column of plain text: a label, the environment, the name of the rule."""
    part = part_of(name)
    if part is None:
        raise ValueError(f"there is no column {name}")
    heading = _HEADINGS.get(name, name.removeprefix(LABEL))
    # One cell more than the heading, for the arrow of the order.
    width = min(len(heading) + 1, 8)
    return Column(heading, lambda alert: Content.styled(part(alert) or "–", "$dim"), width, most=24, name=name)


def _from_width(column: Column[Alert], from_width: int | None) -> Column[Alert]:
    return column if from_width is None else replace(column, from_width=from_width)


def needed(name: str, situation: Situation) -> int:
    """How many cells the widest content of a column of texts needs. Equal texts are measured once."""
    if name == "source":
        texts = {" ".join(words.SHORT_KINDS[kind] for kind in kinds) for kinds in situation.seen_together}
    elif name == "service":
        texts = set(situation.alerted_services)
    else:
        part = part_of(name)
        texts = {part(alert) for alert in situation.alerts} if part is not None else set()
    return max(map(cell_len, texts), default=0)


def severity(alert: Alert) -> Content:
    return words.severity(alert.severity, is_loud=alert.status not in _QUIET)


def sign(alert: Alert, scene: Scene) -> Content:
    """The status; an act under way in front of it."""
    act = scene.acts.of(alert)
    if act is not None and act.state in (ActState.PENDING, ActState.WAITING):
        return Content.styled("…", "$accent bold" if act.state is ActState.PENDING else "$warning bold")
    if act is not None and act.state is ActState.FAILED:
        return Content.styled("✗", "$error bold")
    if act is not None and act.state is ActState.CONFIRMED:
        return Content.styled("✓", "$health-up")
    if alert.is_forgotten:
        return Content.styled(words.FORGOTTEN_SIGN, "$warning bold")
    return words.status(alert.status, alert.severity)


def since(alert: Alert, scene: Scene) -> Content:
    moment = clock(alert.since, scene.now)
    return Content.styled(moment if len(moment) <= 5 else f"{in_zone(alert.since, scene.now.tzinfo):%d %b}", "$dim")


def age_of(alert: Alert, scene: Scene) -> Content:
    return Content.styled(age(scene.now - alert.since), _text_style(alert))


def service(alert: Alert) -> Content:
    return Content.styled(alert.service or "–", _text_style(alert))


def title(alert: Alert, scene: Scene | None = None) -> Content:
    """What it is; before it where, when that is not the same for all."""
    is_quiet = alert.status in _QUIET and not alert.is_forgotten
    headline = Content.styled(alert.headline, "$dim" if is_quiet else "$bright")
    where = short_environment(alert.environment) if scene is not None and scene.has_environments else ""
    return Content.assemble((where, "$accent"), " ", headline) if where else headline


def sources(alert: Alert) -> Content:
    """The sources that see it, by their short names."""
    return Content.styled(" ".join(words.SHORT_KINDS[kind] for kind in alert.source_kinds), "$dim")


def remark(alert: Alert, scene: Scene) -> Content:
    """The most useful thing to know: an act under way, who holds it, who is suspected, a fact of the source."""
    parts = [_act(one, scene) for one in scene.acts.all_of(alert)]
    held, muted = _held(alert, scene), muting_of(alert)
    if held and muted is not None:
        # Until when first, and shortly: a narrow list has room for that and for who holds it, not for all the words.
        parts += [
            _until(muted, scene.now),
            held,
            Content.styled(in_words(replace(muted, until=None), scene.now), "$dim"),
        ]
    else:
        parts += [held, silence(alert, scene.now)]
    parts.append(suspect(alert))
    if not any(parts):
        parts.append(note(alert))
    return words.joined(parts)


def _held(alert: Alert, scene: Scene) -> Content:
    """What is told of the status: who acknowledged, whose page it is while no act says so, that it is pending."""
    if alert.status is Status.ACKNOWLEDGED:
        return forgotten(alert, scene) or holder(alert, scene)
    if alert.status is Status.PENDING:
        return Content.styled("pending", "$dim")
    is_told = alert.status is Status.SILENCED or scene.acts.of(alert) is not None
    return Content() if is_told else Content.styled(page_of(alert.held_by_others), "$foreground")


def holder(alert: Alert, scene: Scene) -> Content:
    """Who acknowledged, and how long ago."""
    ago = f", {age_in_words(scene.now - alert.acknowledged_at)} ago" if alert.acknowledged_at else ""
    here = ", here only" if alert.is_acknowledged_here_only else ""
    return Content.styled(f"{_who(alert, scene)}{here}{ago}", "$health-up")


def forgotten(alert: Alert, scene: Scene) -> Content:
    """Who acknowledged, and for how long nothing has happened since, once that is too long.

    How long ago it was acknowledged is the same, unless something happened in between.
    """
    if not alert.is_forgotten or alert.last_event_at is None:
        return Content()
    nothing = f"nothing for {age_in_words(scene.now - alert.last_event_at)}"
    is_same = alert.acknowledged_at is None or alert.last_event_at - alert.acknowledged_at < timedelta(minutes=1)
    who = Content.styled(f"{_who(alert, scene)}, ", "$health-up") if is_same else holder(alert, scene) + Content(", ")
    return who + Content.styled(nothing, "$warning bold")


def _who(alert: Alert, scene: Scene) -> str:
    return "you" if alert.acknowledged_by in scene.me else alert.acknowledged_by or "somebody"


def silence(alert: Alert, now: datetime) -> Content:
    """Until when it is silenced and by whom, or that it is inhibited, whatever its status; empty when it is neither."""
    muting = muting_of(alert)
    return Content() if muting is None else Content.styled(in_words(muting, now), "$dim")


def _until(muting: Muting, now: datetime) -> Content:
    """``~ until 18:47``; the sign alone while nobody says until when."""
    until = f" until {clock(muting.until, now)}" if muting.until is not None else ""
    return Content.styled(f"{words.MUTED_SIGN}{until}", "$dim")


def suspect(alert: Alert) -> Content:
    """The nearest deployment before the alert."""
    if not alert.suspects:
        return Content()
    first = alert.suspects[0]
    is_close = first.seconds_before < 60
    before = "just before" if is_close else f"{age(timedelta(seconds=first.seconds_before))} before"
    return Content.styled(f"{words.SUSPECT_SIGN} {first.label} {before}", "$suspect")


def note(alert: Alert) -> Content:
    """What the sources add of their own: ``new, 214 events, 88 users``."""
    return Content.styled(next((one.note for one in alert.records if one.note), ""), "$dim")


def _act(act: Act, scene: Scene) -> Content:
    if act.state is ActState.PENDING:
        return Content.styled(f"{DOING[act.verb]} …", "$accent")
    if act.state is ActState.CONFIRMED:
        return Content.styled(act.reason or DONE[act.verb], "$health-up")
    if act.state is ActState.WAITING:
        return Content.styled(f"{act.verb} waiting for {age_in_words(scene.now - act.at)}: {act.reason}", "$warning")
    if act.state is ActState.UNSENT:
        return Content.styled(f"{act.verb} not sent yet", "$warning")
    retry = scene.retry if act.verb is Verb.ACKNOWLEDGE else scene.again if act.action is not None else ""
    again = f"  {retry} tries again" if retry else ""
    return Content.styled(f"not {DONE[act.verb]}: {act.reason}{again}", "$error")


def _text_style(alert: Alert) -> str:
    return "$dim" if alert.status in _QUIET else "$foreground"
