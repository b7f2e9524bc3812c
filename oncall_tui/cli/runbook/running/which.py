"""Which alert is meant by a name that several may have: by their labels, by whoever sits there, else none."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.cli.runbook.running.console import Console
from oncall_tui.cli.runbook.running.teller import Teller
from oncall_tui.domain.alert import Alert, labels_at_vendor
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.catalogue.find import subject_of

if TYPE_CHECKING:
    from oncall_tui.domain.situation import Situation

_MOST = 20
"""So many alerts are listed."""
_MOST_LABELS = 4


async def alert_of(
    situation: "Situation", words: str, labels: Mapping[str, str], teller: Teller, console: Console | None
) -> Alert:
    """The alert of this id, or of this name.

    Args:
        labels: where several have the name, those with these labels are meant; one that none of them carries says
            nothing.
        console: asked when several are left.

    Raises:
        click.UsageError: none is meant, or several and nobody says which; it lists them.
        SourcesSilent: none is known, and a source did not answer.
    """
    if (found := situation.alert(words)) is not None:
        return found
    named = [one for one in situation.alerts if words in _names(one)]
    if not named:
        raise _nothing(situation, words)
    if len(named) == 1:
        return named[0]
    fitting = _with_labels(named, labels)
    if not fitting:
        wanted = " ".join(f"{name}={value}" for name, value in labels.items())
        raise click.UsageError(
            f"{len(named)} alerts are called {clean_line(words)!r}, none with {clean_line(wanted, 200)}:\n"
            + "\n".join(_listed(named))
        )
    if len(fitting) == 1:
        return fitting[0]
    return await _asked(words, fitting, teller, console)


async def _asked(words: str, alerts: Sequence[Alert], teller: Teller, console: Console | None) -> Alert:
    told = f"{len(alerts)} alerts are called {clean_line(words)!r}"
    if console is None:
        raise click.UsageError(
            f"{told}, and nobody sits at a terminal to choose. Name one by its id, or with --label NAME=VALUE:\n"
            + "\n".join(_listed(alerts))
        )
    teller.say(f"{told}:")
    for number, line in enumerate(_listed(alerts), start=1):
        teller.say(f"{number:4}{line}" if number <= _MOST else f"    {line}")
    while line := (await console.ask("Which one? Its number, or Enter to begin nothing: ") or "").strip():
        if line.isascii() and line.isdecimal() and 0 < int(line) <= min(len(alerts), _MOST):
            return alerts[int(line) - 1]
        teller.say(f"   That is no number from 1 to {min(len(alerts), _MOST)}.")
    raise click.UsageError("No alert was chosen: nothing was begun.")


def _names(alert: Alert) -> tuple[str, ...]:
    return (subject_of(alert).alertname, alert.title, *(one.id for one in alert.records))


def _labels(alert: Alert) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for record in reversed(alert.records):
        found.update(labels_at_vendor(record))
    return found


def _with_labels(alerts: Sequence[Alert], labels: Mapping[str, str]) -> list[Alert]:
    known = {name for one in alerts for record in one.records for name in labels_at_vendor(record)}
    wanted = [(name, value) for name, value in labels.items() if name in known]
    return [
        one
        for one in alerts
        if all(any(labels_at_vendor(record).get(name) == value for record in one.records) for name, value in wanted)
    ]


def _listed(alerts: Sequence[Alert]) -> list[str]:
    """A line for each, with the labels that tell it from the others."""
    carried = [_labels(one) for one in alerts]
    names = dict.fromkeys(name for one in carried for name in one)
    telling = [name for name in names if len({one.get(name) for one in carried}) > 1][:_MOST_LABELS]
    lines = []
    for alert, labels in zip(alerts[:_MOST], carried, strict=False):
        parts = (alert.id, alert.title, alert.service, *(f"{one}={labels[one]}" for one in telling if one in labels))
        lines.append("  " + "  ".join(clean_line(part, 100) for part in parts if part))
    return [*lines, f"  and {len(alerts) - _MOST} more"] if len(alerts) > _MOST else lines


class SourcesSilent(click.ClickException):
    """A source that may know the alert does not answer."""

    exit_code = ExitCode.SOURCE_FAILED


def _nothing(situation: "Situation", words: str) -> click.ClickException:
    """That none is called so; a source that is silent may know it."""
    if not situation.freshness:
        return click.UsageError(
            f"No source is watched, so that no alert {clean_line(words)!r} is known: `oncall-tui config init` sets one "
            "up. Without, give what the alert says with --label NAME=VALUE instead of --alert."
        )
    silent = [one for one in situation.freshness if one.failure is not None]
    if silent:
        why = " ".join(f"{one.source} did not answer: {one.failure.message}" for one in silent if one.failure)
        return SourcesSilent(
            f"No alert that is known now is called {clean_line(words)!r}, and it may be active: {clean_line(why, 600)} "
            "Try again, or give its labels with --label NAME=VALUE instead of --alert."
        )
    return click.UsageError(f"No alert is called {clean_line(words)!r} now: `oncall-tui alerts` lists them.")
