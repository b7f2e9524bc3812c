"""What a real Alertmanager sends to PagerDuty is read back to the labels and fingerprints that it serves itself."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from oncall_tui.sources.pagerduty.details import details_of

from .servers import start_alertmanager

pytestmark = pytest.mark.integration

DEADLINE_S = 60.0
CONFIG = """
route: {{receiver: pagerduty, group_by: [alertname], group_wait: 0s, group_interval: 1s}}
receivers:
  - name: pagerduty
    pagerduty_configs:
      - {{routing_key: 0123456789abcdef0123456789abcdef, url: "{url}/v2/enqueue"}}
"""
ODD_LABELS = (
    {"alertname": "HighErrorRate", "service": "checkout", "instance": "10.0.0.1:9090"},
    {"alertname": "HighErrorRate", "service": "checkout", "path": "a = b - c", "note": "two\nlines"},
    {"alertname": "HighErrorRate", "service": "Zürich ✓", "quote": "\"'\\", "brackets": "[/x]"},
)


async def test_labels_and_fingerprints_survive_the_way_through_pagerduty(tmp_path: Path) -> None:
    events: asyncio.Queue[Any] = asyncio.Queue()

    async def enqueue(request: web.Request) -> web.Response:
        events.put_nowait(await request.json())
        return web.json_response({"status": "success", "dedup_key": "k"}, status=202)

    app = web.Application(client_max_size=10**7)
    app.router.add_post("/v2/enqueue", enqueue)
    pager = TestServer(app, shutdown_timeout=0.1)
    await pager.start_server()
    try:
        url = str(pager.make_url("")).rstrip("/")
        with start_alertmanager(tmp_path, CONFIG.format(url=url)) as server:
            async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
                (await client.post("/api/v2/alerts", json=[_alert(labels) for labels in ODD_LABELS])).raise_for_status()
                served = (await client.get("/api/v2/alerts")).json()
            details = await asyncio.wait_for(_of_all(events), DEADLINE_S)
    finally:
        await pager.close()
    assert {one["fingerprint"] for one in served} == details.fingerprints
    assert sorted(map(_pairs, (one.labels for one in details.firing))) == sorted(map(_pairs, ODD_LABELS))
    assert {one.annotations["runbook_url"] for one in details.firing} == {"https://runbooks.example/errors"}


async def _of_all(events: "asyncio.Queue[Any]") -> Any:
    """The details of the first event that holds every alert, as PagerDuty would hand them back."""
    while True:
        event = await events.get()
        custom = event["payload"]["custom_details"]
        details = details_of([{"alert_key": event["dedup_key"], "body": {"details": custom}}])
        if len(details.firing) == len(ODD_LABELS):
            return details


def _alert(labels: dict[str, str]) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "labels": labels,
        "annotations": {"summary": "slow\nand broken", "runbook_url": "https://runbooks.example/errors"},
        "startsAt": now.isoformat(),
        "endsAt": (now + timedelta(hours=1)).isoformat(),
        "generatorURL": "http://prometheus:9090/graph",
    }


def _pairs(labels: Any) -> list[tuple[str, str]]:
    return sorted(labels.items())
