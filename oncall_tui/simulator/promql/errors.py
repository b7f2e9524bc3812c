"""The one error of a query, in the vocabulary of the Prometheus HTTP API ("Format overview")."""

from __future__ import annotations

from typing import Literal

ErrorType = Literal["bad_data", "execution"]


class QueryError(Exception):
    """A query that cannot be parsed (``bad_data``) or evaluated (``execution``)."""

    def __init__(self, error_type: ErrorType, message: str) -> None:
        super().__init__(message)
        self.error_type: ErrorType = error_type
        self.message = message
