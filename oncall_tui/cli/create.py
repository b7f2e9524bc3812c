"""``oncall-tui create``: an incident at PagerDuty, after telling whom it pages."""

import asyncio
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.act import end, line_of
from oncall_tui.cli.agreeing import refuse_unasked
from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import complain, print_json, print_lines
from oncall_tui.cli.picking import pick
from oncall_tui.cli.schema_acts import create_answer
from oncall_tui.cli.session import Rooms, Session
from oncall_tui.domain.action import Create
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.pager import EscalationPath, PageableService, paged_in_words
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.errors import SourceError

if TYPE_CHECKING:
    from oncall_tui.sources.actors import Account

_LONGEST_TITLE = 10_000
"""Beyond what any account takes: cutting is not for this side, a title that is too long is refused in words."""


@click.command()
@click.option("--title", required=True, metavar="TEXT", help="What is wrong.")
@click.option("--service", "service_name", required=True, metavar="NAME", help="An id, or letters of its name.")
@click.option("--urgency", type=click.Choice(["high", "low"]), help="Else as the service has it.")
@click.option("--priority", default="", metavar="NAME", help="As the account calls it, e.g. P1.")
@click.option("-m", "--message", "details", default="", metavar="TEXT", help="What is known so far.")
@click.option("--source", metavar="NAME", help="Which PagerDuty account, where there are several.")
@click.option("--dry-run", is_flag=True, help="Only tell whom it would page.")
@click.option("--yes", "is_agreed", is_flag=True, help="Create it without asking.")
@as_json_option
@click.pass_obj
def create(
    session: Session,
    /,
    title: str,
    service_name: str,
    urgency: str | None,
    priority: str,
    details: str,
    source: str | None,
    dry_run: bool,
    is_agreed: bool,
    as_json: bool,
) -> None:
    """Declare an incident at PagerDuty, after telling whom it pages.

    The service must be clear: when several may be meant they are listed, and nothing is sent.
    """
    if not clean_line(title):
        raise click.UsageError("The title is empty.")
    if not (dry_run or is_agreed):
        refuse_unasked(session, as_json=as_json, otherwise="whom it would page")

    async def work(rooms: Rooms) -> None:
        name = _account(rooms, source)
        account = rooms.accounts[name]
        service = pick(service_name, await account.pageable_services(), lambda one: (one.id, one.name), "--service")
        action = Create(
            clean_line(title, _LONGEST_TITLE), service.id, urgency or "", await _priority(account, priority), details
        )
        path = await _path(account, service)
        if not as_json:
            print_lines([f"{name}: “{clean_line(title)}” on {service.name}", f"  pages {paged_in_words(path)}"])
        is_meant = is_agreed or (not dry_run and await asyncio.to_thread(click.confirm, "Create it?", err=True))
        reports = [await rooms.create(name, action)] if is_meant and not dry_run else []
        if as_json:
            print_json(create_answer(name, service, path, reports))
        else:
            print_lines([line_of(f"{name}/{one.made}" if one.made else name, one) for one in reports])
        end(reports)

    session.in_rooms(work, changes_something=not dry_run)


def _account(rooms: Rooms, wanted: str | None) -> SourceName:
    """The account that is meant."""
    names = list(rooms.accounts)
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted in names:
        return SourceName(wanted)
    if not names:
        raise click.UsageError("No source takes incidents: configure a PagerDuty account.")
    raise click.UsageError(f"Name one of the accounts by --source: {', '.join(names)}.")


async def _priority(account: "Account", wanted: str) -> str:
    """The priority as the account calls it, empty for none."""
    if not wanted.strip():
        return ""
    known = await account.priorities()
    found = next((one.name for one in known if one.name.casefold() == wanted.strip().casefold()), None)
    if found is None:
        names = ", ".join(one.name for one in known) or "none at all"
        raise click.BadParameter(f"the account has {names}.", param_hint="--priority")
    return found


async def _path(account: "Account", service: PageableService) -> EscalationPath | None:
    """Who is paged; None when that is not known, which keeps nobody from paging them."""
    try:
        return await account.paged_for(service)
    except SourceError as error:
        complain(f"It is not known whom {service.name} pages: {error} {error.hint}".strip())
        return None
