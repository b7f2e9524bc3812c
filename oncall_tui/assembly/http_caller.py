"""The requests that runbooks send: the proxies and authorities of this machine, and no credential of any source."""

from types import ModuleType
from typing import Any

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.ports import HttpAnswer, HttpRequest, PortError
from oncall_tui.sources.httpx_client import THREADS
from oncall_tui.sources.tls import Trust, tls_context


class PlainHttp:
    """``HttpCaller`` with a client for each request: runbooks send few, and each to somebody else."""

    async def call(self, request: HttpRequest) -> HttpAnswer:
        """``HttpCaller.call``."""
        httpx, client = await THREADS.run(lambda: _client(request.timeout_s))
        body = bytearray()
        try:
            async with (
                client,
                client.stream(request.method, request.url, headers=request.headers, content=request.body) as answer,
            ):
                async for chunk in answer.aiter_bytes():
                    body += chunk[: request.longest + 1 - len(body)]
                    if len(body) > request.longest:
                        break
                headers = {name.lower(): value for name, value in answer.headers.items()}
                is_cut = len(body) > request.longest
                return HttpAnswer(answer.status_code, headers, bytes(body[: request.longest]), is_cut)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            what = clean_line(str(error), 300) or type(error).__name__
            raise PortError(f"{clean_line(request.url, 200)}: no answer ({what}).") from None


def _client(timeout_s: float) -> tuple[ModuleType, Any]:
    """The library and a client: loaded where nobody waits for it."""
    import httpx

    context = tls_context(Trust())
    return httpx, httpx.AsyncClient(follow_redirects=False, timeout=timeout_s, verify=context)
