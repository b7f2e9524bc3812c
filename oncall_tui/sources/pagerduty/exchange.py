"""One request, as it passes from the event loop to the thread of the vendor's client."""

from collections.abc import Sequence
from dataclasses import dataclass

Params = Sequence[tuple[str, str]]
"""Names and values; a name that ends in ``[]`` may come several times."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of PagerDuty."""

    method: str
    path: str
    params: Params = ()
    body: object = None
    sender: str | None = None
    """The e-mail of the user in whose name a change is made (``From``)."""
