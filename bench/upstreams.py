"""Four vendors that answer every call after the same known time: ``python -m bench.upstreams 0.3``.

Little is in the answers, so that what is measured is how the calls are arranged, not how much is read. Each vendor has
one alert of its own and the Prometheus a value for every query. Prints the four addresses as JSON when it is ready.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

TITLES = {
    "prometheus": "Queue of ledger grows",
    "alertmanager": "Backup of wallet is late",
    "pagerduty": "Checkout fails for some",
    "sentry": "TypeError: offer is undefined",
}
"""What the one alert of each vendor is called."""

_HOUR_S = 3_600.0
_Answer = Callable[[web.Request], Any]


def _labels(name: str, title: str) -> dict[str, Any]:
    labels = {"alertname": name, "service": "shop", "severity": "warning"}
    return {"labels": labels, "annotations": {"summary": title}}


def _since() -> str:
    return datetime.fromtimestamp(time.time() - _HOUR_S, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _vector(name: str) -> list[Any]:
    metrics = [{"job": f"shop-{number}"} for number in range(20)] if name == "up" else [{}]
    return [{"metric": one, "value": [time.time(), "1"]} for one in metrics]


async def _query(request: web.Request) -> Any:
    asked = {**request.query, **await request.post()}
    return {"status": "success", "data": {"resultType": "vector", "result": _vector(str(asked.get("query")))}}


async def _range(_: web.Request) -> Any:
    now = time.time()
    values = [[now - 60 * back, "1"] for back in range(10, -1, -1)]
    return {"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": values}]}}


def _prometheus() -> dict[str, _Answer]:
    alert = {**_labels("QueueGrows", TITLES["prometheus"]), "state": "firing", "activeAt": _since(), "value": "1"}
    return {
        "/api/v1/query": _query,
        "/api/v1/query_range": _range,
        "/api/v1/alerts": lambda _: {"status": "success", "data": {"alerts": [alert]}},
        "/api/v1/rules": lambda _: {"status": "success", "data": {"groups": []}},
        "/api/v1/status/config": lambda _: {"status": "success", "data": {"yaml": "global: {}\n"}},
    }


def _alertmanager() -> dict[str, _Answer]:
    alert = {
        **_labels("BackupLate", TITLES["alertmanager"]),
        "fingerprint": "00112233445566aa",
        "startsAt": _since(),
        "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
    }
    return {"/api/v2/alerts": lambda _: [alert], "/api/v2/silences": lambda _: []}


def _pagerduty() -> dict[str, _Answer]:
    user = {"id": "PUSER01", "type": "user", "name": "Ana", "summary": "Ana", "email": "ana@shop.example"}
    incident = {
        "id": "PINC001",
        "incident_number": 7,
        "title": TITLES["pagerduty"],
        "status": "triggered",
        "urgency": "high",
        "created_at": _since(),
        "last_status_change_at": _since(),
        "service": {"id": "PSHOP01", "summary": "shop"},
        "alert_counts": {"all": 0, "triggered": 0, "resolved": 0},
    }
    return {
        "/incidents": lambda _: {"incidents": [incident], "more": False},
        "/incidents/PINC001/alerts": lambda _: {"alerts": [], "more": False},
        "/oncalls": lambda _: {"oncalls": [], "more": False},
        "/escalation_policies": lambda _: {"escalation_policies": [], "more": False},
        "/change_events": lambda _: {"change_events": [], "more": False},
        "/users/me": lambda _: {"user": user},
    }


def _sentry() -> dict[str, _Answer]:
    issue = {
        "id": "61",
        "shortId": "SHOP-1",
        "title": TITLES["sentry"],
        "status": "unresolved",
        "level": "error",
        "priority": "high",
        "firstSeen": _since(),
        "lastSeen": _since(),
        "project": {"id": "1", "slug": "shop", "name": "shop"},
    }
    return {
        "/api/0/organizations/shop/issues/": lambda _: [issue],
        "/api/0/organizations/shop/releases/": lambda _: [],
    }


def _application(answers: dict[str, _Answer], takes_s: float) -> web.Application:
    def handler(answer: _Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            await asyncio.sleep(takes_s)
            body = answer(request)
            return web.json_response(await body if isinstance(body, Awaitable) else body)

        return handle

    app = web.Application()
    for path, answer in answers.items():
        app.router.add_route("*", path, handler(answer))
    return app


async def _serve(takes_s: float) -> None:
    vendors = {
        "prometheus": _prometheus(),
        "alertmanager": _alertmanager(),
        "pagerduty": _pagerduty(),
        "sentry": _sentry(),
    }
    announced = {}
    for name, answers in vendors.items():
        runner = web.AppRunner(_application(answers, takes_s), access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port: int = runner.addresses[0][1]
        announced[name] = {"url": f"http://127.0.0.1:{port}", "token": "none"}
    announced["sentry"]["organization"] = "shop"
    announced["pagerduty"]["email"] = "ana@shop.example"
    print(json.dumps(announced), flush=True)
    # Whoever started it holds its standard input and closes it at the end.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
