"""Sentry's web API: a SaaS region or a server of one's own, also below a path of another site.

``source`` is what the screen polls; ``issues`` and ``releases`` turn answers into records and are pure; ``readers``
asks for what a list does not tell; ``api`` pages and keeps to the vendor's rate limits.
"""

from oncall_tui.sources.sentry.source import Sentry

__all__ = ["Sentry"]
