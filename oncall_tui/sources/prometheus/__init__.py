"""Prometheus, and everything with its HTTP API: Thanos, Mimir, VictoriaMetrics.

``Prometheus`` is the source. Queries go through ``prometheus-api-client`` in daemon threads (``queries``), alerts and
rules, which it lacks, through our own HTTP caller.
"""

from oncall_tui.sources.prometheus.source import Prometheus

__all__ = ["Prometheus"]
