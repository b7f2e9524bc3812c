"""Will the program be found that is told of alerts? It is looked for, and never started."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from oncall_tui.config.model import NotifySettings
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.base import CheckState, Finding, Topic


def notification_findings(notify: NotifySettings, environ: Mapping[str, str]) -> list[Finding]:
    """What is to be said about ``[notify.command]``; nothing without one."""
    if notify.command is None or not notify.command.run:
        return []
    name = notify.command.run[0]
    shown = clean_line(name, 200)
    if _is_there(name, environ):
        return [Finding(CheckState.OK, f"notify.command: {shown} is there.", topic=Topic.SETTINGS)]
    where = "cannot be run" if "/" in name else "is not in PATH"
    what = f"notify.command.run: {shown} {where}: no alert is told by it."
    advice = "Install it, write its full path, or `chmod +x` it. The bell and the desktop are told all the same."
    return [Finding(CheckState.FAILED, what, advice, Topic.SETTINGS)]


def _is_there(name: str, environ: Mapping[str, str]) -> bool:
    try:
        return shutil.which(Path(name).expanduser(), path=environ.get("PATH", "")) is not None
    except RuntimeError:
        # ~somebody, whom this machine does not know.
        return False
