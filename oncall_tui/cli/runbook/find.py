"""``oncall-tui runbook find``."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

import click

from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import complain, print_json, print_lines
from oncall_tui.cli.runbook.library import annotation_option, catalogue, label_option, looked_in, settings
from oncall_tui.cli.session import Session
from oncall_tui.cli.shapes_runbook import RunbookFindAnswer
from oncall_tui.domain.text import clean_line

if TYPE_CHECKING:
    from oncall_tui.assembly import Rooms
    from oncall_tui.runbook.catalogue.find import Subject


@click.command()
@click.option("--alertname", metavar="NAME", help="The name of an alert, active or not; no source is asked.")
@click.option("--alert", metavar="NAME|ID", help="An active alert, with its labels and annotations.")
@label_option
@annotation_option
@as_json_option
@click.pass_obj
def find(
    session: Session,
    alertname: str | None,
    alert: str | None,
    labels: Sequence[tuple[str, str]],
    annotations: Sequence[tuple[str, str]],
    as_json: bool,
) -> None:
    """Tell which runbook fits an alert, and by which rule.

    Say --alertname and what else is known, or --alert for one that is active; where several have its name, --label
    says which. The rules in their order: `match` of a native runbook, the annotation `runbook_url` or `runbook`, the
    name of the file, a heading. Nothing is fetched.
    """
    from oncall_tui.cli.runbook.objects import candidate_object
    from oncall_tui.runbook.catalogue.find import Subject
    from oncall_tui.runbook.catalogue.find import find as looked

    if (alertname is None) == (alert is None):
        raise click.UsageError("Say which alert: --alertname NAME, or --alert ID of one that is active.")
    subject = Subject(alertname or "", dict(labels), dict(annotations))
    if alert is not None:
        subject = asyncio.run(_active(session, alert, dict(labels), dict(annotations)))
    places, index = catalogue(session)
    found = looked(subject, index.entries, places)
    candidates = [candidate_object(one) for one in found.candidates]
    if as_json:
        answer = RunbookFindAnswer(
            file=candidates[0]["file"] if candidates else None,
            rule=found.rule.value,
            why=candidates[0]["why"] if candidates else "",
            anchor=candidates[0]["anchor"] if candidates else None,
            candidates=candidates,
            refused=list(found.refused),
            search=found.search or None,
        )
        print_json(dict(answer))
        return
    for refused in found.refused:
        complain(refused)
    lines = [f"{one['file']}{'#' + one['anchor'] if one['anchor'] else ''}  ({one['why']})" for one in candidates]
    print_lines([clean_line(line, 1_000) for line in lines] or [f"No runbook fits {clean_line(subject.alertname)}."])
    if not lines:
        complain(looked_in(places))


async def _active(session: Session, words: str, labels: Mapping[str, str], annotations: Mapping[str, str]) -> "Subject":
    """What the sources say of an active alert; annotations that were typed stand over its own."""
    from oncall_tui.cli.runbook.running.teller import Teller
    from oncall_tui.cli.runbook.running.which import alert_of
    from oncall_tui.runbook.catalogue.find import Subject, subject_of

    rooms = cast("Rooms", await session.open_rooms(settings(session), session.environ))
    try:
        teller = Teller(True, False, session.clock)
        told = subject_of(await alert_of(await rooms.look(), words, labels, teller, None))
    finally:
        await rooms.close()
    return Subject(told.alertname, told.labels, {**told.annotations, **annotations})
