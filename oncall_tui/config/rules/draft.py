"""What rules look at: the settings as far as they could be read, and what the file declares besides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oncall_tui.config.keys import Finding, Key
from oncall_tui.config.model import Config


@dataclass(frozen=True, slots=True)
class Draft:
    """A configuration that may have findings already, beside the data it was read from.

    A source whose table is wrong is absent from ``config`` but declared all the same: whoever names it is not wrong.
    """

    config: Config
    data: Mapping[str, object]

    def declared(self, table: str) -> tuple[str, ...]:
        """The names under a table of the file, right or wrong."""
        entries = self.data.get(table)
        return tuple(entries) if isinstance(entries, Mapping) else ()

    def source_findings(self, name: str | None, key: Key) -> Iterator[Finding]:
        """What is wrong with naming this source to evaluate PromQL; None means the first Prometheus source."""
        from oncall_tui.config.expected import nearest

        declared = self.declared("sources")
        settings = self.config.sources.get(name or "")
        kinds = {_kind(one) for one in self.config.sources.values()}
        is_complete = len(self.config.sources) == len(declared)
        if name is None:
            if is_complete and declared and "prometheus" not in kinds:
                yield Finding(key, "no Prometheus source evaluates it", 'add a source with kind = "prometheus"')
        elif name not in declared:
            yield Finding(key, f'unknown source "{name}"', nearest(name, declared))
        elif settings is not None and _kind(settings) != "prometheus":
            yield Finding(key, f'source "{name}" does not evaluate PromQL', 'name a source of kind "prometheus"')


def _kind(settings: object) -> str:
    return str(getattr(settings, "__struct_config__").tag)  # noqa: B009  # msgspec's own name, unknown to object
