"""A small PagerDuty: the REST API v2 that people use and the Events API v2 that machines use.

Source: "REST API v2" (openapiv3.json of PagerDuty/api-schema) and "Events API v2" in PagerDuty's developer pages.
"""

from .app import pagerduty_app
from .core import PagerDuty
from .directory import Directory

__all__ = ["Directory", "PagerDuty", "pagerduty_app"]
