"""The keys of a step, from the attributes of its fence and the directive before it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.options import (
    NO_OPTIONS,
    Approve,
    Capture,
    CaptureKind,
    Confirm,
    OnFail,
    Reduce,
    StepOptions,
    Undo,
    Verify,
)
from oncall_tui.runbook.reading.keys import ID, Keys, Notes, Told, told_of
from oncall_tui.runbook.reading.nodes import Scalar, Table

_COLUMN = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_OF_CONFIG = re.compile(r"config(?:\.[A-Za-z0-9_][A-Za-z0-9_-]*)+")
_TABULAR = (CaptureKind.TSV, CaptureKind.LINES)


@dataclass(frozen=True, slots=True)
class StepKeys:
    """What a step says of itself."""

    id: str = ""
    author: Danger | None = None
    danger_reason: str = ""
    options: StepOptions = NO_OPTIONS


def step_keys(told: Mapping[str, Told], notes: Notes) -> StepKeys:
    """Read every key; what is wrong with them is told."""
    keys = Keys(told, notes, "")
    named = keys.text("id")
    if named and not ID.fullmatch(named):
        keys.wrong("id", f"`{named}` is no id", "lower case letters, digits and _, a letter first, at most 40")
    author = keys.choice("danger", {one.word: one for one in Danger})
    options = StepOptions(
        needs=_ids(keys, "needs"),
        guard=keys.text("guard"),
        when=keys.text("when"),
        capture=_capture(keys),
        expect=keys.text("expect"),
        verify=verify_of(keys),
        timeout=keys.span("timeout"),
        max_age=keys.span("max_age"),
        confirm=_confirm(keys),
        approve=_approve(keys),
        undo=_undo(keys),
        is_undo_only=keys.flag("undo_only"),
        dry_run=keys.text("dry_run"),
        db=keys.text("db"),
        ssh=_ssh(keys),
        has_terminal=keys.flag("tty"),
        cwd=keys.text("cwd"),
        env=_constants(keys, notes),
        reduce=keys.word("reduce", Reduce),
        unit=keys.text("unit"),
        warn=keys.number("warn"),
        crit=keys.number("crit"),
        on_fail=keys.word("on_fail", OnFail) or OnFail.STOP,
    )
    reason = keys.text("danger_reason")
    keys.finish()
    return StepKeys(named if ID.fullmatch(named) else "", author, reason, options)


def verify_of(keys: Keys) -> Verify | None:
    """``verify: {check | step, expect, every, within}``, of a step or a section."""
    table = keys.table("verify")
    if table is None:
        return None
    check, step = table.id("check"), table.id("step")
    if bool(check) == bool(step):
        keys.wrong("verify", "names exactly one of `check` and `step`")
    expect, every, within = table.text("expect"), table.span("every"), table.span("within")
    table.finish()
    if not expect or every is None or within is None:
        keys.wrong("verify", "needs `expect`, `every` and `within`")
        return None
    if within < every:
        keys.wrong("verify", "`within` is shorter than `every`: it would be asked once")
    return Verify(check or step, expect, every, within)


def _ids(keys: Keys, key: str) -> tuple[str, ...]:
    found = keys.texts(key)
    for one in found:
        if not ID.fullmatch(one):
            keys.wrong(key, f"`{one}` is no id of a step")
    return tuple(one for one in found if ID.fullmatch(one))


def _capture(keys: Keys) -> Capture | None:
    text, columns = keys.text("capture"), keys.texts("columns")
    if not text:
        if columns:
            keys.wrong("columns", "belongs to `capture=name:tsv` or `name:lines`, which is missing")
        return None
    name, _, word = text.partition(":")
    kinds = {one.value: one for one in CaptureKind}
    kind = kinds.get(word or "string")
    if not ID.fullmatch(name) or kind is None:
        keys.wrong("capture", f"`{text}` is no `name` or `name:kind`", "kinds: " + ", ".join(kinds))
        return None
    if (kind in _TABULAR) != bool(columns):
        keys.wrong("capture", "`tsv` and `lines` need `columns`, no other kind has them")
    if not all(_COLUMN.fullmatch(one) for one in columns) or len(set(columns)) != len(columns):
        keys.wrong("columns", "each column is a name of letters, digits and _, given once")
    return Capture(name, kind, columns)


def _ssh(keys: Keys) -> str:
    text = keys.text("ssh")
    if text and not ID.fullmatch(text) and not _OF_CONFIG.fullmatch(text):
        advice = "a host stands in the configuration: `ssh=config.hosts.db`, or the name of a parameter"
        keys.wrong("ssh", f"`{text}` is no parameter and no value of the configuration", advice)
        return ""
    return text


def _confirm(keys: Keys) -> Confirm | None:
    table = keys.table("confirm")
    if table is None:
        return None
    found = Confirm(table.text("type"), table.text("show"))
    table.finish()
    return found


def _approve(keys: Keys) -> Approve | None:
    table = keys.table("approve")
    if table is None:
        return None
    found = Approve(table.text("role"), table.text("when"))
    table.finish()
    if not found.role:
        keys.wrong("approve", "needs a `role`")
        return None
    return found


def _undo(keys: Keys) -> Undo | None:
    node = keys.node("undo")
    if node is None:
        return None
    if isinstance(node, Scalar):
        step = keys.id("undo")
        return Undo(step=step) if step else None
    table = keys.table("undo")
    if table is None:
        return None
    found = Undo(manual=table.text("manual"), none=table.text("none"))
    table.finish()
    if bool(found.manual) == bool(found.none):
        keys.wrong("undo", "is a step, or `{manual: what to do}`, or `{none: why not}`")
        return None
    return found


def _constants(keys: Keys, notes: Notes) -> Mapping[str, str]:
    node = keys.node("env")
    if node is None:
        return NO_OPTIONS.env
    if not isinstance(node, Table):
        keys.wrong("env", "has to be a table of names and texts", "write it in a directive: `env: {LC_ALL: C}`")
        return NO_OPTIONS.env
    found = {}
    for name, (value, _) in told_of(node, notes).items():
        if not isinstance(value, Scalar) or not _VARIABLE.fullmatch(name):
            keys.wrong("env", f"`{name}` has to be a name of letters, digits and _ with a text")
        else:
            found[name] = value.value
    return MappingProxyType(found)
