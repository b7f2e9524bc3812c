"""The pictures of the documents: the app on the demo's servers, once the incident is on the screen.

python -m bench.picture docs/overview.svg     the one of the README
python -m bench.picture --themes docs/themes  one of every shipped theme, into a folder
python -m bench.picture --runbook docs/runbook  the runbook of the incident from opening to recovery, into a folder
"""

import asyncio
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from oncall_tui.cli.demo import write_config
from oncall_tui.config.load import load
from oncall_tui.config.paths import shipped
from oncall_tui.domain.alert import Status
from oncall_tui.domain.severity import Severity
from oncall_tui.ui.app import OncallApp
from oncall_tui.ui.start import build_app

SIZE, SMALL = (132, 38), (92, 26)
_LIMIT_S = 90
_FONTS = re.compile(r"\s*@font-face \{.*?\}\n", re.DOTALL)
_FOLDER, _SHOWN = re.compile(r"/tmp/tmp\w{8}/stage/site"), "/home/oncall/demo/site/work"
"""The temporary folder of the demo, and what stands in its place: as many cells, so that the drawing stays in line."""
_TRUE_COLOUR = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


async def picture(app: OncallApp) -> Mapping[str, str]:
    """An SVG of the overview as soon as the page of the incident, its suspect and the slower latency are there."""
    async with app.run_test(size=SIZE, notifications=True, tooltips=True) as pilot, asyncio.timeout(_LIMIT_S):
        while not _shows_the_incident(app):
            await pilot.pause(0.5)
        await pilot.pause(35)
        await pilot.press("g")
        await pilot.pause(1)
        return {"": app.export_screenshot(title="oncall-tui")}


async def of_themes(app: OncallApp) -> Mapping[str, str]:
    """A small SVG in every shipped theme, by its name; the fonts are left to who looks at it."""
    pictures = {}
    async with app.run_test(size=SMALL, notifications=False) as pilot, asyncio.timeout(_LIMIT_S):
        while not _shows_the_incident(app) or any(one.status is Status.PENDING for one in app.situation.alerts):
            await pilot.pause(0.5)
        await pilot.press("g")
        for file in sorted(shipped("themes").glob("*.toml")):
            app.theme = file.stem
            await pilot.pause(0.5)
            pictures[file.stem] = _FONTS.sub("", app.export_screenshot(title=file.stem))
    return pictures


async def of_runbook(app: OncallApp) -> Mapping[str, str]:
    """The runbook of the latency alert: opened, a release picked, the question, its output, the metric recovering."""
    from bench.runbook_pictures import pictures

    async with app.run_test(size=SIZE, notifications=False) as pilot, asyncio.timeout(4 * _LIMIT_S):
        while not _shows_the_incident(app):
            await pilot.pause(0.5)
        taken = await pictures(app, pilot)
        return {name: _FOLDER.sub(_SHOWN, _FONTS.sub("", text)) for name, text in taken.items()}


def _shows_the_incident(app: OncallApp) -> bool:
    return any(one.severity is Severity.P1 and one.suspects for one in app.situation.alerts)


def main(target: Path, what: str) -> None:
    """Start the demo's servers, take the picture or pictures, write them to ``target``."""
    command = [sys.executable, "-m", "oncall_tui.simulator", "--exit-with-parent"]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as world,
        tempfile.TemporaryDirectory() as folder,
    ):
        try:
            assert world.stdout is not None
            config = write_config(Path(folder), json.loads(world.stdout.readline()))
            app = build_app(load(config), {"XDG_CONFIG_HOME": folder, "XDG_STATE_HOME": folder, **_TRUE_COLOUR})
            pictures = asyncio.run({"--themes": of_themes, "--runbook": of_runbook}.get(what, picture)(app))
        finally:
            world.terminate()
    if what:
        target.mkdir(exist_ok=True)
    for name, text in pictures.items():
        (target / f"{name}.svg" if name else target).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[-1]), sys.argv[1] if len(sys.argv) > 2 else "")
