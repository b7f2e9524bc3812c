"""What every listing does: look once, print the list, and tell on stderr which source is missing from it."""

from collections.abc import Callable, Mapping, Sequence

import click

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.output import complain, print_json, print_lines
from oncall_tui.cli.session import Session
from oncall_tui.domain.situation import Freshness, Situation, SourceState

JSON_HELP = "Print one JSON object; docs/json.md describes it."

as_json_option = click.option("--json", "as_json", is_flag=True, help=JSON_HELP)


def show(
    session: Session,
    as_json: bool,
    data: Callable[[Situation], Mapping[str, object]],
    lines: Callable[[Situation], Sequence[str]],
) -> None:
    """Print the situation as JSON or as lines, and end with the code for it."""
    situation = session.look()
    if as_json:
        print_json(data(situation))
    else:
        print_lines(lines(situation))
    click.get_current_context().exit(tell_failures(situation))


def tell_failures(situation: Situation) -> ExitCode:
    """Name on stderr what failed and what was said with a warning; the exit code of a listing."""
    code = ExitCode.FINE
    for one in situation.freshness:
        for warning in one.warnings:
            complain(f"{one.source}: {warning}")
        if one.state is SourceState.FAILED:
            code = ExitCode.SOURCE_FAILED
            failure = one.failure
            why = f"{failure.kind}: {_without_name(failure.message, one)} {failure.hint}" if failure else "no answer"
            complain(f"{one.source} is missing here: {why}")
    return code


def _without_name(message: str, source: Freshness) -> str:
    """What a source says of its failure; its name, which it begins with, stands before already."""
    return message.removeprefix(f"{source.source}: ")


def nothing(situation: Situation, words: str) -> str:
    """What an empty list says. A source that failed may have had something: that is never told as nothing."""
    failed = [one.source for one in situation.freshness if one.state is SourceState.FAILED]
    if not failed:
        return f"{words}."
    if len(failed) == len(situation.freshness):
        return "Nothing is known: no source answered."
    return f"{words} at the sources that answered; nothing is known of {', '.join(failed)}."
