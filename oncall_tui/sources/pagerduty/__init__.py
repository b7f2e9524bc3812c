"""PagerDuty, REST API v2, through PagerDuty's own client.

``source`` is what the screen polls and acts on, ``actor`` what carries verbs out; ``read``, ``changes`` and ``details``
turn answers into records and are pure, ``standing`` tells from them what is left to do and what is done; ``vendor`` is
the only module that knows the vendor's package, imported by ``client`` in the thread that needs it.
"""

from oncall_tui.sources.pagerduty.source import PagerDuty

__all__ = ["PagerDuty"]
