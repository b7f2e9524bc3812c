"""How what was done becomes JSON. Pure; ``shapes_acts`` holds what each object has, docs/json.md explains it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from oncall_tui.cli.schema import moment
from oncall_tui.cli.shapes_acts import (
    CoveredObject,
    CreateAnswer,
    OutboxAnswer,
    PagedObject,
    ResultObject,
    SilenceAnswer,
    SilenceObject,
    WaitingObject,
)
from oncall_tui.domain.text import clean

if TYPE_CHECKING:
    from oncall_tui.domain.action import Silence
    from oncall_tui.domain.alert import Record
    from oncall_tui.domain.pager import EscalationLevel, EscalationPath, PageableService
    from oncall_tui.domain.silence import Silence as Muting
    from oncall_tui.response.report import ActReport
    from oncall_tui.response.unsent import Unsent


def act_result(target: str, report: "ActReport") -> ResultObject:
    """One entry of ``ack --json``."""
    return {
        "target": target,
        "alert": report.alert_id,
        "title": report.title,
        "outcome": report.outcome.value,
        "reason": report.reason,
        "by": report.by,
        "may_have_arrived": report.may_have_arrived,
        "made": report.made or None,
        "taken_from": list(report.taken_from),
    }


def create_answer(
    source: str, service: "PageableService", path: "EscalationPath | None", reports: "Sequence[ActReport]"
) -> CreateAnswer:
    """``create --json``."""
    levels = None if path is None else path.levels
    return {
        "source": source,
        "service": service.name,
        "service_id": service.id,
        "pages": None if levels is None else [_paged(one) for one in levels],
        "results": [act_result(source, one) for one in reports],
    }


def outbox_answer(waiting: "Sequence[Unsent]", cut_off: "Sequence[Unsent]") -> OutboxAnswer:
    """``outbox --json``."""
    from oncall_tui.response.unsent import at_next_start

    return {
        "waiting": [_unsent(one, one.reason) for one in waiting],
        "cut_off": [_unsent(one, at_next_start(one)) for one in cut_off],
    }


def _unsent(one: "Unsent", reason: str) -> WaitingObject:
    return {
        "id": one.intent.request_id,
        "verb": one.intent.action.verb.value,
        "alert": one.intent.alert_id,
        "title": one.intent.title,
        "source": one.intent.source,
        "target": one.intent.target,
        "since": moment(one.at),
        "reason": reason,
    }


def silence_answer(action: "Silence", covered: "Sequence[Record]", results: list[ResultObject]) -> SilenceAnswer:
    """``silence --json``."""
    return {
        "matchers": [clean(one) for one in action.matchers],
        "ends_at": moment(action.ends_at),
        "covers": [_covered(one) for one in covered],
        "results": results,
    }


def silence_object(source: str, silence: "Muting") -> SilenceObject:
    """One entry of ``silences --json``."""
    return {
        "source": source,
        "id": silence.id,
        "state": silence.state.value,
        "matchers": [str(one) for one in silence.matchers],
        "starts_at": moment(silence.starts_at),
        "ends_at": moment(silence.ends_at),
        "created_by": silence.created_by,
        "comment": silence.comment,
    }


def _paged(level: "EscalationLevel") -> PagedObject:
    return {"level": level.number, "people": [one.name for one in level.people]}


def _covered(record: "Record") -> CoveredObject:
    return {
        "source": record.source,
        "id": record.id,
        "title": record.title,
        "severity": record.severity.name,
        "service": record.service,
    }
