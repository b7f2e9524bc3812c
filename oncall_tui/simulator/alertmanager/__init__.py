"""A small Alertmanager: alerts, silences, inhibition, grouping and the PagerDuty receiver.

Source: "Alertmanager API v2" (openapi.yaml) and "Configuration" in the Prometheus documentation.
"""

from .alerts import Alert, fingerprint
from .app import alertmanager_app
from .core import Alertmanager
from .silences import Silence

__all__ = ["Alert", "Alertmanager", "Silence", "alertmanager_app", "fingerprint"]
