"""What Alertmanager takes for the matchers of a silence, said before anything is sent."""

import re
from collections.abc import Sequence
from datetime import datetime

from oncall_tui.domain.silence import Matcher, Silence

_PLAIN_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_OWN_TO_RE2 = re.compile(r"[\\\[{]|\(\?")
"""What Python may read otherwise than RE2, the expressions of Alertmanager: ``a{,3}``, ``[[:alpha:]]``, ``\\Q*\\E``."""


def objection_to(matchers: Sequence[Matcher]) -> str:
    """Why Alertmanager would refuse these matchers, in words; empty when it would not, as far as can be told here."""
    if not matchers:
        return "A silence needs a matcher: without one it would mute every alert."
    if not all(_is_writable(one.name + one.value) for one in matchers):
        return "A matcher holds half a character that no request can carry: write it anew."
    if all(_matches_empty(one) for one in matchers):
        return (
            "Every matcher also holds for alerts without the label, so it would mute every alert: add a narrower one."
        )
    return ""


def objection_to_silence(wanted: Silence, now: datetime) -> str:
    """The same for a whole silence: its times too."""
    if wanted.ends_at <= wanted.starts_at:
        return "The silence ends before it begins."
    if wanted.ends_at <= now:
        return "The silence ends in the past."
    return objection_to(wanted.matchers)


def filter_of(matcher: Matcher) -> str:
    """A matcher as the parameter ``filter`` takes it. Names beyond ASCII are in quotes (Alertmanager 0.27)."""
    if _PLAIN_NAME.fullmatch(matcher.name):
        return str(matcher)
    condition = str(Matcher("x", matcher.value, matcher.is_regex, matcher.is_equal)).removeprefix("x")
    name = matcher.name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{name}"{condition}'


def _is_writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _matches_empty(matcher: Matcher) -> bool:
    """Whether it holds for an alert that lacks the label. What RE2 may read otherwise is Alertmanager's to judge."""
    if not matcher.is_regex:
        return (matcher.value == "") is matcher.is_equal
    if _OWN_TO_RE2.search(matcher.value):
        return False
    try:
        found = re.fullmatch(matcher.value, "") is not None
    except (re.error, OverflowError, RecursionError):
        return False
    return found is matcher.is_equal
