"""Hostile vendors: the simulator's four, behind a proxy that puts hostile text in the place of what they say.

``python -m tests.nasty.vendor`` starts them twice, prints one line of JSON when they are ready, and stays until stdin
is closed. ``words`` replaces what people write: titles, names, labels, addresses, notes. ``everything`` replaces also
some of what only machines write: ids, states, severities, moments, numbers written as text. Who wants to act is refused
in hostile words. ``GET /quiet`` and ``GET /loud`` let a pager hide its incidents and show them again; ``GET /told``
counts how often it was asked for them, and how often somebody wanted to act.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from aiohttp import ClientSession, web

from oncall_tui.simulator.server import Simulator, SimulatorOptions, running
from tests.nasty.corpus import EVERYTHING, LONG, NAMES, SEQUENCES

VENDORS = ("prometheus", "alertmanager", "pagerduty", "sentry")
PASSES = ("words", "everything")

_ORDINARY = [text for name, text in EVERYTHING.items() if name not in LONG]
_LONG = list(LONG.values())
_LONG_EVERY = 60
"""One text in so many is a very long one: in every place it would only be told that the answer is too long."""

_OF_THE_PROTOCOL = frozenset({"resultType", "errorType"})
_OF_MACHINES = frozenset(
    {"id", "type", "status", "state", "severity", "urgency", "fingerprint", "health", "level", "substatus", "slug"}
    | {"iid", "shortId", "dedup_key", "incident_key", "since", "until", "start", "end", "email", "le", "__name__"}
    | {"timestamp", "self", "code", "time_zone"}
)
"""Fields whose words are read by machines."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT.*|[+-]?(\d[\d.e+-]*|Inf|NaN)|(\d+[hmsd]+)+")
INCIDENTS = "/incidents"
_LABELS = ("labels", "metric", "annotations", "discoveredLabels", "custom_details")
_ADDRESSES = ("url", "permalink", "link", "href")


def text_for(place: str) -> str:
    """A hostile text, always the same for the same place."""
    number = crc32(place.encode("utf-8", "surrogatepass"))
    if number % _LONG_EVERY == 0:
        return _LONG[number // _LONG_EVERY % len(_LONG)]
    return _ORDINARY[number % len(_ORDINARY)]


@dataclass(frozen=True)
class Hostile:
    """Replaces the texts of an answer."""

    replaces_everything: bool

    def answer(self, value: Any) -> Any:
        """The whole answer; the outermost status is left as it is, or nobody would look further."""
        changed = self.of(value, "")
        if isinstance(value, Mapping) and value.get("status") in ("success", "error"):
            changed["status"] = value["status"]
        return changed

    def of(self, value: Any, key: str, place: str = "") -> Any:
        if isinstance(value, Mapping):
            if key in _LABELS:
                return self._labels(value, place)
            return {name: self.of(one, name, f"{place}.{name}") for name, one in value.items()}
        if isinstance(value, list):
            return [self.of(one, key, place) for one in value]
        return self._text(value, key, place) if isinstance(value, str) else value

    def _labels(self, labels: Mapping[str, Any], place: str) -> dict[str, Any]:
        kept = {name: self.of(one, name, f"{place}.{name}") for name, one in labels.items()}
        number = crc32(json.dumps(labels, sort_keys=True).encode())
        names = list(NAMES.values())
        return {**kept, names[number % len(names)]: text_for(f"{number}"), "team": text_for(f"{number}!")}

    def _text(self, value: str, key: str, place: str) -> str:
        if key in _OF_THE_PROTOCOL or (self._is_of_machines(value, key) and not self._is_broken(place + value)):
            return value
        text = text_for(f"{place}{value}")
        is_address = any(one in key.lower() for one in _ADDRESSES)
        return f"https://w.example/{text}" if is_address and len(value) % 3 else text

    def _is_broken(self, place: str) -> bool:
        """Every eighth word of machines; were it every one, nothing at all could be read."""
        return self.replaces_everything and crc32(place.encode("utf-8", "surrogatepass")) % 8 == 0

    @staticmethod
    def _is_of_machines(value: str, key: str) -> bool:
        return key in _OF_MACHINES or key.endswith(("_at", "At", "_id")) or _MOMENT.fullmatch(value) is not None


@dataclass
class Vendor:
    """One of the simulator's vendors behind its proxy."""

    upstream: str
    session: ClientSession
    hostile: Hostile
    is_quiet: bool = False
    reads: int = 0
    acts: int = 0

    async def handle(self, request: web.Request) -> web.Response:
        """Every request comes here."""
        if request.path in ("/quiet", "/loud", "/told"):
            return self._told(request.path)
        if request.method in ("PUT", "POST") and request.path.startswith((INCIDENTS, "/api/v2/silences")):
            self.acts += 1
            return web.json_response(_refusal(request.path, self.acts), status=400)
        headers = {
            name: one for name, one in request.headers.items() if name.lower() not in ("host", "accept-encoding")
        }
        address, body = f"{self.upstream}{request.raw_path}", await request.read()
        async with self.session.request(request.method, address, headers=headers, data=body) as got:
            raw = await got.read()
            kept = {name: got.headers[name] for name in ("Link", "Date") if name in got.headers}
        if request.path == INCIDENTS:
            self.reads += 1
            raw = json.dumps({**json.loads(raw), "incidents": []}).encode() if self.is_quiet else raw
        try:
            answer = json.dumps(self.hostile.answer(json.loads(raw)))
        except ValueError:
            answer = json.dumps(text_for(request.path))
        return web.Response(text=answer, status=got.status, headers=kept, content_type="application/json")

    def _told(self, path: str) -> web.Response:
        if path != "/told":
            self.is_quiet = path == "/quiet"
            self.reads = 0
        return web.json_response({"reads": self.reads, "acts": self.acts})

    def application(self) -> web.Application:
        application = web.Application(client_max_size=2**26)
        application.router.add_route("*", "/{path:.*}", self.handle)
        return application


def _refusal(path: str, number: int) -> Mapping[str, Any]:
    words = list(SEQUENCES.values())
    return {"error": {"message": words[number % len(words)], "code": 2001, "errors": words, "path": path}}


async def _serve(simulator: Simulator, stack: AsyncExitStack) -> Mapping[str, Any]:
    session = await stack.enter_async_context(ClientSession())
    told: dict[str, dict[str, Any]] = {}
    for one in PASSES:
        announced = told[one] = {name: dict(about) for name, about in simulator.announcement().items()}
        for vendor in VENDORS:
            proxy = Vendor(announced[vendor]["url"], session, Hostile(one == "everything"))
            runner = web.AppRunner(proxy.application(), access_log=None, shutdown_timeout=0.5)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            announced[vendor]["url"] = f"http://127.0.0.1:{runner.addresses[0][1]}"
    return told


async def _main(is_over: Callable[[], object]) -> None:
    # Every verb of the command line asks anew: together they come near the limit of an account.
    options = SimulatorOptions(
        clock=time.time, history_s=1_800, incidents=4, alerts=24, tick_s=5, pagerduty_limit=100_000
    )
    async with running(options) as simulator, AsyncExitStack() as stack:
        print(json.dumps(await _serve(simulator, stack)), flush=True)
        await asyncio.to_thread(is_over)


if __name__ == "__main__":
    asyncio.run(_main(sys.stdin.read))
