"""Names for the identifiers that travel through every room, so that one is never taken for another."""

from typing import NewType

SourceName = NewType("SourceName", str)
"""The name a source instance has in the configuration, unique on one screen: ``pagerduty``, ``prometheus-eu``."""

RecordRef = NewType("RecordRef", str)
"""One vendor object on one screen: ``<source name>/<id at the vendor>``, e.g. ``pagerduty/Q1ABCDEF``."""

AlertId = NewType("AlertId", str)
"""An alert: the ``RecordRef`` of its leading record. Any other record's ref finds the same alert."""

DeploymentId = NewType("DeploymentId", str)
"""A deployment: ``<source name>/<id at the vendor>`` of the record that leads it."""


def record_ref(source: SourceName, vendor_id: str) -> RecordRef:
    """The reference of a vendor's object, unique over all sources of one screen."""
    return RecordRef(f"{source}/{vendor_id}")
