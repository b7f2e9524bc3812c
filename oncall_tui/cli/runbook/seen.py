"""What is known of a step before it is run: its commands with their values, and the names that have none yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from oncall_tui.runbook.binding.templates import Unbound
from oncall_tui.runbook.model import Runbook, Step
from oncall_tui.runbook.run.known import Known, text_of
from oncall_tui.runbook.run.record import Given, Record
from oncall_tui.runbook.run.rendering import rendered
from oncall_tui.runbook.values.resolve import Value


@dataclass(frozen=True, slots=True)
class Seen:
    """A step as it would run with what is known."""

    commands: tuple[str, ...]
    """PromQL and HTTP with their values once all are there, else as the file has them; shell and SQL hold none."""
    unresolved: tuple[str, ...]
    """Parameters without a value, a ``let`` that cannot be computed yet, captures of steps that were not run."""
    problem: str = ""
    """Why its values cannot stand where it names them."""


Looked = Callable[[Step], Seen]
"""Tells it of a step."""


def looking(book: Runbook, values: Mapping[str, Value], config: Mapping[str, str], now: datetime) -> Looked:
    """Tells of each step of a runbook what is known.

    Args:
        values: of its parameters.
        config: values of the configuration, by dotted name.
    """
    given = {name: Given(one.text, one.origin) for name, one in values.items() if one.text is not None}
    known = Known(book, Record("", params=given), now)
    names = known.names()

    def value_of(name: str) -> str | None:
        if (parameter := book.params.get(name)) is None:
            return text_of(names.get(name))
        text = values[name].text if name in values else None
        return text if text is not None or parameter.is_required else ""

    def look(step: Step) -> Seen:
        texts = tuple(one.text for one in step.commands)
        bound = {name: value_of(stands_for) for name, stands_for in step.uses.items()}
        lacking = [stands_for for name, stands_for in step.uses.items() if bound[name] is None]
        unresolved = tuple(dict.fromkeys((*step.unresolved, *lacking)))
        kind = step.kind.executable
        is_secret = any(book.params[one].is_secret for one in step.uses.values() if one in book.params)
        if kind is None or unresolved or is_secret:
            return Seen(texts, unresolved)
        there = {name: text for name, text in bound.items() if text is not None}
        try:
            return Seen(tuple(rendered(known, step, kind, text, there, config.get) for text in texts), ())
        except Unbound as error:
            return Seen(texts, (), str(error))

    return look
