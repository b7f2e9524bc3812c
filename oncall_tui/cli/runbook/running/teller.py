"""What a run says: lines for people, or one JSON object a line for programs."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.shapes_run import RunbookEventObject
from oncall_tui.domain.text import clean

if TYPE_CHECKING:
    from oncall_tui.runbook.execution import Chunk


class Teller:
    """Tells.

    Args:
        as_json: objects go to stdout, and lines for people to stderr, where somebody sits there.
    """

    def __init__(self, as_json: bool, is_terminal: bool, clock: Callable[[], datetime]) -> None:
        self._as_json = as_json
        self._is_terminal = is_terminal
        self._clock = clock
        self._is_open = False

    def say(self, line: str = "") -> None:
        """A line for people; what is foreign in it was cleaned, or is cleaned here."""
        self._close_line()
        if not self._as_json or self._is_terminal:
            click.echo(clean(line, 100_000), err=self._as_json)

    def output(self, step: str, chunk: "Chunk") -> None:
        """A piece of the output of a step, as it comes."""
        self.event("output", step, text=chunk.text)
        if not self._as_json or self._is_terminal:
            click.echo(chunk.text, nl=False, err=self._as_json)
            self._is_open = not chunk.text.endswith("\n") if chunk.text else self._is_open

    def event(
        self,
        event: str,
        step: str | None = None,
        *,
        state: str | None = None,
        text: str = "",
        exit_code: int | None = None,
        value: float | None = None,
    ) -> None:
        """Something that happened, for programs."""
        if self._as_json:
            told: RunbookEventObject = {
                "event": event,
                "at": self._clock().isoformat(),
                "step": step,
                "state": state,
                "text": text,
                "exit": exit_code,
                "value": value,
            }
            self.object(dict(told))

    def object(self, data: Mapping[str, object]) -> None:
        """One object, for programs: on one line of pure ASCII."""
        if self._as_json:
            click.echo(json.dumps(data, allow_nan=False))

    def _close_line(self) -> None:
        if self._is_open:
            click.echo("", err=self._as_json)
            self._is_open = False
