"""What a poll of PagerDuty gave, and alerts to put into its incidents."""

from typing import Any

from oncall_tui.sources.base import Records, Report

ANA = {"id": "PANA", "name": "Ana Smith", "email": "ana@acme.example"}


def records(report: Report) -> Records:
    assert report.failure is None, report.failure
    assert report.records is not None
    return report.records


def alert(key: str, name: str) -> dict[str, Any]:
    text = f"Labels:\n - alertname = {name}\n - service = checkout\nAnnotations:\nSource: u\n"
    return {"id": f"A{key}", "alert_key": key, "body": {"details": {"firing": text}}}
