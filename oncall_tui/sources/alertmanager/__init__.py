"""Alertmanager 0.22 and later, API v2: alerts with who silenced them until when, and silences themselves.

``source`` is what the screen polls; ``alerts`` and ``silences`` turn answers into records; ``matching`` knows what
Alertmanager takes for a matcher; ``silencer`` creates, extends and expires.
"""

from oncall_tui.sources.alertmanager.source import Alertmanager

__all__ = ["Alertmanager"]
