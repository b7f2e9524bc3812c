"""``clean()``: the only gate through which foreign text enters the product.

Every label, title, log line, command output and document that was written elsewhere passes here once, where it
enters, before a record exists. What is left is plain text: it cannot move the cursor, set a window title, write to
the clipboard or turn the reading order round. The screen then draws it as ``Content`` or ``Text``, never as markup.
"""

import re
import unicodedata

REPLACEMENT = "\ufffd"

_FORBIDDEN = re.compile(
    # C0 (tab and newline stay), DEL and C1; bidirectional marks, embeddings, overrides and isolates with their
    # deprecated companions; the two Unicode line separators; the byte order mark; interlinear annotation; language
    # tags; and lone surrogates, which no terminal encoding can write.
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff"
    # What is drawn as nothing, or as a blank that is none: two names that look alike are not the same, and a title of
    # nothing else looks empty (DerivedCoreProperties.txt, Default_Ignorable_Code_Point). The joiners stay, which
    # Persian, the scripts of India and emoji are written with, and so do variation selectors.
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u3164\uffa0\ufff0-\ufff8\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0080-\U000e00ff\U000e01f0-\U000e0fff]"
)
_MARKS_KEPT = 4
_STACKING = ("Mn", "Me", "Mc", "Cf")
_JAMO = re.compile("[\u1160-\u11ff\ud7b0-\ud7ff]")
"""Vowels and final consonants of Hangul: letters, that are drawn over the letter before all the same."""
_JOINERS = re.compile("[\u200c\u200d]+")
_JOINED = re.compile(
    # Arabic and the scripts of India and South-East Asia; emoji, and what stands at the end of one.
    "[\u0600-\u10ff\u1200-\u1cff\ua840-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff"
    "\u20e3\u2190-\u2bff\u3030\u303d\ufe0f\U0001f000-\U0001faff\U000e0100-\U000e01ef]"
)
"""What a joiner may stand between. Elsewhere it is drawn as nothing, while those who count cells take what follows it
for a part of the character before: a row would be wider than it is counted."""
_WHITESPACE = re.compile(r"\s+")


def clean(text: str, limit: int = 2_000) -> str:
    """Foreign text made safe to store and to draw, newlines and tabs kept. Cleaning twice changes nothing more.

    Control characters, bidirectional controls, invisible characters, joiners that join nothing and lone surrogates
    become U+FFFD; more than four combining marks and joiners on one letter are dropped; text beyond ``limit``
    characters (one at least) is cut and ends in an ellipsis.
    """
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    safe = _FORBIDDEN.sub(REPLACEMENT, text.replace("\r\n", "\n"))
    return safe if text.isascii() else _JOINERS.sub(_between, _few_marks(safe))


def clean_line(text: str, limit: int = 400) -> str:
    """Foreign text on one line: ``clean`` with every run of white space folded to one blank.

    What needed no change is given back as the same object: of what several fields say there is one text in memory.
    """
    line = _WHITESPACE.sub(" ", clean(text, limit)).strip()
    return text if line == text else line


def _few_marks(text: str) -> str:
    """Drop what stacks beyond four combining marks: terminals draw them over the neighbouring lines."""
    kept: list[str] = []
    marks = 0
    for char in text:
        # By category: marks of Thai, Arabic and of many Indic scripts have the combining class 0. Joiners count, or a
        # joiner after every fourth mark would let the pile grow.
        marks = marks + 1 if unicodedata.category(char) in _STACKING or _JAMO.match(char) else 0
        if marks <= _MARKS_KEPT:
            kept.append(char)
    return "".join(kept)


def _between(joiners: re.Match[str]) -> str:
    """A joiner between two characters that can be joined, U+FFFD in the place of any other."""
    text, start, end = joiners.string, joiners.start(), joiners.end()
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    is_at_work = len(joiners[0]) == 1 and _JOINED.match(before) and _JOINED.match(after)
    return joiners[0] if is_at_work else REPLACEMENT
