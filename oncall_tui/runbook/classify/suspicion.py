"""What is looked at before and beside the tree: characters that readers take for others, and words of loss."""

import re

from oncall_tui.runbook.classify.verdict import READ, Unjudged, destroy, shown
from oncall_tui.runbook.danger import Judgement

_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ud800-\udfff]"
)
_LINE_ENDS = re.compile(r"(?:^|(?P<before>[^\\]))(?P<slashes>\\+)\n(?P<next>[^ \t\n])")

_LOSS = re.compile(
    r"\b(?:rm\s+(?:-\S+\s+)*-\w*[rR]|mkfs|wipefs|shred|unlink\s|flush(?:all|db)|drop\s+(?:table|database|schema|index|user)"
    r"|truncate\b|delete\s|terraform\s+destroy|terminate|shutdown|reboot|of=/dev/)|--force\b|\s-delete\b",
    re.IGNORECASE,
)


def precheck(text: str) -> None:
    """Refuse what a parser may read in another way than bash does.

    Raises:
        Unjudged: control or invisible characters, or a word that goes on behind the end of its line.
    """
    met = _CONTROL.search(text)
    if met:
        raise Unjudged(f"holds the character U+{ord(met[0]):04X}, which is not what it looks like")
    for end in _LINE_ENDS.finditer(text):
        is_joined = len(end["slashes"]) > 2 or (end["before"] or " ") not in " \t\n"
        if len(end["slashes"]) % 2 and is_joined:
            raise Unjudged("a word that goes on over the end of a line")


def hinted(text: str) -> Judgement:
    """Of what could not be judged: whether it has a word in it that stands for loss. Never vouches for anything."""
    met = _LOSS.search(text.replace("\0", " "))
    return destroy(f"not understood, and holds “{shown(met[0])}”") if met else READ
