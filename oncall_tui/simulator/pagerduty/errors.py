"""Refusals, in the shape of PagerDuty's error body.

Source: "Errors" in PagerDuty's developer pages: `{"error": {"code", "message", "errors"}}`.
"""

from __future__ import annotations

from aiohttp import web


class Refusal(Exception):
    """An answer other than 2xx.

    Args:
        status: of HTTP.
        code: PagerDuty's own.
        message: one sentence.
        errors: what is wrong with the input, if that is it.
    """

    def __init__(self, status: int, code: int, message: str, *errors: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def response(self) -> web.Response:
        """The HTTP answer."""
        error: dict[str, object] = {"message": self.message, "code": self.code}
        if self.errors:
            error["errors"] = list(self.errors)
        return web.json_response({"error": error}, status=self.status)


def invalid(*errors: str) -> Refusal:
    """400 with code 2001."""
    return Refusal(400, 2001, "Invalid Input Provided", *errors)


def not_found() -> Refusal:
    """404 with code 2100."""
    return Refusal(404, 2100, "Not Found")
