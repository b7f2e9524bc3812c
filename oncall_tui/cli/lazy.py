"""A group of verbs that are imported when they are used: ``--help`` and ``--version`` load none of them.

It also ends every verb properly: the user's errors become a message and an exit code, an interrupt 130, a reader
that went away a quiet end.
"""

import gc
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.faults import fault_of
from oncall_tui.domain.text import clean

_LONGEST_TRACEBACK = 100_000
_WORDS = f"{__name__}.words"
_HELP = frozenset({"-h", "--help"})
STATUS = "status"
"""The verb whose exit codes tell health: what keeps it from an answer is UNKNOWN, never 1 or 2."""


class Verb(NamedTuple):
    """Where a verb is, and its line in the help of the group."""

    module: str
    attribute: str
    help: str
    is_act: bool = False
    """It is there to change something at a vendor."""

    def load(self) -> click.Command:
        """The command; imports its module. From here on memory is collected: see ``oncall_tui.__main__``."""
        command = getattr(import_module(self.module), self.attribute)
        assert isinstance(command, click.Command)
        gc.enable()
        return command


class VerbGroup(click.Group):
    """The group of all verbs."""

    def __init__(self, *args: Any, verbs: Mapping[str, Verb] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.verbs = verbs or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        verb = self.verbs.get(cmd_name)
        return None if verb is None else verb.load()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # Nothing is parsed into ``ctx.params`` yet: the help is written as soon as its option is met.
        is_read_only = _is_read_only(ctx, self.make_parser(ctx).parse_args([*ctx.meta.get(_WORDS, ())])[0])
        with formatter.section("Verbs"):
            offered = [(name, verb.help) for name, verb in self.verbs.items() if not (is_read_only and verb.is_act)]
            formatter.write_dl(offered)
        if is_read_only:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text("Read-only: the verbs that change something are left out.")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        words = tuple(args)
        ctx.meta[_WORDS] = words
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            # The verb is not known yet: a line that cannot be parsed and has the word in it asks for the status.
            if STATUS not in words:
                raise _cleaned(error) from error
            _cleaned(error).show()
            ctx.exit(ExitCode.STATUS_UNKNOWN)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            name, command, rest = super().resolve_command(ctx, args)
        except click.UsageError as error:
            from oncall_tui.config.expected import near

            meant = near(args[0], list(self.verbs))
            words = f'{error.message} Did you mean "{meant}"?' if meant else error.message
            raise click.UsageError(words, error.ctx) from error
        is_act = name is not None and self.verbs[name].is_act
        if command is not None and is_act and _HELP.intersection(rest) and _is_read_only(ctx, ctx.params):
            from oncall_tui.cli.refusing import told_in_its_help

            command = told_in_its_help(command)
        return name, command, rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; the only place that turns exceptions into the end of the process."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except (click.exceptions.Exit, click.Abort):
            raise
        except click.ClickException as error:
            if ctx.invoked_subcommand != STATUS:
                raise _cleaned(error) from error
            _cleaned(error).show()
            ctx.exit(ExitCode.STATUS_UNKNOWN)
        except KeyboardInterrupt:
            ctx.exit(ExitCode.INTERRUPTED)
        except BrokenPipeError:
            _stop_writing()
            ctx.exit(ExitCode.BROKEN_PIPE)
        except Exception as error:
            ctx.exit(_end(error, ctx.invoked_subcommand == STATUS))
        return result


def _is_read_only(ctx: click.Context, options: Mapping[str, Any]) -> bool:
    from oncall_tui.cli.refusing import is_read_only
    from oncall_tui.cli.session import Session

    return is_read_only(ctx.obj or Session(), options)


def _cleaned(error: click.ClickException) -> click.ClickException:
    """The same in plain text: arguments are quoted in what click says, and may have been pasted from anywhere."""
    words = clean(error.format_message())
    return click.UsageError(words, error.ctx) if isinstance(error, click.UsageError) else click.ClickException(words)


def _end(error: Exception, is_status: bool) -> ExitCode:
    """Tell what went wrong and give the code to end with; what is not the user's to mend keeps its traceback."""
    fault = fault_of(error)
    if fault is None:
        import traceback

        click.echo(clean("".join(traceback.format_exception(error)), _LONGEST_TRACEBACK).rstrip(), err=True)
    else:
        click.echo(fault.message, err=True)
    if is_status:
        return ExitCode.STATUS_UNKNOWN
    return ExitCode.FAILED if fault is None else fault.code


def _stop_writing() -> None:
    """Nothing more can be written: what is still buffered must not raise again when the interpreter ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  # open until the process ends
