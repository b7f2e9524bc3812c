"""Between the socket and a vendor: a log of every request, and faults on demand."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from .breakages import BREAKAGES
from .faults import Fault
from .times import Clock

KEPT_REQUESTS = 20_000
_MUTATING = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request as it was received; headers are never kept, since they hold tokens.

    Attributes:
        vendor: `prometheus`, `alertmanager`, `pagerduty`, `sentry` or `control`.
        at: epoch seconds.
        status: of the answer; 0 when the connection was dropped.
        body: of a mutating request, as text.
    """

    vendor: str
    method: str
    path: str
    query: str
    status: int
    at: float
    body: str = ""

    def as_json(self) -> dict[str, Any]:
        """The row of `GET /requests`: a digest stands for the body."""
        digest = hashlib.sha256(self.body.encode()).hexdigest() if self.body else None
        return {
            "vendor": self.vendor,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "status": self.status,
            "time": self.at,
            "body_sha256": digest,
        }


class Wire:
    """The log and the faults of all vendors."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.requests: list[LoggedRequest] = []
        self.faults: dict[str, Fault] = {}

    def middleware(self, vendor: str) -> Middleware:
        """The outermost middleware of a vendor's application."""

        @web.middleware
        async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
            body = (await request.read()).decode(errors="replace") if request.method in _MUTATING else ""
            status = 500
            try:
                response, status = await self._answer(vendor, request, handler)
                return response
            except web.HTTPException as raised:
                status = raised.status
                self._date(raised)
                raise
            finally:
                self._keep(
                    LoggedRequest(
                        vendor, request.method, request.path, request.query_string, status, self._clock(), body
                    )
                )

        return observe

    def received(self, vendor: str) -> list[LoggedRequest]:
        """The requests a vendor got, oldest first."""
        return [request for request in self.requests if request.vendor == vendor]

    def _keep(self, request: LoggedRequest) -> None:
        self.requests.append(request)
        if len(self.requests) > KEPT_REQUESTS:
            del self.requests[: KEPT_REQUESTS // 10]

    async def _answer(self, vendor: str, request: web.Request, handler: Handler) -> tuple[web.StreamResponse, int]:
        """The answer and the status to log; 0 stands for a dropped connection."""
        fault = self._present_fault(vendor) or Fault()
        if fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault.is_off:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=503), 0
        response = await _faulty(fault, request, handler)
        if not response.prepared:
            self._date(response, fault.clock_ahead_s)
        return response, response.status

    def _date(self, response: web.StreamResponse, ahead_s: float = 0.0) -> None:
        """Say when it was answered: in the time of the world, which may not be that of this machine."""
        response.headers["Date"] = formatdate(self._clock() + ahead_s, usegmt=True)

    def _present_fault(self, vendor: str) -> Fault | None:
        fault = self.faults.get(vendor)
        if fault is not None and self._clock() >= fault.until:
            del self.faults[vendor]
            return None
        return fault


async def _faulty(fault: Fault, request: web.Request, handler: Handler) -> web.StreamResponse:
    """The real answer, spoilt as the fault wants it."""
    if fault.status:
        headers = {"Retry-After": str(fault.retry_after_s)} if fault.retry_after_s else {}
        return web.Response(status=fault.status, text="simulated fault\n", headers=headers)
    response = await handler(request)
    if fault.answer and isinstance(response, web.Response):
        return await BREAKAGES[fault.answer](request, response)
    return response
