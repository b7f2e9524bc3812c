"""``oncall-tui runbook run``."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import click

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.runbook.files import file_of
from oncall_tui.cli.runbook.library import Pair, label_option, settings
from oncall_tui.cli.session import Session

if TYPE_CHECKING:
    from oncall_tui.assembly import Rooms
    from oncall_tui.cli.runbook.running.opening import Wanted
    from oncall_tui.config.model import Config


@click.command()
@click.argument("file", required=False)
@click.option("--alert", default="", metavar="NAME|ID", help="Take values from this alert.")
@label_option
@click.option("--param", "params", type=Pair(), multiple=True, help="A value for a parameter; repeatable.")
@click.option("--step", "steps", multiple=True, metavar="ID", help="Only this step; repeatable, in this order.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Start nothing but what reads, and the steps' own dry runs.")
@click.option("--resume", default="", metavar="RUN", help="Take a run up again; `runbook runs` lists them.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object per line for all that happens, a summary at the end."
)
@click.pass_obj
def run(
    session: Session,
    file: str | None,
    alert: str,
    labels: Sequence[tuple[str, str]],
    params: Sequence[tuple[str, str]],
    steps: Sequence[str],
    is_dry: bool,
    resume: str,
    as_json: bool,
) -> None:
    """Run a runbook in this terminal, one step after the other.

    Each step is shown with its command and its values, and waits: Enter runs what just reads, y what changes
    something, a typed phrase what destroys. No option answers yes. Where several alerts have the NAME, --label says
    which, or you choose one from a list. Without a terminal only what reads is run; the first
    step that does more ends it with exit code 3. Exit code 5 when a step failed or could not be run. Ctrl+C ends the
    step that runs, a second one leaves; the run stays open.
    """
    from oncall_tui.cli.runbook.running.opening import Wanted
    from oncall_tui.config.model import read_only

    if not file and not resume:
        raise click.UsageError("Name a FILE, or a run with --resume.")
    if resume and (alert or labels):
        raise click.UsageError(
            "--alert and --label are for a new run: one that is taken up has its values. --param gives it another."
        )
    path = file_of(session, file).absolute() if file else None
    config = settings(session)
    if session.is_read_only:
        config = read_only(config)
    wanted = Wanted(path, alert, dict(params), dict(labels), steps, resume)
    code = asyncio.run(_visit(session, config, wanted, is_dry, as_json))
    click.get_current_context().exit(code)


async def _visit(session: Session, config: "Config", wanted: "Wanted", is_dry: bool, as_json: bool) -> ExitCode:
    """The run in rooms that are open for as long as it lasts."""
    from oncall_tui.cli.runbook.running.console import TerminalConsole
    from oncall_tui.cli.runbook.running.desk import Desk
    from oncall_tui.cli.runbook.running.drive import drive
    from oncall_tui.cli.runbook.running.interrupting import Interrupts
    from oncall_tui.cli.runbook.running.opening import opened
    from oncall_tui.cli.runbook.running.teller import Teller

    # What would run is shown on stdout, with --json on stderr: nobody confirms what went to a file.
    is_terminal = session.is_terminal() and (as_json or session.has_screen())
    teller = Teller(as_json, is_terminal, session.clock)
    console = TerminalConsole() if is_terminal else None
    me = asyncio.current_task()
    assert me is not None
    interrupts = Interrupts(teller.say, me.cancel)
    rooms = cast("Rooms", await session.open_rooms(config, session.environ))
    begun = None
    try:
        with interrupts.listening():
            begun = await opened(rooms, wanted, teller, console)
            name = f"{config.display.environment}{' (production)' if config.is_production else ''}"
            desk = Desk(begun, teller, interrupts, console, config.is_read_only, is_dry, name)
            return await drive(desk, wanted.steps, is_taken_up=bool(wanted.resume))
    except asyncio.CancelledError:
        if begun is not None:
            await begun.end()  # Before a word: it may have the terminal.
            teller.say(f"The run stays open: oncall-tui runbook run --resume {begun.record.run_id}")
        return ExitCode.INTERRUPTED
    finally:
        if begun is not None:
            await begun.end()
        await rooms.close()
