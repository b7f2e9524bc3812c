"""Addresses as links of the terminal (OSC 8): what is written is what opens, and nothing else gets into the sequence.

Sources: "Hyperlinks in terminal emulators" (egmontkob): the address is of the bytes 32 to 126, percent-encoded, and VTE
takes 2,083 bytes of it at most; RFC 3986, section 2 for the characters of an address.
"""

import re
from urllib.parse import quote, urlsplit

from textual.content import Content
from textual.style import Style

from oncall_tui.terminal import Answer, Terminal

_ADDRESS = re.compile(r"https?://[^\s<>\"`{}|\\^]+", re.IGNORECASE)
_HOST = re.compile(r"(?:[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(?::\d+)?")
_TRAILING = ".,;:!?'"
_BRACKETS = {")": "(", "]": "["}
_ALLOWED = "%/:?#[]@!$&'()*+,;=-._~"
_LONGEST = 2_000


def with_links(content: Content, terminal: Terminal) -> Content:
    """``content`` with its http and https addresses as links, where the terminal is not known to lack them."""
    if terminal.hyperlinks.answer is Answer.NO:
        return content
    for found in _ADDRESS.finditer(content.plain):
        address = _without_punctuation(found[0])
        target = link_target(address)
        if target is not None:
            content = content.stylize(Style(link=target), found.start(), found.start() + len(address))
    return content


def link_target(address: str) -> str | None:
    """The address as it may stand in a sequence; None when it had better stay text.

    That is every address that is not http or https, whose host is not of plain letters and digits or stands behind a
    user name, which hides it from the eye, and every one that is too long.
    """
    try:
        parts = urlsplit(address)
        target = quote(address, safe=_ALLOWED)
    except ValueError:
        return None
    is_plain = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc) is not None
    return target if is_plain and len(target) <= _LONGEST else None


def _without_punctuation(address: str) -> str:
    """An address without what the sentence around it put at its end: a full stop, a bracket that it did not open."""
    while address:
        opening = _BRACKETS.get(address[-1])
        is_of_the_sentence = opening is not None and address.count(address[-1]) > address.count(opening)
        if address[-1] not in _TRAILING and not is_of_the_sentence:
            break
        address = address[:-1]
    return address
