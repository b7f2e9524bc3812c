"""Secrets and personal data taken out of a payload before it is written (requirement D-39).

What was found is replaced by ``[redacted <what>]``, and the payload says how often in ``redactions``. It errs towards
redacting, with two exceptions that an action needs: the fields that hold our own ids are kept as they are, and so are
private network addresses, which name hosts and not people.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from oncall_tui.journal.event import Json, Payload

COUNT = "redactions"
"""The field of a payload with the number of redactions in it."""

KEPT_FIELDS = frozenset(
    {"alert", "attempt", "host", "pid", "records", "request_id", "session", "source", "supersedes", "target", "verb"}
)
"""Fields of a payload that hold our own words and the vendors' ids: one that looks like a card number is an id."""

_SECRET_NAME = re.compile(r"(?i)passw(?:or)?d|passphrase|secret|token|api_?-?key|authori[sz]ation|cookie|credential")
_IS_REDACTED = re.compile(r"\[redacted [a-z -]+\]")

_Judge: TypeAlias = Callable[[str], bool]


def redacted(payload: Payload) -> Payload:
    """``payload`` without secrets and personal data, with the count of redactions if there were any."""
    counter = _Counter()
    kept: dict[str, Json] = {
        name: value if name in KEPT_FIELDS or name == COUNT else counter.field(name, value)
        for name, value in payload.items()
    }
    if counter.count:
        before = payload.get(COUNT)
        kept[COUNT] = counter.count + (before if isinstance(before, int) else 0)
    return kept


def redacted_text(text: str) -> tuple[str, int]:
    """``text`` without secrets and personal data, and how many there were."""
    count = 0
    folded = text.lower() if text.isascii() else text.casefold()  # The same, in a tenth of the time.
    for pattern in _PATTERNS:
        if not pattern.needles or any(one in folded for one in pattern.needles):
            text, found = pattern.apply(text)
            count += found
    return text, count


def is_redacted(text: str) -> bool:
    """Whether this is nothing but what stands in place of a secret."""
    return _IS_REDACTED.fullmatch(text) is not None


class _Counter:
    """Walks through a value and counts what it redacts."""

    def __init__(self) -> None:
        self.count = 0

    def field(self, name: str, value: Json) -> Json:
        """The value of a field: all of it is a secret when the name says so."""
        if isinstance(value, str) and value and _SECRET_NAME.search(name):
            if _IS_REDACTED.fullmatch(value):
                return value
            self.count += 1
            return "[redacted secret]"
        return self._value(value)

    def _value(self, value: Json) -> Json:
        if isinstance(value, str):
            text, found = redacted_text(value)
            self.count += found
            return text
        if isinstance(value, Mapping):
            return {name: self.field(name, one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self._value(one) for one in value]
        return value


@dataclass(frozen=True)
class _Pattern:
    """One kind of thing to redact. With a group ``keep`` in the expression, that part of the match stays before it."""

    what: str
    expression: re.Pattern[str]
    is_one: _Judge = lambda _: True
    needles: tuple[str, ...] = ()
    """One of these stands in every match, folded: looking for them is a hundred times faster than the expression."""

    def apply(self, text: str) -> tuple[str, int]:
        count = 0

        def replacement(match: re.Match[str]) -> str:
            nonlocal count
            if not self.is_one(match[0]):
                return match[0]
            count += 1
            keep = match.groupdict().get("keep") or ""
            return f"{keep}[redacted {self.what}]"

        return self.expression.sub(replacement, text), count


def _is_card(text: str) -> bool:
    """Whether the digits pass the Luhn check of payment cards (ISO/IEC 7812-1)."""
    digits = [int(char) for char in reversed(text) if char.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return 13 <= len(digits) <= 19 and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_iban(text: str) -> bool:
    """Whether the check digits of an account number hold (ISO 13616: modulo 97)."""
    letters = text.replace(" ", "").upper()
    number = "".join(str(int(char, 36)) for char in letters[4:] + letters[:4])
    return 15 <= len(letters) <= 34 and int(number) % 97 == 1


def _is_public_address(text: str) -> bool:
    """Whether this is an IP address of the internet: that of a user, not of a host of ours."""
    try:
        return ipaddress.ip_address(text).is_global
    except ValueError:
        return False


_PATTERNS = (
    _Pattern(
        "private key",
        re.compile(
            r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\Z)", re.DOTALL
        ),
        needles=("private key-----",),
    ),
    _Pattern(
        "password",
        re.compile(r"(?P<keep>\b[a-z][a-z0-9+.-]{0,20}://)[^\s/@\[\]]{1,400}(?=@)", re.IGNORECASE),
        needles=("://",),
    ),
    _Pattern(
        "webhook",
        re.compile(r"(?P<keep>https://hooks\.slack\.com/)(?:services|workflows)/[\w/-]+"),
        needles=("hooks.slack",),
    ),
    _Pattern("token", re.compile(r"(?<![\w-])eyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*"), needles=("eyj",)),
    _Pattern(
        "token",
        re.compile(r"\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{16}\b"),
        needles=("akia", "asia", "aroa", "aida", "agpa", "anpa"),
    ),
    _Pattern(
        "token",
        re.compile(
            r"\b(?:xox[a-z]-|xapp-|gh[a-z]_|github_pat_|glpat-|sntry[a-z]_|sk_live_|rk_live_|AIza)[\w=.+/-]{10,}"
        ),
        needles=("xox", "xapp-", "gh", "github_pat_", "glpat-", "sntry", "sk_live_", "rk_live_", "aiza"),
    ),
    _Pattern(
        "token",
        re.compile(
            r"(?P<keep>\b(?:bearer|basic|token)[ \t]+(?:token\s*=\s*)?)(?=[a-z_.~+/=-]{0,200}\d)[\w.~+/=-]{12,}",
            re.IGNORECASE,
        ),
        needles=("bearer", "basic", "token"),
    ),
    _Pattern(
        "secret",
        re.compile(
            r"(?P<keep>(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key)[\"']?\s{0,3}[=:]\s{0,3}[\"']?)"
            r"(?!\[redacted )[^\s\"'&,;]{4,}",
            re.IGNORECASE,
        ),
        needles=("passw", "passphrase", "secret", "token", "api", "access"),
    ),
    _Pattern(
        "e-mail",
        re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){1,8}", re.IGNORECASE),
        needles=("@",),
    ),
    # What it looks for first, then what may not stand before that: the other way round costs ten times as much.
    _Pattern(
        "account", re.compile(r"[A-Z](?<!\w[A-Z])[A-Z]\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"), _is_iban
    ),
    _Pattern("card", re.compile(r"[2-6](?<![\w.-][2-6])\d{3}(?:[ -]?\d){9,15}(?![\w-])"), _is_card),
    _Pattern("address", re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)"), _is_public_address, (".",)),
    _Pattern(
        "address",
        re.compile(r"(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE),
        _is_public_address,
        (":",),
    ),
)
"""In this order: what stands inside another (a password in an address) comes first."""
