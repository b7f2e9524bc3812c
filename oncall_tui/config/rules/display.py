"""Rules for ``[display]`` and ``[journal]``."""

from collections.abc import Iterator

from oncall_tui.config.expected import nearest
from oncall_tui.config.keys import Finding
from oncall_tui.config.rules.draft import Draft


def display_findings(draft: Draft) -> Iterator[Finding]:
    """An environment or a source that is not declared, a chart without lines, a journal that cannot be a file."""
    display = draft.config.display
    environments = draft.declared("environments")
    if display.environment and display.environment not in environments:
        advice = nearest(display.environment, environments) or f"add a table [environments.{display.environment}]"
        yield Finding(("display", "environment"), f'unknown environment "{display.environment}"', advice)
    if display.chart is not None:
        yield from draft.source_findings(display.chart.source, ("display", "chart", "source"))
        if not display.chart.lines:
            yield Finding(("display", "chart", "lines"), "has no line to draw", "add [[display.chart.lines]]")
    path = draft.config.journal.path
    if path is not None and path.is_dir():
        yield Finding(("journal", "path"), f"{path} is a folder", "write the path of a file")
