"""Expressions and phrases: what they name is there (N1), fits together (N2), and is no secret (N6)."""

import re
from collections.abc import Iterator, Mapping

from oncall_tui.runbook.expressions import Expression, ExpressionError, Kind, parse, problems_of
from oncall_tui.runbook.expressions.kinds import results
from oncall_tui.runbook.model import Runbook, Step, StepKind
from oncall_tui.runbook.options import CaptureKind, Type
from oncall_tui.runbook.reading.keys import Notes
from oncall_tui.runbook.reading.nodes import Place

BRACES = re.compile(r"\{([^{}]*)\}")
_OF_TYPE = {
    Type.INT: Kind.NUMBER,
    Type.FLOAT: Kind.NUMBER,
    Type.BOOL: Kind.TRUTH,
    Type.STRING: Kind.TEXT,
    Type.DURATION: Kind.ANY,
    Type.SECRET: Kind.TEXT,
}
_OF_CAPTURE = {CaptureKind.INT: Kind.NUMBER, CaptureKind.FLOAT: Kind.NUMBER, CaptureKind.STRING: Kind.TEXT}


def kinds_of(runbook: Runbook) -> dict[str, Kind]:
    """What every name of the file will hold."""
    known = {name: _OF_TYPE[one.type] for name, one in runbook.params.items()}
    known |= {name: Kind.ANY for name in runbook.lets}
    for step in runbook.steps:
        if step.kind is StepKind.PROMQL:
            known |= {f"{step.id}.value": Kind.NUMBER, f"{step.id}.count": Kind.NUMBER, f"{step.id}.state": Kind.TEXT}
        capture = step.options.capture
        if capture is not None:
            known[f"{step.id}.{capture.name}"] = _OF_CAPTURE.get(capture.kind, Kind.ANY)
    return known


def conditions(runbook: Runbook, let_places: Mapping[str, Place], notes: Notes) -> None:
    """Every expression and every phrase of a file."""
    check = _Check(runbook, notes)
    for name, text in runbook.lets.items():
        check.expression(text, let_places[name], f"`let` {name}", wanted=Kind.ANY)
    for one in runbook.escalate:
        check.expression(one.when, Place(one.line, 1), "`when` of `escalate`")
    for section in runbook.sections:
        place = Place(section.lines.first, 1)
        check.expression(section.when, place, "`when` of the section")
        check.expression(section.verify.expect if section.verify else "", place, "`verify` of the section")
    for step in runbook.steps:
        _of_step(step, check)


def _of_step(step: Step, check: "_Check") -> None:
    options, place = step.options, Place(step.line, 1)
    check.expression(options.guard, place, "`guard`", step.id)
    check.expression(options.when, place, "`when`", step.id)
    check.expression(options.expect, place, "`expect`", step.id, has_results=True)
    check.expression(options.verify.expect if options.verify else "", place, "`verify`", step.id)
    check.expression(options.approve.when if options.approve else "", place, "`when` of `approve`", step.id)
    if options.confirm is not None:
        check.phrase(options.confirm.phrase, place, "`type` of `confirm`", step.id)
        check.phrase(options.confirm.show, place, "`show` of `confirm`", step.id)


class _Check:
    """The names of a file, and where to tell what is wrong."""

    def __init__(self, runbook: Runbook, notes: Notes) -> None:
        self._kinds = kinds_of(runbook)
        self._secrets = {name for name, one in runbook.params.items() if one.is_secret}
        self._notes = notes

    def expression(
        self,
        text: str,
        place: Place,
        where: str,
        step: str = "",
        *,
        has_results: bool = False,
        wanted: Kind = Kind.TRUTH,
    ) -> None:
        if not text:
            return
        try:
            expression = parse(text)
        except ExpressionError as error:
            self._notes.error("F1", place, f"{where}: {error}", step=step)
            return
        self._names(expression, place, where, step, has_results)

        def kind_of(name: str) -> Kind | None:
            return (results(name) if has_results else None) or self._kind(name)

        for problem in problems_of(expression, kind_of, wanted):
            self._notes.error("N2", place, f"{where} “{text}”, column {problem.column}: {problem.text}", step=step)

    def phrase(self, text: str, place: Place, where: str, step: str) -> None:
        for name in BRACES.findall(text):
            self._name(name, place, where, step)

    def _names(self, expression: Expression, place: Place, where: str, step: str, has_results: bool) -> None:
        for name in sorted(expression.names):
            if not (has_results and results(name)):
                self._name(name, place, where, step)

    def _name(self, name: str, place: Place, where: str, step: str) -> None:
        if name in self._secrets:
            self._notes.error("N6", place, f"{where} shows the secret `{name}`", "leave it out", step)
        elif self._kind(name) is None:
            from oncall_tui.config.expected import nearest

            what = f"{where} names `{name}`, which nothing defines"
            self._notes.error("N1", place, what, nearest(name, tuple(self._kinds)), step)

    def _kind(self, name: str) -> Kind | None:
        return next((self._kinds[one] for one in _heads(name) if one in self._kinds), None)


def _heads(name: str) -> Iterator[str]:
    """``a.b.c``, then ``a.b``: what is inside of a capture is not known before it runs. Never ``a`` for ``a.b``."""
    yield name
    parts = name.split(".")
    if len(parts) > 2:
        yield ".".join(parts[:2])
