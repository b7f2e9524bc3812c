"""Any markdown as a runbook: it always opens, every fence is kept, and what cannot run safely says why."""

from bisect import bisect_right
from pathlib import Path
from types import MappingProxyType

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.finding import in_order
from oncall_tui.runbook.importing.steps import Importer
from oncall_tui.runbook.model import Mode, Runbook
from oncall_tui.runbook.reading.blocks import blocks_of
from oncall_tui.runbook.reading.front import Front
from oncall_tui.runbook.reading.judge import Judge
from oncall_tui.runbook.reading.keys import Notes
from oncall_tui.runbook.reading.outline import sections_of, starts_of
from oncall_tui.runbook.reading.text import Text


def imported(text: Text, front: Front, title: str, path: Path, sha256: str, judge: Judge, notes: Notes) -> Runbook:
    """Read a file that says nothing of this tool."""
    blocks = blocks_of(text.lines, front.end)
    sections = sections_of(blocks, len(text.lines))
    starts = starts_of(sections)
    importer = Importer(judge, notes)
    for block in blocks:
        importer.take(block, bisect_right(starts, block.line))
    return Runbook(
        path=path,
        mode=Mode.IMPORTED,
        id=clean_line(path.stem),
        title=clean_line(title or next((one.heading for one in sections if one.heading), "") or path.stem),
        sections=sections,
        steps=tuple(importer.steps),
        source=text.whole,
        sha256=sha256,
        params=MappingProxyType(importer.parameters),
        findings=in_order(notes.findings),
    )
