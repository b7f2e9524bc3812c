"""``oncall-tui reassign``: alerts handed to somebody, who is found by a few letters of their name."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.act import end, line_of, targets_argument
from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import complain, print_json, print_lines
from oncall_tui.cli.picking import pick
from oncall_tui.cli.progress import Progress
from oncall_tui.cli.schema_acts import act_result
from oncall_tui.cli.session import Rooms, Session
from oncall_tui.domain.action import Reassign

if TYPE_CHECKING:
    from oncall_tui.domain.pager import Person
    from oncall_tui.response.report import ActReport


@click.command()
@targets_argument
@click.option("--to", required=True, metavar="WHO", help="An id, an e-mail address, or letters of a name.")
@as_json_option
@click.pass_obj
def reassign(session: Session, /, targets: tuple[str, ...], to: str, as_json: bool) -> None:
    """Hand alerts to somebody; PagerDuty pages them.

    WHO must be clear: when several people may be meant they are listed, and nothing is sent. Who was found by a few
    letters is named on stderr.
    """
    unique = tuple(dict.fromkeys(targets))

    async def work(rooms: Rooms) -> "Mapping[str, ActReport]":
        people = await rooms.people_for(unique)
        # Every name is clear before the first alert is handed on. What nobody can take is told of with its reason.
        chosen = {one: _chosen(to, people[one]) for one in unique}
        for meant in dict.fromkeys(filter(None, chosen.values())):
            complain(f"To {meant.name}, {meant.email or meant.id}.")
        reports: dict[str, ActReport] = {}
        for person in dict.fromkeys(chosen.values()):
            group = [one for one in unique if chosen[one] == person]
            action = Reassign((person.id,) if person is not None else ())
            reports |= zip(group, await rooms.act(action, group, Progress(len(group))), strict=True)
        return reports

    reports = session.in_rooms(work, changes_something=True)
    results = [(target, reports[target]) for target in unique]
    if as_json:
        print_json({"results": [act_result(target, report) for target, report in results]})
    else:
        print_lines([line_of(target, report) for target, report in results])
    end(reports.values())


def _chosen(to: str, people: "Sequence[Person]") -> "Person | None":
    """Who is meant; None where nobody can be named, which the result then tells."""
    return pick(to, people, lambda one: (one.id, one.name, one.email), "--to") if people else None
