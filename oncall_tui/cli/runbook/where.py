"""Where each step of a runbook would run: this machine, another one, a database, a server; and who says so."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.model import Step, StepKind
from oncall_tui.runbook.values.known import flat
from oncall_tui.runbook.values.resolve import Value

if TYPE_CHECKING:
    from oncall_tui.config.model import Config

_CONFIG = "config."
_NAMED_URL = re.compile(r"^\s*[A-Z]+ +\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")
_URL = re.compile(r"^\s*[A-Z]+ +(https?://[^/\s]+)")


@dataclass(frozen=True, slots=True)
class Places:
    """Where steps can run, by the configuration.

    Args:
        file: of the runbook, absolute.
    """

    config: "Config"
    file: Path
    values: Mapping[str, Value]

    @property
    def environment(self) -> str:
        """What the configuration calls the environment of this screen; empty when it has no name."""
        name = clean_line(self.config.display.environment)
        return f"{name} (production)" if name and self.config.is_production else name

    def of(self, step: Step) -> str:
        """In words; empty for what a person does."""
        kinds: Mapping[StepKind, Callable[[Step], str]] = {
            StepKind.SHELL: self._shell,
            StepKind.SQL: self._sql,
            StepKind.PROMQL: self._promql,
            StepKind.HTTP: self._http,
        }
        teller = kinds.get(step.kind)
        return teller(step) if teller is not None and step.commands else ""

    def _shell(self, step: Step) -> str:
        folder = step.options.cwd
        if step.options.ssh:
            return f"over ssh on {self._ssh(step.options.ssh)}, in {clean_line(folder) or 'the home over there'}"
        root = self.config.runbooks.directory or self.file.parent
        how = ", on your terminal" if step.options.has_terminal else ""
        return f"on this machine, in {clean_line(str(root / folder), 300)}{how}"

    def _ssh(self, place: str) -> str:
        if not place.startswith(_CONFIG):
            return self._given(place)
        host = flat(self.config.runbooks.values).get(place.removeprefix(_CONFIG))
        if host is None:
            return f"{place}, which the configuration does not have under [runbooks.values]"
        return f"{clean_line(host)} ({place})"

    def _sql(self, step: Step) -> str:
        name = clean_line(step.options.db)
        if not name:
            return "on no database yet: the step names none (`db=`)"
        found = self.config.runbooks.databases.get(step.options.db)
        if found is None:
            return f"on the database {name}, which the configuration does not have under [runbooks.databases]"
        where = f"{found.user}@{found.host}:{found.port}/{found.database}"
        return f"on the database {name} ({clean_line(where, 300)})"

    def _promql(self, step: Step) -> str:
        from oncall_tui.config.source_tables import PrometheusSettings

        able = [name for name, one in self.config.sources.items() if isinstance(one, PrometheusSettings)]
        name = self.config.runbooks.metrics or next(iter(able), "")
        if not name:
            return "on no Prometheus: the configuration has none"
        source = self.config.sources.get(name)
        return f"on {clean_line(name)}" + (f" ({clean_line(source.url, 300)})" if source is not None else "")

    def _http(self, step: Step) -> str:
        text = step.commands[0].text
        if named := _NAMED_URL.match(text):
            return f"on {self._given(named[1])}"
        written = _URL.match(text)
        return f"on {clean_line(written[1], 300)}" if written else "on the host of its address"

    def _given(self, name: str) -> str:
        """The value of a parameter with where it is from."""
        value = self.values.get(name)
        if value is None or value.text is None:
            why = value.problem if value is not None else ""
            return f"the value of {name} ({clean_line(why, 300) or 'nobody has said yet'})"
        return f"{clean_line(value.shown, 300)} ({name}: {clean_line(value.origin)})"
