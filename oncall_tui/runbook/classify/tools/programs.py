"""The little languages of sed and awk, as far as programs in them only print."""

import re

from oncall_tui.runbook.classify.verdict import Unjudged, shown
from oncall_tui.runbook.classify.words import Word


def _bracket(sign: str) -> str:
    """``[^a-z]`` without the sign that ends the expression: there GNU sed goes on reading, and others do not."""
    named = "" if sign == ":" else r"\[:[a-z]+:\]|"
    return rf"\[\^?\]?(?:{named}\\[^][\n]|[^][\\\n{sign}])*\]"


_PIECE = rf"(?:\\.|{_bracket('/')}|[^\\/\n[])"
_ADDRESS = rf"(?:[0-9]+(?:~[0-9]+)?|\$|/{_PIECE}*/I?)"
_SUBSTITUTE = "|".join(
    rf"s{sign}(?:\\.|{_bracket(sign)}|[^\\\n[{sign}])*{sign}(?:\\.|[^\\\n{sign}])*{sign}[gpiI0-9]*"
    for sign in ("/", r"\|", "#", ",", "@", ":", "~", "!")
)
_SED_COMMAND = re.compile(
    rf"\s*(?:{_ADDRESS}(?:\s*,\s*[+~]?(?:{_ADDRESS}))?\s*)?!?\s*(?:{_SUBSTITUTE}|y/(?:\\.|[^\\/\n[])*/(?:\\.|[^\\/\n[])*/|[pdqQ=nNDPGghHxlz])\s*(?:[;\n]\s*|$)"
)
_STARTS = re.compile(r"\b(?:system|getline|close|fflush)\b|@|\|&")
_STRING = re.compile(r'"(?:\\.|[^"\\\n])*"')


def check_sed(script: Word) -> None:
    """A script of ``p d q = n s y …`` with addresses.

    Raises:
        Unjudged: it holds another command, one of which may write or start something, or is not known.
    """
    if not script.is_literal or len(script.text) > 2_000:
        raise Unjudged("sed: its script is only known when it runs, or too long")
    place = 0
    while place < len(script.text):
        met = _SED_COMMAND.match(script.text, place)
        if not met or met.end() == place:
            raise Unjudged(f"sed: {shown(script.text[place:])} is not judged, and may write or start something")
        place = met.end()


def check_awk(program: Word) -> None:
    """A program without ``system``, ``getline``, pipes and output to files.

    ``>`` compares in a pattern and between parentheses, and opens a file behind ``print``.

    Raises:
        Unjudged: it holds one of them, or is only known when it runs.
    """
    if not program.is_literal:
        raise Unjudged("awk: its program is only known when it runs")
    # Where a regular expression or a comment may hold a quote, nobody can tell what is a string.
    is_clear = '"' not in program.text or not set("/#") & set(program.text)
    bare = _STRING.sub('""', program.text) if is_clear else program.text
    if _STARTS.search(bare) or bare.count('"') % 2:
        raise Unjudged("awk: its program may start something")
    if "|" in bare.replace("||", ""):
        raise Unjudged("awk: its program has a pipe")
    if ">" in bare and ("/" in bare or "#" in bare or not _compares(bare)):
        raise Unjudged("awk: its program may write a file")


def _compares(bare: str) -> bool:
    """Whether every ``>`` stands in a pattern or between parentheses, and no ``print`` does, as ``for`` allows."""
    depth = 0
    for word in re.findall(r"[()]|\bprintf?\b", bare):
        depth += (word == "(") - (word == ")")
        if depth > 0 and word.startswith("print"):
            return False
    braces = parentheses = 0
    for sign in bare:
        braces += (sign == "{") - (sign == "}")
        parentheses += (sign == "(") - (sign == ")")
        if sign == ">" and braces and parentheses <= 0:
            return False
        if min(braces, parentheses) < 0:
            return False
    return True
