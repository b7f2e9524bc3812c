"""See: polls the sources, merges their reports into one ``Situation`` and publishes it. Nothing flows back up."""

from oncall_tui.monitor.monitor import Monitor

__all__ = ["Monitor"]
