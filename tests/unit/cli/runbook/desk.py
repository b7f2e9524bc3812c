"""``oncall-tui runbook`` in folders of a test: nothing of this machine is read or written."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from click.testing import Result

from tests.unit.cli.fakes import FakeRooms
from tests.unit.cli.fakes import run as run_group


class Desk:
    """A configuration with one folder of runbooks."""

    def __init__(self, folder: Path) -> None:
        self.team = folder / "team"
        self.team.mkdir()
        self.folder = folder
        self.config = folder / "oncall.toml"
        self.write_config(f'[runbooks]\npaths = ["{self.team}"]\nshipped = false\n')
        self.environ = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CONFIG", "CACHE", "STATE")}

    def write_config(self, text: str) -> None:
        self.config.write_text(f'[sources.prom]\nkind = "prometheus"\nurl = "http://localhost:9090"\n{text}')

    def put(self, name: str, text: str) -> Path:
        path = self.team / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def run(self, *arguments: str, environ: Mapping[str, str] | None = None, has_config: bool = True) -> Result:
        rooms = FakeRooms()
        options = ("--config", str(self.config)) if has_config else ()
        result = run_group(rooms, "runbook", *arguments, environ={**self.environ, **(environ or {})}, options=options)
        assert rooms.configs == [], "no source is asked"
        return result

    def data(self, *arguments: str) -> dict[str, Any]:
        """The JSON of a verb that does not fail."""
        result = self.run(*arguments, "--json")
        assert result.exit_code == 0, result.output
        found = json.loads(result.stdout)
        assert isinstance(found, dict)
        return found
