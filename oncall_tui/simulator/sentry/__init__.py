"""A small Sentry: issues, their latest event, releases and deploys of one organization.

Source: "API Reference" (Events & Issues, Releases, Organizations) in Sentry's documentation.
"""

from .app import sentry_app
from .core import Sentry

__all__ = ["Sentry", "sentry_app"]
