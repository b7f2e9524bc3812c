"""Started in a terminal of its own by ``test_terminal_bytes``: a quiet screen, on which ``R`` brings three new alerts.

Its first argument is ``notify.protocol``; with ``broken`` behind it, ``R`` breaks the screen instead.
"""

import os
import sys
from dataclasses import replace
from typing import Literal, cast

from oncall_tui.config.model import NotifySettings
from oncall_tui.domain.alert import Alert
from oncall_tui.domain.ids import SourceName
from oncall_tui.domain.severity import Severity
from oncall_tui.domain.situation import Situation
from oncall_tui.terminal.here import this_terminal
from oncall_tui.ui.terminal_end import run_to_the_end
from tests.ui.desk import FakeMonitor, FakeRooms, build, config_of, situation_of
from tests.unit.builders import PAGERDUTY, alert, freshness, record

Setting = Literal["auto", "osc9", "osc777", "off"]

QUIET_TITLE = "quiet trouble"
LOUD_TITLE = "p95 above 500 ms; 9;4;1;50"
ADDRESS = "https://pd.example/incidents/Q1?a=b;c&d=é"


def _alert(number: int, title: str, severity: Severity) -> Alert:
    told = record(
        PAGERDUTY, f"Q{number}", title=title, severity=severity, service="checkout", labels={"token": "s3cret"}
    )
    return alert(replace(told, url=ADDRESS))


QUIET = _alert(1, QUIET_TITLE, Severity.P3)
LOUD = [_alert(number, LOUD_TITLE, Severity.P1) for number in (2, 3, 4)]


def _picture(generation: int, *alerts: Alert) -> Situation:
    return situation_of(*alerts, generation=generation, sources=[freshness(PAGERDUTY)])


class Monitor(FakeMonitor):
    """Publishes the quiet picture as soon as it runs, and the loud one when it is asked to look."""

    async def run(self) -> None:
        self.publish(_picture(1, QUIET))
        await super().run()

    def refresh(self, source: SourceName | None = None) -> bool:
        if "broken" in sys.argv:
            raise LookupError("broken on purpose")
        self.publish(_picture(2, *LOUD, QUIET))
        return super().refresh(source)


if __name__ == "__main__":
    settings = NotifySettings(protocol=cast(Setting, sys.argv[1]))
    rooms = FakeRooms()
    rooms.monitor = Monitor()
    app = build(config_of(notify=settings), rooms, terminal=this_terminal(os.environ))
    sys.exit(run_to_the_end(app))
