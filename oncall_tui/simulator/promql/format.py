"""Numbers as Go prints them, so that answers and label values look as Prometheus's do."""

from __future__ import annotations

import math
from decimal import Decimal

GENERAL_DIGITS = 6
"""Powers of ten from here on are written with an exponent by Go's default verb."""


def format_value(value: float, exponents: bool = True) -> str:
    """Return the shortest text that reads back as *value*.

    Args:
        value: any float; NaN, +Inf and -Inf are written so.
        exponents: write 1e-07 and 1e+21 for the very small and large, as the HTTP API does.
    """
    if value != value:
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    magnitude = abs(value)
    if magnitude < 1e15 and value == int(value):
        return "-0" if not value and math.copysign(1.0, value) < 0 else str(int(value))
    text = repr(value)
    if exponents and (magnitude < 1e-6 or magnitude >= 1e21):
        return text
    if "e" in text or text.endswith(".0"):
        text = format(Decimal(text), "f").removesuffix(".0")
    return text


def format_exponent(value: float) -> str:
    """Return the shortest text with an exponent, ``1.5e+00``, as the alerts API writes values."""
    if not math.isfinite(value):
        return format_value(value)
    digits, exponent = f"{Decimal(repr(value)).normalize():e}".split("e")
    return f"{digits}e{int(exponent):+03d}"


def format_general(value: float) -> str:
    """Return *value* as Go's ``%v`` prints it, which is what ``{{ $value }}`` shows: ``1e+06``."""
    if not math.isfinite(value) or not value:
        return format_value(value)
    power = Decimal(repr(value)).adjusted()
    if -4 <= power < GENERAL_DIGITS:
        return format_value(value, exponents=False)
    return format_exponent(value)
