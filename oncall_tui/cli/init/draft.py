"""What the answers amount to: the sources, environments, names and the chart of a configuration to be written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import structs

from oncall_tui.config.model import AnySource
from oncall_tui.config.secrets import Secret


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and where it is kept."""

    variable: str
    """The environment variable that people usually keep it in."""
    reference: str = ""
    """Where it is kept; empty for one that was typed and wants a place."""
    secret: Secret | None = None
    """None where nothing may be asked (``--no-check``): then the reference is all that is known."""


@dataclass(frozen=True, slots=True)
class DraftSource:
    """One source, as it will stand in the file."""

    name: str
    settings: AnySource
    token: Token | None = None
    said: tuple[str, ...] = ()
    """What the vendor told, as comments: whose token it is, what was found."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What people call the ids in the settings, by id."""
    is_checked: bool = False

    def kept_at(self, reference: str) -> "DraftSource":
        """This source with its token kept somewhere."""
        assert self.token is not None
        token = Token(self.token.variable, reference, self.token.secret)
        settings = structs.replace(self.settings, token=reference)
        return DraftSource(self.name, settings, token, self.said, self.names, self.is_checked)


@dataclass(frozen=True, slots=True)
class LatencyDraft:
    """The chart of a service's latency, and the limits of its check, in milliseconds."""

    service: str
    label: str
    warning_ms: int | None = None
    """None for a chart without a check."""

    @property
    def critical_ms(self) -> int | None:
        """Twice the warning."""
        return None if self.warning_ms is None else 2 * self.warning_ms


@dataclass(slots=True)
class Draft:
    """The configuration, as it grows with the answers."""

    sources: list[DraftSource] = field(default_factory=list)
    services: tuple[str, ...] = ()
    """Discovered, by name."""
    environments: dict[str, bool] = field(default_factory=dict)
    """Whether each is a production one."""
    environment: str = ""
    """The one that the screen watches."""
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    latency: LatencyDraft | None = None
