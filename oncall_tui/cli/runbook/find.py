"""``oncall-tui runbook find``."""

from collections.abc import Sequence

import click

from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import complain, print_json, print_lines
from oncall_tui.cli.runbook.library import annotation_option, catalogue, label_option, looked_in
from oncall_tui.cli.session import Session
from oncall_tui.cli.shapes_runbook import RunbookFindAnswer
from oncall_tui.domain.text import clean_line


@click.command()
@click.option("--alertname", required=True, metavar="NAME", help="The name of the alert.")
@label_option
@annotation_option
@as_json_option
@click.pass_obj
def find(
    session: Session,
    alertname: str,
    labels: Sequence[tuple[str, str]],
    annotations: Sequence[tuple[str, str]],
    as_json: bool,
) -> None:
    """Tell which runbook fits an alert, and by which rule.

    The rules in their order: `match` of a native runbook, the annotation `runbook_url` or `runbook`, the name of the
    file, a heading. Nothing is fetched.
    """
    from oncall_tui.cli.runbook.objects import candidate_object
    from oncall_tui.runbook.catalogue.find import Subject
    from oncall_tui.runbook.catalogue.find import find as looked

    places, index = catalogue(session)
    found = looked(Subject(alertname, dict(labels), dict(annotations)), index.entries, places)
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
    print_lines([clean_line(line, 1_000) for line in lines] or [f"No runbook fits {clean_line(alertname)}."])
    if not lines:
        complain(looked_in(places))
