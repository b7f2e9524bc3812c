"""Values for parameters: typed, picked, from where the runbook says, the default, else asked for.

Labels are hostile input. One that does not fit is never used and nothing takes its place, not even the default: a
cluster nobody meant is worse than a question.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.importing.placeholders import parameter_name
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.options import Parameter
from oncall_tui.runbook.values.check import objection
from oncall_tui.runbook.values.known import Known

_SHOWN = 80
"""Characters of a rejected value that are shown."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter holds, and how it came by it."""

    name: str
    text: str | None = field(default=None, repr=False)
    """``None`` while nobody has said. Of a secret: the reference that it is read from when its step starts."""
    origin: str = ""
    """In words: ``label service``, ``typed``, ``default``."""
    problem: str = ""
    """Why what was found is not used; it is asked for then."""
    offered: tuple[tuple[str, str], ...] = ()
    """What records that disagree say: source and value."""
    is_secret: bool = False

    @property
    def shown(self) -> str:
        """The value as it may stand on a screen or in a journal."""
        return f"‹secret:{self.name}›" if self.is_secret and self.text else self.text or ""


Found = tuple[str, str]
"""A text and where it comes from."""


def resolve(parameters: Mapping[str, Parameter], known: Known) -> Mapping[str, Value]:
    """A value for each parameter, or why there is none."""
    return {name: _value(parameter, known) for name, parameter in parameters.items()}


def given(runbook: Runbook, values: Mapping[str, Value]) -> Runbook:
    """The runbook with the names off ``unresolved`` that have a value."""
    has_value = {name for name, value in values.items() if value.text is not None}
    steps = (
        replace(one, unresolved=tuple(name for name in one.unresolved if name not in has_value))
        for one in runbook.steps
    )
    return replace(runbook, steps=tuple(steps))


def _value(parameter: Parameter, known: Known) -> Value:
    name = parameter.name
    for said, origin in ((known.typed, "typed"), (known.picked, f"picked from {_step(parameter)}")):
        if name in said:
            return _checked(parameter, said[name], origin)
    for place in parameter.origins:
        kind, _, key = place.partition(".")
        value = _READERS[kind](parameter, key, known)
        if value is not None:
            return value
    if parameter.default is not None:
        return _checked(parameter, parameter.default, "default")
    return Value(name, is_secret=parameter.is_secret)


def _step(parameter: Parameter) -> str:
    return parameter.pick.step if parameter.pick else "a list"


def _checked(parameter: Parameter, text: str, origin: str) -> Value:
    reason = objection(parameter, text)
    if not reason:
        return Value(parameter.name, text, origin, is_secret=parameter.is_secret)
    shown = "" if parameter.is_secret else f" = {clean_line(text, _SHOWN)}"
    return Value(parameter.name, problem=f"{origin}{shown} is not used: it {reason}", is_secret=parameter.is_secret)


def _of_records(parameter: Parameter, what: str, key: str, said: Iterator[Found]) -> Value | None:
    """The one value of all records; those that disagree are offered, and asked about."""
    found = [(source, text) for source, text in said if text]
    texts = dict.fromkeys(text for _, text in found)
    if not texts:
        return None
    if len(texts) == 1:
        return _checked(parameter, next(iter(texts)), f"{what} {key}")
    offered = tuple((source, text) for source, text in found if not objection(parameter, text))
    told = ", ".join(f"{source} says {clean_line(text, _SHOWN)}" for source, text in found)
    return Value(parameter.name, problem=f"{what} {key}: {told}", offered=offered)


def _label(parameter: Parameter, key: str, known: Known) -> Value | None:
    is_imported = bool(parameter.written)

    def said() -> Iterator[Found]:
        for record in known.records:
            exact = record.labels.get(key)
            if exact is None and is_imported:
                exact = next((text for name, text in record.labels.items() if parameter_name(name) == key), None)
            if exact is not None:
                yield record.source, exact

    return _of_records(parameter, "label", key, said())


def _annotation(parameter: Parameter, key: str, known: Known) -> Value | None:
    said = ((one.source, one.annotations[key]) for one in known.records if key in one.annotations)
    return _of_records(parameter, "annotation", key, said)


def _deployment(parameter: Parameter, key: str, known: Known) -> Value | None:
    text = known.version if key == "version" else known.previous_version
    words = "version of the nearest deployment" if key == "version" else "version before the nearest deployment"
    return _checked(parameter, text, words) if text else None


def _config(parameter: Parameter, key: str, known: Known) -> Value | None:
    text = known.config.get(key)
    if text is None:
        return None
    if parameter.is_secret:
        return Value(parameter.name, text, f"configuration {key}", is_secret=True)
    return _checked(parameter, text, f"configuration {key}")


def _environment(parameter: Parameter, key: str, known: Known) -> Value | None:
    text = known.environ.get(key)
    if not text:
        return None
    if parameter.is_secret:
        return Value(parameter.name, f"env:{key}", f"environment variable {key}", is_secret=True)
    return _checked(parameter, text, f"environment variable {key}")


_READERS: Mapping[str, Callable[[Parameter, str, Known], Value | None]] = {
    "labels": _label,
    "annotations": _annotation,
    "deployment": _deployment,
    "config": _config,
    "env": _environment,
}
