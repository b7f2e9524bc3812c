"""The picture of the README: the app on the demo's servers, once the incident is on the screen.

python -m bench.picture docs/overview.svg
"""

import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from oncall_tui.cli.demo import write_config
from oncall_tui.config.load import load
from oncall_tui.domain.severity import Severity
from oncall_tui.ui.app import OncallApp
from oncall_tui.ui.start import build_app

SIZE = (132, 38)
_LIMIT_S = 90


async def picture(app: OncallApp) -> str:
    """An SVG of the overview as soon as the page of the incident, its suspect and the slower latency are there."""
    async with app.run_test(size=SIZE, notifications=True, tooltips=True) as pilot, asyncio.timeout(_LIMIT_S):
        while not _shows_the_incident(app):
            await pilot.pause(0.5)
        await pilot.pause(35)
        await pilot.press("g")
        await pilot.pause(1)
        return app.export_screenshot(title="oncall-tui")


def _shows_the_incident(app: OncallApp) -> bool:
    return any(one.severity is Severity.P1 and one.suspects for one in app.situation.alerts)


def main(target: Path) -> None:
    """Start the demo's servers, take the picture, write it to ``target``."""
    command = [sys.executable, "-m", "oncall_tui.simulator", "--exit-with-parent"]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as world,
        tempfile.TemporaryDirectory() as folder,
    ):
        try:
            assert world.stdout is not None
            config = write_config(Path(folder), json.loads(world.stdout.readline()))
            target.write_text(asyncio.run(picture(build_app(load(config), {}))), encoding="utf-8")
        finally:
            world.terminate()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
