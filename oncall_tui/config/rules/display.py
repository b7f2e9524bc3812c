"""Rules for ``[display]`` and ``[journal]``."""

from collections.abc import Iterator

from oncall_tui.config.expected import nearest
from oncall_tui.config.keys import Finding
from oncall_tui.config.rules.draft import Draft
from oncall_tui.domain.columns import BadColumn, read_column
from oncall_tui.domain.text import clean_line


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
    yield from _columns(display.columns)
    path = draft.config.journal.path
    if path is not None and path.is_dir():
        yield Finding(("journal", "path"), f"{path} is a folder", "write the path of a file")


def _columns(written: tuple[str, ...]) -> Iterator[Finding]:
    """Columns that there are none of, or twice; and a list without the titles, of which nobody could tell the rows."""
    seen: set[str] = set()
    for number, text in enumerate(written):
        key = ("display", "columns", number)
        try:
            name = read_column(text).name
        except BadColumn as error:
            yield Finding(key, f'"{clean_line(text, 40)}" is no column', str(error))
            continue
        if name in seen:
            yield Finding(key, f'"{name}" stands here twice', "leave it out")
        seen.add(name)
    if written and "title" not in seen:
        yield Finding(("display", "columns"), "does not show the title", 'add "title": it tells one alert from another')
