"""The rules that go by what steps do and say together: what reading one key alone cannot see."""

from collections.abc import Mapping

from oncall_tui.runbook.lint.conditions import conditions
from oncall_tui.runbook.lint.dangers import dangers
from oncall_tui.runbook.lint.hosts import hosts
from oncall_tui.runbook.lint.links import links
from oncall_tui.runbook.lint.queries import queries
from oncall_tui.runbook.lint.scripts import scripts
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.reading.judge import Judge
from oncall_tui.runbook.reading.keys import Notes
from oncall_tui.runbook.reading.nodes import Place


def lint(runbook: Runbook, let_places: Mapping[str, Place], judge: Judge, notes: Notes) -> None:
    """Tell everything that the rules find in a native runbook that was read without an error."""
    conditions(runbook, let_places, notes)
    links(runbook, let_places, notes)
    dangers(runbook, judge, notes)
    scripts(runbook, notes)
    queries(runbook, notes)
    hosts(runbook, notes)
