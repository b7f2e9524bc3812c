"""What ``oncall-tui action`` says of how it ended: for one alert its output, for several a result for each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from oncall_tui.cli.action_runs import Item
from oncall_tui.cli.output import GAP, complain, print_json, print_lines
from oncall_tui.cli.shapes_actions import ActionAnswer, ActionResultsAnswer
from oncall_tui.domain.text import clean, clean_line

if TYPE_CHECKING:
    from oncall_tui.runbook.actions.definition import Action
    from oncall_tui.runbook.execution import Chunk

_LONGEST = 1_000_000


@dataclass
class Told:
    """Tells.

    Args:
        is_alone: one alert was named: its output stands alone, and what is wrong goes to stderr.
    """

    is_alone: bool
    as_json: bool
    _is_open: bool = field(default=False, init=False)
    """What was printed last has no end of its line."""

    def hear(self, chunk: "Chunk") -> None:
        """A piece of its output, as it comes."""
        if not self.as_json:
            click.echo(chunk.text, nl=False, err=chunk.stream.value == "stderr")
            self._is_open = not chunk.text.endswith("\n") if chunk.text else self._is_open

    def before(self, item: Item) -> None:
        """Its output follows."""
        if not self.is_alone and not self.as_json:
            print_lines([f"── {GAP.join(filter(None, (item.name, clean_line(item.title, 200))))}"])

    def after(self, item: Item) -> None:
        """How it ended, or why it was not started."""
        if item.ended is not None and item.ended.unwritten:
            complain(f"The journal does not hold the end of {item.name}: {item.ended.unwritten}")
        if self.as_json:
            if item.ended is None and self.is_alone:
                complain(f"Nothing was started: {item.reason}")
        elif not self.is_alone:
            if self._is_open:
                click.echo()
                self._is_open = False
            click.echo(self._line(item))
        elif item.ended is None:
            complain(f"Nothing was started: {item.reason}")
        elif not item.is_done:
            complain(f"{item.ended.judged.state.value}: {item.ended.judged.reason or item.ended.executed.reason}")

    def end(self, wanted: "Action", items: Sequence[Item]) -> None:
        """After the last one."""
        if self.as_json:
            answers = [answer_of(wanted, one) for one in items]
            print_json(dict(answers[0]) if self.is_alone else dict(ActionResultsAnswer(results=answers)))

    def _line(self, item: Item) -> str:
        state = item.ended.judged.state.value if item.ended is not None else "not started"
        reason = _reason(item)
        parts = (f"{item.name}: {state}", clean_line(item.title, 200), reason and f"({clean_line(reason, 1_000)})")
        return GAP.join(part for part in parts if part)


def answer_of(wanted: "Action", item: Item) -> ActionAnswer:
    """How it ended on one alert, or that it was not started there."""
    executed = item.ended.executed if item.ended is not None else None
    run = item.run if item.is_started else None
    return ActionAnswer(
        action=wanted.settings.name,
        alert=item.name,
        title=item.title,
        run=run.run_id if run is not None else None,
        danger=run.plan.danger.word if run is not None else wanted.danger.word,
        state=item.ended.judged.state.value if item.ended is not None else "not started",
        reason=clean_line(_reason(item), 1_000),
        exit=executed.exit if executed is not None else None,
        took_s=round(executed.took_s, 3) if executed is not None else 0.0,
        stdout=clean(executed.stdout, _LONGEST) if executed is not None else "",
        stderr=clean(executed.stderr, _LONGEST) if executed is not None else "",
        truncated=executed.is_truncated if executed is not None else False,
    )


def _reason(item: Item) -> str:
    if item.ended is None:
        return item.reason
    return item.ended.judged.reason or item.ended.executed.reason
