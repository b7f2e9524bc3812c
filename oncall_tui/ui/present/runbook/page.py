"""The lines that are not steps: title, banners, headings."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from textual.content import Content

from oncall_tui.domain.clocks import clock
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.model import Section
from oncall_tui.runbook.run.escalating import proposals
from oncall_tui.runbook.run.run import Run
from oncall_tui.runbook.run.states import State
from oncall_tui.ui.present.runbook.scene import Scene

_QUIET = timedelta(minutes=5)
"""A driver that has written nothing for so long may be away."""
_ADVICE = {"recommended": "bold $health-up", "not indicated": "$dim", "cannot tell": "$health-unknown"}


def title(run: Run, alert: str, why: str, environment: str, is_production: bool, now: datetime, width: int) -> Content:
    """``PROD rewapp   API latency high   for P2 …   started 02:15 by …   its match fits …   run 01J9…``, as it fits."""
    record = run.record
    badge = (
        (f" PROD {environment} ", "bold $production-text on $production")
        if is_production
        else (" RUNBOOK ", "bold $background on $accent")
    )
    name = Content.assemble(badge, "  ", (clean_line(run.runbook.title, 100), "bold $bright"))
    opened = f"started {clock(record.opened_at, now)} by {who(record.opened_by)}" if record.opened_at else ""
    told = {
        "alert": Content.assemble(("for ", "$dim"), clean_line(alert, 100)) if alert else Content(),
        "opened": Content.styled(opened, "$dim"),
        "why": Content.styled(clean_line(why, 100), "$dim"),
        "run": Content.styled(f"run {record.run_id[-6:]}", "$dim"),
    }
    parts = _fitting({key: part for key, part in told.items() if part}, width - name.cell_length)
    return Content("   ").join([name, *parts]).truncate(width, ellipsis=True)


_RULE_LEAST = 24
"""Cells of the rule by which the file was found, where there is no room for all of it."""
_WEIGHT = ("why", "alert", "opened", "run")
"""Which parts of the title stay when there is little room: a wrong runbook is known by its rule."""


def _fitting(parts: Mapping[str, Content], room: int) -> list[Content]:
    """The weightiest parts that fit, in the order of the line; the rule is cut rather than left out."""
    least = {key: 3 + min(part.cell_length, _RULE_LEAST if key == "why" else 10_000) for key, part in parts.items()}
    kept: list[str] = []
    for key in _WEIGHT:
        if key in parts and sum(least[one] for one in kept) + least[key] <= room:
            kept.append(key)
    left = room - sum(least[one] for one in kept)
    shown = {key: parts[key].truncate(least[key] - 3 + (left if key == "why" else 0), ellipsis=True) for key in kept}
    return [shown[key] for key in parts if key in shown]


def who(actor: str) -> str:
    """``user:anna`` as people say it."""
    return clean_line(actor.removeprefix("user:"), 60) or "somebody"


def banners(scene: Scene, problems: Sequence[str] = ()) -> list[Content]:
    """What has to be known before anything is pressed, the worst first.

    Args:
        problems: of its file and of the journal, in words.
    """
    run, record = scene.run, scene.run.record
    found: list[Content] = []
    if record.closed:
        found.append(
            _banner(
                f" This run is over: {clean_line(record.closed, 200)}. Nothing more is started in it. ",
                "$bright on $panel",
            )
        )
    elif run.pages.is_read_only:
        found.append(_banner(f" {_driving(scene)} ", "bold $background on $warning"))
    unknown = unknown_of(run)
    if unknown:
        names = ", ".join(unknown[:4])
        told = f" {names}: begun, its end was not recorded. Check; enter marks it done, failed, or runs it again. "
        found.append(_banner(told, "bold $background on $health-unknown"))
    if run.pages.unwritten:
        found.append(
            _banner(" The journal does not take results now; nothing more is started before it does. ", "$warning")
        )
    if run.runbook.is_refused:
        first = run.runbook.errors[0]
        told = f" The file has errors and is only shown: line {first.line}: {clean_line(first.problem, 200)} "
        found.append(_banner(told, "bold $background on $warning"))
    found += [_banner(f" {clean_line(one)} ", "$warning") for one in problems]
    way = ". e escalates, once you confirm it" if is_escalatable(scene) else ""
    return [
        *found,
        *(_banner(f" {clean_line(str(one), 240)}{way} ", "bold $warning") for one in proposals(scene.known)),
    ]


def is_escalatable(scene: Scene) -> bool:
    """Whether there is an alert that a proposal could be about, in a run that somebody here drives."""
    record = scene.run.record
    return bool(record.alert and proposals(scene.known)) and not (record.closed or scene.run.pages.is_read_only)


def _driving(scene: Scene) -> str:
    """Who drives a run that is only looked at, since when, and whether anybody still does."""
    presence = scene.run.presence
    name = who(presence.actor)
    if presence.gone:
        return f"{name} {presence.gone}: nobody drives this run. w takes it over."
    since = f" since {clock(presence.since, scene.now)}" if presence.since else ""
    heard = presence.heard_at
    is_quiet = heard is not None and scene.now - heard > _QUIET
    quiet = f", quiet since {clock(heard, scene.now)}" if heard is not None and is_quiet else ""
    return f"{name} drives this run{since}{quiet}: you only look on. w takes it over."


def unknown_of(run: Run) -> list[str]:
    """What was begun and nobody recorded the end of; what this very process runs is not among it."""
    return [one.id for one in run.record.unknown if run.state_of(one.id) is State.UNKNOWN]


def _banner(text: str, style: str) -> Content:
    return Content.styled(text, style)


def heading(scene: Scene, section: Section, width: int) -> list[Content]:
    """A line with the heading and the advice; of a folded section nothing else is drawn."""
    text = clean_line(section.heading, 200)
    advice, _ = scene.advice(section)
    word, _, because = clean_line(advice).partition(": ")
    is_folded = scene.is_folded(section)
    lead = Content.assemble(
        ("▸ " if is_folded else "─ ", "$dim"),
        (text, "$dim" if is_folded else "bold $primary" if section.level > 1 else "bold $bright"),
    )
    if advice:
        lead = Content.assemble(lead, ("  ", ""), (word, _ADVICE.get(word, "$dim")), (f": {because}", "$dim"))
    if is_folded:
        lead = Content.assemble(lead, ("   enter opens", "$dim"))
    lead = lead.truncate(width, ellipsis=True)
    rest = width - lead.cell_length - 1
    return [Content.assemble(lead, " ", ("─" * rest, "$faint")) if rest > 2 and not is_folded else lead]
