"""``oncall-tui runbook show``."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.listing import as_json_option
from oncall_tui.cli.output import print_json, print_lines
from oncall_tui.cli.runbook.files import book_at, file_of, why_no_steps
from oncall_tui.cli.runbook.library import Pair, annotation_option, known_of, label_option, settings
from oncall_tui.cli.session import Session
from oncall_tui.domain.text import clean, clean_line

if TYPE_CHECKING:
    from oncall_tui.cli.runbook.seen import Looked, Seen
    from oncall_tui.cli.runbook.where import Places
    from oncall_tui.runbook.model import Runbook, Step
    from oncall_tui.runbook.values.resolve import Value

_LONGEST = 10_000
"""Characters of a command that are shown."""


@click.command()
@click.argument("file")
@click.option("--param", "typed", type=Pair(), multiple=True, help="A value for a parameter; repeatable.")
@label_option
@annotation_option
@as_json_option
@click.pass_obj
def show(
    session: Session,
    file: str,
    typed: Sequence[tuple[str, str]],
    labels: Sequence[tuple[str, str]],
    annotations: Sequence[tuple[str, str]],
    as_json: bool,
) -> None:
    """Show what a runbook would do: its parameters, its steps, where they run, what keeps them from running.

    FILE is a path, or the id of a runbook that `oncall-tui runbook list` names.
    """
    from oncall_tui.cli.runbook.objects import show_answer
    from oncall_tui.cli.runbook.seen import looking
    from oncall_tui.runbook.values.resolve import given, resolve

    path = file_of(session, file)
    book = book_at(session, path)
    unknown = [name for name, _ in typed if name not in book.params]
    if unknown:
        raise click.UsageError(f'"{unknown[0]}" is no parameter of it. Known: {", ".join(book.params) or "none"}.')
    known = known_of(session, dict(labels), dict(annotations), dict(typed))
    values = resolve(book.params, known)
    book = given(book, values)
    look = looking(book, values, known.config, session.clock())
    if as_json:
        print_json(dict(show_answer(book, values, look)))
    else:
        from oncall_tui.cli.runbook.where import Places

        print_lines(list(_lines(book, values, Places(settings(session), path.absolute(), values), look)))


def _lines(book: "Runbook", values: "Mapping[str, Value]", places: "Places", look: "Looked") -> Iterator[str]:
    yield f"{book.title}  ({book.mode.value}, {clean_line(str(book.path))})"
    if places.environment:
        yield f"environment: {places.environment}"
    for error in book.errors:
        yield f"  {error}"
    if why := why_no_steps(book):
        yield f"  {why}"
    if values:
        yield ""
        yield from (_value(name, value) for name, value in values.items())
    place = -1
    for step in book.steps:
        if step.section != place:
            place = step.section
            section = book.section_of(step)
            yield ""
            yield f"{section.heading or book.title}{f'  (when {section.when})' if section.when else ''}"
        yield from _step(step, places.of(step), look(step))


def _value(name: str, value: "Value") -> str:
    if value.text is not None:
        return f"  {name} = {value.shown}  ({value.origin})"
    return f"  {name}: {value.problem or 'asked for'}"


def _step(step: "Step", where: str, seen: "Seen") -> Iterator[str]:
    yield f"  {step.id}  {step.kind.value}{f'  {_danger(step)}' if step.commands else ''}  line {step.line}"
    if step.danger_reason:
        yield f"    the author says less than the classifier: {clean_line(step.danger_reason, 300)}"
    for text in seen.commands or [step.body]:
        yield from (f"      {line}" for line in clean(text, _LONGEST).rstrip("\n").split("\n"))
    if where:
        yield f"    runs {where}"
    for reason in step.blocked:
        yield f"    cannot run: {clean_line(reason)}"
    if seen.problem:
        yield f"    cannot run with these values: {clean_line(seen.problem)}"
    if seen.unresolved:
        yield f"    waits for: {', '.join(seen.unresolved)}"


def _danger(step: "Step") -> str:
    """What holds, and who says what: the author, where they do, and the classifier."""
    author = f"author {step.author.word}, " if step.author is not None else ""
    return f"{step.danger.word} ({author}classifier {step.judged.word})"
