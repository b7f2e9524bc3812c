"""The fingerprint of an alert as Prometheus and Alertmanager compute it: the same labels, the same number.

FNV-1a with 64 bits over the label pairs in the order of their names, each name and value closed by the byte 255,
written as sixteen hexadecimal digits (``LabelSet.Fingerprint`` of prometheus/common).
"""

from collections.abc import Iterable, Mapping

from oncall_tui.domain.alert import JoinKey, JoinRule

_OFFSET = 0xCBF29CE484222325
_PRIME = 0x100000001B3
_MASK = 0xFFFFFFFFFFFFFFFF
_SEPARATOR = b"\xff"


def fingerprint(labels: Mapping[str, str]) -> str:
    """The fingerprint of raw labels, before any cleaning: ``{}`` gives ``cbf29ce484222325``."""
    value = _OFFSET
    for byte in b"".join(_closed(name) + _closed(labels[name]) for name in sorted(labels)):
        value = (value ^ byte) * _PRIME & _MASK
    return f"{value:016x}"


def join_keys(fingerprints: Iterable[str]) -> frozenset[JoinKey]:
    """What other tools may know an alert by: its fingerprint, also recomputed from the labels a receiver wrote."""
    rules = (JoinRule.FINGERPRINT, JoinRule.RECEIVER_LABELS)
    return frozenset(JoinKey(rule, value) for value in fingerprints for rule in rules)


def _closed(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass") + _SEPARATOR
