"""What the doctor asks an Alertmanager: does it answer, is it new enough, does the filter name a receiver."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from oncall_tui.config.model import AlertmanagerSettings
from oncall_tui.domain.counts import counted
from oncall_tui.domain.text import clean_line
from oncall_tui.sources.base import CheckState, Finding, Topic
from oncall_tui.sources.checkup import all_asked, named, version_finding
from oncall_tui.sources.http import HttpCaller

OLDEST = (0, 22)
"""The first version that takes matchers as ``filters`` writes them; older ones lack nothing else that is read."""


async def findings(
    caller: HttpCaller, settings: AlertmanagerSettings, count_alerts: Callable[[], Awaitable[int]]
) -> list[Finding]:
    """One finding per question. Never raises for what the server does.

    ``count_alerts`` reads what a poll would read: it asks for the credential and for the filters at once.
    """

    async def alerts() -> list[Finding]:
        number = await count_alerts()
        accepted = "Answers" if settings.token is None else "Answers and accepts the credential"
        return [Finding(CheckState.OK, f"{accepted}; {counted(number, 'alert')}.", topic=Topic.CREDENTIAL)]

    more = [lambda: _status(caller)]
    if settings.receiver:
        more.append(lambda: _receiver(caller, settings.receiver or ""))
    return await all_asked(alerts, *more, vendor="an Alertmanager")


async def _status(caller: HttpCaller) -> list[Finding]:
    """Version and state of the cluster."""
    status: Any = await caller.get_json("/api/v2/status")
    found = [version_finding(str(status["versionInfo"]["version"]), OLDEST, "Alertmanager")]
    cluster = clean_line(str(status["cluster"]["status"]), 60)
    if cluster not in ("ready", "disabled"):
        what = f"Its cluster is {cluster}."
        found.append(Finding(CheckState.WARNING, what, "Silences may be missing on a peer.", Topic.CLUSTER))
    return found


async def _receiver(caller: HttpCaller, pattern: str) -> list[Finding]:
    """Whether ``receiver`` matches any: one that matches none hides every alert without a word.

    Alertmanager anchors the expression at both ends. It reads RE2: what Python cannot read is not judged.
    """
    answer: Any = await caller.get_json("/api/v2/receivers")
    names = [clean_line(str(one["name"])) for one in answer]
    try:
        expression = re.compile(pattern)
    except re.error:
        return []
    if any(expression.fullmatch(name) for name in names):
        return []
    what = f'`receiver = "{clean_line(pattern, 80)}"` matches no receiver: no alert is ever shown.'
    return [Finding(CheckState.FAILED, what, f"Its receivers are {named(names)}.", Topic.FILTERS)]
