"""SQL, PromQL and HTTP of native files: what psql would take for its own (Q), what a server would (P, H), secrets."""

import re

from oncall_tui.runbook.executors.sql_text import refusal
from oncall_tui.runbook.importing.queries import in_quotes, parses
from oncall_tui.runbook.model import Runbook, Step, StepKind
from oncall_tui.runbook.options import Type
from oncall_tui.runbook.reading.keys import Notes
from oncall_tui.runbook.reading.nodes import Place
from oncall_tui.runbook.reading.references import TEMPLATE, with_rehearsals

_LINE = re.compile(r"line (\d+)")
_FIRST = re.compile(r"[A-Z]+\s+(\S+)")
_NUMBERS = (Type.INT, Type.FLOAT)
_ONE_VALUE = ("NumberLiteral", "StringLiteral")


def queries(runbook: Runbook, notes: Notes) -> None:
    """Every step that asks a server."""
    secrets = {name for name, one in runbook.params.items() if one.is_secret}
    for step in with_rehearsals(runbook):
        if step.kind is StepKind.SQL:
            _sql(step, notes)
        elif step.kind is StepKind.PROMQL:
            _promql(runbook, step, notes)
        elif step.kind is StepKind.HTTP:
            _http(runbook, step, notes)
        if step.kind is not StepKind.SHELL and (shown := secrets & set(step.uses.values())):
            what = f"the secret `{min(shown)}` would be seen by a server and in its logs"
            notes.error("N6", Place(step.line, 1), what, "use it in a shell step", step.id)


def _sql(step: Step, notes: Notes) -> None:
    for command in step.commands:
        if reason := refusal(command.text):
            rule = "Q2" if "backslash" in reason else "Q1" if ":name" in reason else "F1"
            line = _LINE.search(reason)
            notes.error(rule, Place(command.line + (int(line[1]) if line else 1) - 1, 1), reason, step=step.id)


def _promql(runbook: Runbook, step: Step, notes: Notes) -> None:
    for command in step.commands:
        for found in TEMPLATE.finditer(command.text):
            parameter = runbook.params.get(found[1])
            is_number = parameter is not None and parameter.type in _NUMBERS
            if not is_number and not in_quotes(command.text, found.start()):
                line = command.line + command.text.count("\n", 0, found.start())
                what = f"{{{{{found[1]}}}}} stands outside of double quotes"
                notes.error("P2", Place(line, 1), what, "only numbers may stand there", step.id)
        text = TEMPLATE.sub("1", command.text)
        if not parses(text):
            notes.error("P1", Place(command.line, 1), "it does not parse as PromQL", "try it in Prometheus", step.id)
        elif step.options.reduce is None and not _is_one_value(text):
            what = "it may give several series, which is an error when it is asked"
            notes.warn("P3", Place(command.line, 1), what, "add `reduce`, or aggregate over all of them", step.id)


def _is_one_value(text: str) -> bool:
    import promql_parser

    try:
        return _single(promql_parser.parse(text))
    except RecursionError:
        # Hundreds of operators one after the other: nobody can tell.
        return False


def _single(node: object) -> bool:
    """Whether an expression gives at most one series, whatever the data."""
    kind = type(node).__name__
    if kind in _ONE_VALUE:
        return True
    if kind == "AggregateExpr":
        return getattr(node, "modifier", None) is None and str(getattr(node, "op", "")) not in (
            "topk",
            "bottomk",
            "count_values",
        )
    if kind == "BinaryExpr":
        return _single(getattr(node, "lhs", None)) and _single(getattr(node, "rhs", None))
    if kind in ("ParenExpr", "UnaryExpr"):
        return _single(getattr(node, "expr", None))
    if kind == "Call":
        name = getattr(getattr(node, "func", None), "name", "")
        arguments = list(getattr(node, "args", ()))
        return name in ("time", "vector", "scalar", "pi") or (bool(arguments) and all(map(_single, arguments)))
    return False


def _http(runbook: Runbook, step: Step, notes: Notes) -> None:
    for command in step.commands:
        head = command.text.lstrip("\n").split("\n\n", 1)[0].split("\n")
        first = _FIRST.match(head[0])
        named = TEMPLATE.match(first[1]) if first else None
        parameter = runbook.params.get(named[1]) if named else None
        origins = parameter.origins if parameter else ()
        if not origins or not all(one.startswith("config.") for one in origins):
            advice = "begin with {{name}} of a parameter with `from: config.x`"
            notes.error(
                "H1",
                Place(command.line, 1),
                "the address does not begin with a value of the configuration",
                advice,
                step.id,
            )
        for number, line in enumerate(head[1:], start=command.line + 1):
            if TEMPLATE.search(line.partition(":")[0]):
                notes.error("H1", Place(number, 1), "the name of a header holds a value", step=step.id)
