"""Reading findings in tests."""

from collections.abc import Iterable

from oncall_tui.sources.base import CheckState, Finding, Topic

OK, WARNING, FAILED = CheckState.OK, CheckState.WARNING, CheckState.FAILED


def told(found: Iterable[Finding], topic: Topic) -> list[tuple[CheckState, str]]:
    """What is said about a topic."""
    return [(one.state, one.what) for one in found if one.topic is topic]


def only(found: Iterable[Finding]) -> Finding:
    """The one finding there is."""
    (finding,) = found
    return finding
