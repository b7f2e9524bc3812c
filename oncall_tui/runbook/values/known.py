"""What is known when values are looked for: the alert, the configuration, the environment, what was typed or picked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType


def nothing() -> Mapping[str, str]:
    """No key at all."""
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Told:
    """The labels and annotations that one record of the alert carries."""

    source: str
    labels: Mapping[str, str] = field(default_factory=nothing)
    annotations: Mapping[str, str] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that values can come from."""

    records: Sequence[Told] = ()
    """Of the alert, the leading record first; none without an alert."""
    version: str = ""
    """Of the nearest suspected deployment."""
    previous_version: str = ""
    """The one that ran before it."""
    config: Mapping[str, str] = field(default_factory=nothing)
    """``[runbooks.values]`` by dotted key, see ``flat``; a secret is a reference."""
    environ: Mapping[str, str] = field(default_factory=nothing, repr=False)
    typed: Mapping[str, str] = field(default_factory=nothing, repr=False)
    picked: Mapping[str, str] = field(default_factory=nothing, repr=False)
    """Values of the pinned rows, by parameter."""


def flat(table: Mapping[str, object], prefix: str = "") -> Mapping[str, str]:
    """Nested tables by dotted key, every value as the text that a step would see; lists are left out."""
    found: dict[str, str] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            found.update(flat(value, f"{name}."))
        elif isinstance(value, bool):
            found[name] = "true" if value else "false"
        elif isinstance(value, str | int | float):
            found[name] = str(value)
    return found
