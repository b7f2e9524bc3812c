"""The closed tree of what may go wrong between us and a vendor.

    SourceError
    ├── Unreachable      refused, reset, DNS, TLS: nothing was understood at the other end
    ├── TimedOut         no answer within the time that the source allows; an action may have arrived
    ├── Unauthorised     401, 403: the credential is wrong, expired or lacks a scope
    ├── RateLimited      429: asked to wait ``retry_after`` seconds
    ├── Refused          any other 4xx or 5xx, or a redirect to another host: understood, and declined
    ├── Malformed        an answer that is not what the vendor documents
    └── Stopped          not begun: whoever asked for it wants no more of it

Each says what happened (``str(error)``) and what to do (``hint``), in words for the engineer, without any token.
"""

from typing import ClassVar

from oncall_tui.domain.situation import Failure
from oncall_tui.domain.text import clean_line

_NEVER = frozenset({501, 505, 506, 508, 510, 511})
"""Not implemented, not in this version, a loop, a network that wants a login first: what is asked again fails again."""


class SourceError(Exception):
    """A source did not give what was asked for."""

    kind: ClassVar[str] = "failed"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(clean_line(message))
        self.hint = clean_line(hint)
        self.retry_after: float | None = None
        self.may_have_arrived = False
        """An action was sent and its answer was lost: the vendor may have carried it out."""

    @property
    def is_fault_of_theirs(self) -> bool:
        """Whether the vendor is there and failed by itself, in a way that passes: the very same may work later."""
        return False

    def failure(self) -> Failure:
        """The error as the situation keeps it."""
        return Failure(self.kind, str(self), self.hint, self.retry_after, self.is_fault_of_theirs)


class Unreachable(SourceError):
    """The host could not be reached, or the connection broke before an answer."""

    kind = "unreachable"


class TimedOut(SourceError):
    """No answer in time. Reading again is safe; an action may have been carried out."""

    kind = "timed out"


class Unauthorised(SourceError):
    """The vendor does not accept the credential, or the credential lacks a scope."""

    kind = "unauthorised"


class RateLimited(SourceError):
    """Too many requests; ``retry_after`` seconds to wait, None when the vendor does not say."""

    kind = "rate limited"

    def __init__(self, message: str, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint)
        self.retry_after = retry_after


class Refused(SourceError):
    """The vendor understood and declined: a bad request, a missing object, a fault of its own."""

    kind = "refused"

    def __init__(self, message: str, hint: str = "", status: int | None = None) -> None:
        super().__init__(message, hint)
        self.status = status

    @property
    def is_fault_of_theirs(self) -> bool:
        """A 5xx, those apart that say that it will never work."""
        return self.status is not None and self.status >= 500 and self.status not in _NEVER


class Malformed(SourceError):
    """The answer is not in the shape that the vendor documents."""

    kind = "malformed"


class Stopped(SourceError):
    """The act that the request belongs to was stopped before it was sent."""

    kind = "stopped"
