"""Values that bash would compute: with ``a[$(rm x)]`` in a variable, ``$((n + 1))`` and ``[[ $n -eq 1 ]]`` run it.

Only a subscript leads from a value to a command, hence only values that hold one are refused, and only by bodies that
compute anything: also through a variable of the body itself (bash, "Shell Arithmetic").
"""

import re
from collections.abc import Mapping

_COMPUTES = re.compile(
    r"\(\(|\$\[|\blet\b"
    r"|\[\[[^\n]*\s-(?:eq|ne|lt|le|gt|ge|v|R)\b|(?:\btest|\[)\s[^\n]*?-[vR]\b"
    r"|\$\{!|\$\{[A-Za-z_]\w*@[A-Za-z]\}|\$\{[A-Za-z_]\w*:(?![-=?+])|[A-Za-z_]\w*\[[^\]\n]*[$A-Za-z]"
    r"|\bprintf\s+-v|\b(?:read|unset|mapfile|readarray|getopts|wait)\b[^\n;|&]*\$"
    r"|\b(?:declare|typeset|local|export|readonly)\b[^\n;|&]*(?:\s-\w*[in]|\s[\"']?\$)"
)


def computed(body: str, values: Mapping[str, str]) -> str:
    """Why these values may not come near this body, in words; empty when they may."""
    if not _COMPUTES.search(body):
        return ""
    name = next((name for name, value in values.items() if _is_subscripted(value)), "")
    if not name:
        return ""
    return (
        f"{name} holds a subscript with an expansion in it, and the script computes: bash would run what stands there"
    )


def _is_subscripted(value: str) -> bool:
    return "[" in value and ("$" in value or "`" in value)
