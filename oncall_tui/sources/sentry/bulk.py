"""Changes of many issues in few requests, none of which can hit an issue that was not named.

Source: Sentry's API reference, "Bulk Mutate an Organization's Issues": 1,000 issues at most. A change of status without
ids hits everything that the query finds, and so does, at Sentry itself, one whose ids are all unknown by then. So there
is no address without ids, and the query of each finds nothing.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

PER_REQUEST = 1_000
LONGEST_ADDRESS = 8_000
"""Characters: servers and proxies refuse addresses from 8 KiB on."""

FINDS_NOTHING = "timesSeen:<0"
"""A search without a result, whatever issues there are."""

_ID = re.compile(r"[0-9]{1,20}")
Params = dict[str, str | Sequence[str]]


def is_issue_id(text: str) -> bool:
    """Whether ``text`` can be the id of an issue."""
    return _ID.fullmatch(text) is not None


def bulk_params(ids: Sequence[str], project: str) -> Params:
    """The parameters of a change of these issues of one project.

    Raises:
        ValueError: there are none, or what is no id among them: the change would hit others.
    """
    if not ids or not all(map(is_issue_id, ids)) or not is_issue_id(project):
        raise ValueError("a change of issues without their ids would hit every issue that matches")
    return {"id": tuple(ids), "project": project, "query": FINDS_NOTHING}


def slices(ids: Sequence[str], project: str, address: str) -> Iterator[tuple[str, ...]]:
    """The ids in as few requests as ``PER_REQUEST`` and ``LONGEST_ADDRESS`` allow; ``address`` has no query yet."""
    room = LONGEST_ADDRESS - len(address) - len("?") - len(urlencode({"project": project, "query": FINDS_NOTHING}))
    begun: list[str] = []
    length = 0
    for one in ids:
        more = len(f"&id={one}")
        if begun and (len(begun) == PER_REQUEST or length + more > room):
            yield tuple(begun)
            begun, length = [], 0
        begun.append(one)
        length += more
    if begun:
        yield tuple(begun)
