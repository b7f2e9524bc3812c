"""The requests that runbooks send: the proxies and authorities of this machine, and no credential of any source."""

from types import ModuleType
from typing import Any

from oncall_tui.assembly.answer_head import PACKINGS, AnswerHead, Packed
from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.ports import HttpAnswer, HttpRequest, PortError
from oncall_tui.sources.httpx_client import THREADS
from oncall_tui.sources.tls import Trust, tls_context


class PlainHttp:
    """``HttpCaller`` with a client for each request: runbooks send few, and each to somebody else."""

    async def call(self, request: HttpRequest) -> HttpAnswer:
        """``HttpCaller.call``."""
        httpx, client = await THREADS.run(lambda: _client(request.timeout_s))
        # What the runbook says about packing would have to be unpacked here.
        headers = {name: value for name, value in request.headers.items() if name.lower() != "accept-encoding"}
        headers["Accept-Encoding"] = PACKINGS
        try:
            async with (
                client,
                client.stream(request.method, request.url, headers=headers, content=request.body) as answer,
            ):
                head = AnswerHead(answer.headers.get("content-encoding", ""), request.longest)
                await _filled(head, answer)
                names = {name.lower(): value for name, value in answer.headers.items()}
                return HttpAnswer(answer.status_code, names, head.body, head.is_cut)
        except Packed as error:
            raise PortError(
                f"{clean_line(request.url, 200)}: the answer was not read: {error}.", is_sent=True
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            what = clean_line(str(error), 300) or type(error).__name__
            # Whatever breaks later than the connection may have reached the other side.
            is_sent = isinstance(error, httpx.HTTPError) and not isinstance(error, _unsent(httpx))
            raise PortError(f"{clean_line(request.url, 200)}: no answer ({what}).", is_sent=is_sent) from None


def _unsent(httpx: ModuleType) -> tuple[type[Exception], ...]:
    return (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


async def _filled(head: AnswerHead, answer: Any) -> None:
    async for piece in answer.aiter_raw():
        head.feed(piece)
        if head.is_cut:
            return


def _client(timeout_s: float) -> tuple[ModuleType, Any]:
    """The library and a client: loaded where nobody waits for it."""
    import httpx

    context = tls_context(Trust())
    return httpx, httpx.AsyncClient(follow_redirects=False, timeout=timeout_s, verify=context)
