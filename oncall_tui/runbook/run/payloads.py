"""What the events of a run hold. Values that redaction would change are left out, and said to be."""

from collections.abc import Mapping

from oncall_tui import __version__
from oncall_tui.domain.text import clean, clean_line
from oncall_tui.journal.event import Json
from oncall_tui.journal.redact import redacted
from oncall_tui.runbook.checkout import Checkout
from oncall_tui.runbook.execution import Executed, Prepared
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.run.approving import Agreed
from oncall_tui.runbook.run.captured import Captured, Table
from oncall_tui.runbook.run.plan import Confirmation, Plan
from oncall_tui.runbook.run.ports import Operator
from oncall_tui.runbook.run.replay import LOST
from oncall_tui.runbook.run.states import State

_EXCERPT = 2_000
"""Characters of output that stand in the event; the rest is in the file."""


def opened(runbook: Runbook, links: Mapping[str, str], text_file: str, checkout: Checkout) -> dict[str, Json]:
    """Of ``run.opened``, without whose it is."""
    known: dict[str, Json] = {"commit": checkout.commit} if checkout.commit else {}
    if checkout.is_dirty is not None:
        known["dirty"] = checkout.is_dirty
    return {
        "program": f"oncall-tui {__version__}",
        **known,
        "runbook": runbook.id,
        "path": str(runbook.path),
        "sha256": runbook.sha256,
        "text_file": text_file,
        "mode": runbook.mode.value,
        "title": runbook.title,
        **links,
    }


def intent(
    plan: Plan, prepared: Prepared, confirmation: Confirmation, operator: Operator, agreed: Agreed | None = None
) -> dict[str, Json]:
    """Of ``run.intent``."""
    origins = {one.name: one.origin for one in plan.values}
    confirmed: dict[str, Json] = {"mode": confirmation.mode.name.lower(), "shown": confirmation.digest}
    if confirmation.typed:
        confirmed["typed"] = confirmation.typed
    payload: dict[str, Json] = {
        "unit": plan.unit,
        "step": plan.step.id,
        "line": plan.command.line,
        "kind": prepared.kind.value,
        "body": clean(prepared.body, 64 * 1024),
        "values": {one.name: one.shown for one in plan.values},
        "origins": origins,
        "carried": ", ".join(sorted(prepared.carried)),
        "target": prepared.target,
        "cwd": str(prepared.cwd),
        "timeout_s": prepared.timeout.total_seconds(),
        "digest": plan.digest,
        "danger": _danger(plan),
        "confirmation": confirmed,
        "host": operator.host,
        "pid": operator.pid,
        "session": operator.session,
    }
    if plan.is_dry:
        payload["is_dry"] = True
    if was := {one.name: one.was for one in plan.values if one.was}:
        payload["was"] = dict(was)
    if plan.scripts:
        payload["scripts"] = dict(plan.scripts)
    if plan.undoes:
        payload["undoes"] = plan.undoes
    if agreed is not None:
        payload["approval"] = agreed.to_json()
    return payload


def _danger(plan: Plan) -> dict[str, Json]:
    author, judged = plan.step.author, plan.command.judgement
    return {
        "author": author.word if author is not None else "",
        "classifier": judged.danger.word,
        "effective": plan.danger.word,
        "reason": plan.step.danger_reason or "; ".join(judged.reasons[:3]),
    }


def result(unit: str, executed: Executed, state: State, reason: str, keeps_output: bool) -> dict[str, Json]:
    """Of ``run.result``, without captures."""
    payload: dict[str, Json] = {
        "unit": unit,
        "state": state.value,
        "ending": executed.ending.value,
        "reason": reason or executed.reason,
        "exit": executed.exit,
        "signal": executed.signal,
        "status": executed.status,
        "value": executed.value,
        "count": executed.count,
        "took_s": round(executed.took_s, 3),
        "process": executed.pid,
        "output": {
            "bytes": executed.output_bytes,
            "sha256": executed.output_sha256,
            "truncated": executed.is_truncated,
            "file": executed.output_file.name if executed.output_file is not None else "",
        },
    }
    if keeps_output:
        payload["stdout"] = clean(executed.stdout[-_EXCERPT:], _EXCERPT)
        payload["stderr"] = clean(executed.stderr[-_EXCERPT:], _EXCERPT)
    return payload


def kept(captures: Mapping[str, Captured]) -> dict[str, Json]:
    """Captures as the journal may hold them."""
    values = {name: value.to_json() if isinstance(value, Table) else value for name, value in captures.items()}
    return {name: LOST if redacted({name: value}) != {name: value} else value for name, value in values.items()}


def kept_texts(values: Mapping[str, str]) -> dict[str, Json]:
    """Variables as the journal may hold them."""
    return {
        name: LOST if redacted({name: one}) != {name: one} else clean(one, 64 * 1024) for name, one in values.items()
    }


def param(name: str, value: str, origin: str, is_secret: bool, row: Mapping[str, str]) -> dict[str, Json]:
    """Of ``run.param``."""
    kept_value = LOST if redacted({name: value}) != {name: value} else value
    payload: dict[str, Json] = {"name": name, "value": "" if is_secret else kept_value, "origin": clean_line(origin)}
    if is_secret:
        payload["is_secret"] = True
    if row:
        payload["row"] = kept_texts(row)
    return payload
