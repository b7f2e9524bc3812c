"""``oncall-tui alerts``."""

from collections.abc import Sequence

import click

from oncall_tui.cli.chosen import SAVED, Groups, choice_of
from oncall_tui.cli.listing import as_json_option, nothing, show
from oncall_tui.cli.output import is_colourful, table, terminal_width
from oncall_tui.cli.schema import alerts_picture
from oncall_tui.cli.session import Session
from oncall_tui.domain.alert import Alert, Status
from oncall_tui.domain.clocks import age
from oncall_tui.domain.counts import counted
from oncall_tui.domain.environment import short_environment
from oncall_tui.domain.grouping import facts_of
from oncall_tui.domain.muting import in_words as muting_in_words
from oncall_tui.domain.muting import muting_of
from oncall_tui.domain.parts import GROUPINGS, LABEL, UNGROUPED, in_words
from oncall_tui.domain.query import Order
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Situation

_COLOURS = {Severity.P1: "red", Severity.P2: "yellow", Severity.P3: "yellow", Severity.P4: "cyan", Severity.P5: None}
_HEADERS = ("SEV", "AGE", "STATUS", "SERVICE", "ALERT", "ID", "SEEN BY")
_WIDE = 150
"""From this width on there is room to name every source that sees an alert."""


@click.command()
@as_json_option
@click.option(
    "--match", default="", metavar="FILTER", help="Only these: words, -words, sev<=2, service:api, age>10m, or @NAME."
)
@click.option(
    "--sort",
    metavar="ORDER",
    help=f"The order of the list: {', '.join(order.value for order in Order)}, or {LABEL}NAME.",
)
@click.option("--reverse", "is_reversed", is_flag=True, help="The other way round.")
@click.option(
    "--group-by", metavar="PART", help=f"Together by {', '.join(GROUPINGS)}, or {LABEL}NAME; {UNGROUPED} for no groups."
)
@click.pass_obj
def alerts(
    session: Session, as_json: bool, match: str, sort: str | None, is_reversed: bool, group_by: str | None
) -> None:
    """List the active alerts, the worst first.

    The same trouble seen by several tools is one line. Any id in the list is good for `oncall-tui ack`. @NAME is a
    filter of the configuration, with its order and groups.
    """

    saved = session.config().filters if match.startswith(SAVED) else ()
    choice = choice_of(match, sort, is_reversed, group_by, saved)
    show(
        session,
        as_json,
        lambda situation: {**alerts_picture(situation, _flat(choice.groups_of(situation)))},
        lambda situation: lines_of(situation, choice.groups_of(situation), choice.grouping),
    )


def lines_of(situation: Situation, groups: Groups, grouping: str = "") -> list[str]:
    """The alerts as a table, below a line for each group when there is a ``grouping``."""
    chosen = _flat(groups)
    if not chosen:
        words = f"None of {len(situation.alerts)} alerts matches" if situation.alerts else "No active alert"
        return [nothing(situation, words)]
    width = terminal_width()
    columns = [place for place, header in enumerate(_HEADERS) if header != "SEEN BY" or (width or _WIDE) >= _WIDE]
    rows = [_row(alert, situation) for alert in chosen]
    lines = table(
        [_HEADERS[place] for place in columns],
        [[row[place] for place in columns] for row in rows],
        gives_way={2: 12, 3: 10, 4: 8},
        width=width,
        colours=[_COLOURS[alert.severity] for alert in chosen] if is_colourful() else (),
    )
    if not grouping:
        return lines
    header, *rest = lines
    told = [header]
    for name, held in groups.items():
        told += ["", _group_line(name, held, situation, grouping), *rest[: len(held)]]
        rest = rest[len(held) :]
    return told


def _group_line(name: str, held: Sequence[Alert], situation: Situation, grouping: str) -> str:
    """``api: 3 alerts, 1 P1, 2 P3, the oldest 4m``."""
    facts = facts_of(held)
    each = ", ".join(f"{many} {severity.name}" for severity, many in facts.by_severity)
    oldest = age(situation.taken_at - facts.oldest)
    return f"{name or f'without {in_words(grouping)}'}: {counted(facts.count, 'alert')}, {each}, the oldest {oldest}"


def _flat(groups: Groups) -> tuple[Alert, ...]:
    return tuple(alert for held in groups.values() for alert in held)


def _row(alert: Alert, situation: Situation) -> tuple[str, ...]:
    suspect = f" (after {alert.suspects[0].label})" if alert.suspects else ""
    seen_by = ", ".join(dict.fromkeys(str(record.source) for record in alert.records))
    since = age(situation.taken_at - alert.since)
    where = short_environment(alert.environment) if situation.has_environments else ""
    service = f"{alert.service} {where}".strip()
    return (
        alert.severity.name,
        since,
        _status(alert, situation),
        service,
        f"{alert.title}{suspect}",
        alert.id,
        seen_by,
    )


def _status(alert: Alert, situation: Situation) -> str:
    """``acknowledged by Ann, forgotten``; ``firing, silenced until 18:47 by ops``; ``inhibited``."""
    words = f"{alert.status.value} by {alert.acknowledged_by}" if alert.acknowledged_by else alert.status.value
    if alert.is_forgotten:
        words += ", forgotten"
    muting = muting_of(alert)
    if muting is None:
        return words
    muted = muting_in_words(muting, situation.taken_at.astimezone())
    return muted if alert.status is Status.SILENCED else f"{words}, {muted}"
