"""What go-swagger's generated server refuses before Alertmanager's own code sees it."""

from __future__ import annotations

from aiohttp import web


class Unprocessable(Exception):
    """A body or path that does not fit openapi.yaml: 422 with a code and a message, in an object.

    Args:
        code: go-openapi's: 601 wrong type, 602 required, 612 too few items.
        message: which field, and why.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code

    def response(self) -> web.Response:
        """The HTTP answer."""
        return web.json_response({"code": self.code, "message": str(self)}, status=422)
