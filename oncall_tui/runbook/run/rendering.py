"""The text of a step with its values, where they belong into the text at all: PromQL and HTTP."""

from collections.abc import Callable, Mapping

from oncall_tui.runbook.binding.encode import check_shell, check_sql, encode_http, encode_promql
from oncall_tui.runbook.binding.templates import Bound as Value
from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.finding import Finding, Level
from oncall_tui.runbook.model import Step
from oncall_tui.runbook.options import Type
from oncall_tui.runbook.run.known import Known

Config = Callable[[str], str | None]
"""A value of the configuration, by its dotted name."""
_CONFIG = "config."


def problem_of(kind: Kind, body: str) -> str:
    """Why no value may come near this text, in words; empty when it may."""
    findings: tuple[Finding, ...] = ()
    if kind is Kind.SHELL:
        findings = check_shell(body)
    elif kind is Kind.SQL:
        findings = check_sql(body)
    return next((f"{one.problem}; {one.advice}" for one in findings if one.level is Level.ERROR), "")


def rendered(known: Known, step: Step, kind: Kind, body: str, values: Mapping[str, str], config: Config) -> str:
    """The text as it runs.

    Raises:
        Unbound: a value cannot stand where the step names it.
    """
    if kind in (Kind.SHELL, Kind.SQL):
        return body
    typed = {name: Value(text, _type_of(known, step.uses.get(name, name))) for name, text in values.items()}
    if kind is Kind.PROMQL:
        return encode_promql(body, typed)
    return encode_http(body, typed, _of_config(known, step, values, config))


def _type_of(known: Known, name: str) -> Type:
    if (parameter := known.runbook.params.get(name)) is not None:
        return parameter.type
    value = known.names().get(name)
    if isinstance(value, bool):
        return Type.BOOL
    return Type.INT if isinstance(value, int) else Type.FLOAT if isinstance(value, float) else Type.STRING


def _of_config(known: Known, step: Step, values: Mapping[str, str], config: Config) -> frozenset[str]:
    """The names whose value is that of the configuration, whatever is said of where it came from."""
    found = set()
    for name, value in values.items():
        parameter = known.runbook.params.get(step.uses.get(name, name))
        origins = parameter.origins if parameter is not None else ()
        if origins and all(one.startswith(_CONFIG) and config(one.removeprefix(_CONFIG)) == value for one in origins):
            found.add(name)
    return frozenset(found)
