"""``params`` of a native file: what each may hold, where it comes from, and what is wrong with that (N3, N4, N6)."""

import re
from collections.abc import Mapping

from oncall_tui.runbook.options import Parameter, Pick, Type
from oncall_tui.runbook.reading.keys import ID, Keys, Notes, Told, told_of
from oncall_tui.runbook.reading.nodes import Place, Scalar, Table
from oncall_tui.runbook.values.check import objection, pattern_of
from oncall_tui.runbook.values.names import refusal

_ORIGIN = re.compile(
    r"labels\.[A-Za-z_][A-Za-z0-9_]*|annotations\.[A-Za-z_][A-Za-z0-9_]*|env\.[A-Za-z_][A-Za-z0-9_]*"
    r"|deployment\.(?:version|previous_version)|config\.[A-Za-z0-9_][A-Za-z0-9_.-]*"
)
_PICK = re.compile(r"([a-z][a-z0-9_]{0,39})\.([A-Za-z_][A-Za-z0-9_]{0,62})")
_NUMBERS = (Type.INT, Type.FLOAT)
_OF_SECRETS = ("env.", "config.")


def parameters_of(table: Table, notes: Notes) -> Mapping[str, Parameter]:
    """The parameters by name, in the order of the file."""
    found: dict[str, Parameter] = {}
    for name, (node, place) in told_of(table, notes).items():
        if not _is_good_name(name, place, notes):
            continue
        if isinstance(node, Scalar) and node.is_plain and node.value in ("", "~", "null"):
            node = Table({}, {}, place)
        if not isinstance(node, Table):
            advice = f"for example `{name}: {{from: labels.{name}}}`"
            notes.error("F1", place, f"parameter `{name}` has to be a table of keys and values", advice)
            continue
        found[name] = _parameter(name, place, told_of(node, notes), notes)
    return found


def _is_good_name(name: str, place: Place, notes: Notes) -> bool:
    if not ID.fullmatch(name):
        notes.error("F1", place, f"`{name}` is no name", "lower case letters, digits and _, a letter first, at most 40")
        return False
    if reason := refusal(name):
        notes.error("N3", place, f"a parameter cannot be called `{name}`: {reason}", "choose another name")
        return False
    return True


def _parameter(name: str, place: Place, told: Mapping[str, Told], notes: Notes) -> Parameter:
    keys = Keys(told, notes, f" of parameter `{name}`")
    origin = keys.text("from")
    if origin and not _ORIGIN.fullmatch(origin):
        known = "labels.x, annotations.x, config.x, env.X, deployment.version, deployment.previous_version"
        keys.wrong("from", f"`{origin}` is no place that values come from", f"known: {known}")
    found = Parameter(
        name,
        keys.word("type", Type) or Type.STRING,
        (origin,) if _ORIGIN.fullmatch(origin) else (),
        _pick(keys),
        _default(keys),
        keys.texts("choices"),
        keys.text("pattern") or None,
        keys.number("min"),
        keys.number("max"),
        keys.flag("required") if "required" in keys else _not_asked(keys),
        keys.text("help"),
        place.line,
    )
    keys.finish()
    _hold_together(found, keys, notes, place)
    return found


def _not_asked(keys: Keys) -> bool:
    """``required`` is true when nobody says; asking makes the key known."""
    keys.node("required")
    return True


def _pick(keys: Keys) -> Pick | None:
    text = keys.text("pick")
    match = _PICK.fullmatch(text)
    if text and match is None:
        keys.wrong("pick", f"`{text}` is no `step.column`")
    return Pick(match[1], match[2]) if match else None


def _default(keys: Keys) -> str | None:
    node = keys.node("default")
    if node is None:
        return None
    if not isinstance(node, Scalar):
        keys.wrong("default", "has to be one value")
        return None
    return node.value


def _hold_together(found: Parameter, keys: Keys, notes: Notes, place: Place) -> None:
    if found.pattern is not None and pattern_of(found.pattern) is None:
        keys.wrong("pattern", "is no regular expression")
    elif found.default is not None and (reason := objection(found, found.default)):
        what = f"the default of `{found.name}` {reason}"
        notes.error("N4", keys.place("default"), what, "change the default or what it has to fit")
    if found.type not in _NUMBERS and (found.min is not None or found.max is not None):
        notes.error(
            "N4", place, f"`min` and `max` of `{found.name}` are for numbers", "add `type: int` or `type: float`"
        )
    elif found.min is not None and found.max is not None and found.min > found.max:
        notes.error("N4", place, f"`min` of `{found.name}` is more than `max`")
    if found.is_secret and (found.default is not None or not all(one.startswith(_OF_SECRETS) for one in found.origins)):
        advice = "use `from: env.NAME` or `from: config.NAME`"
        notes.error("N6", place, f"the secret `{found.name}` would stand in the file or come from an alert", advice)
