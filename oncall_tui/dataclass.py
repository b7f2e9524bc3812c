"""``dataclass`` as the standard library's, in a tenth of its time: ``from oncall_tui.dataclass import dataclass``.

The standard library writes the source of six methods for every class and compiles each by itself: half a millisecond,
and fifty classes of ours are made before the first paint. Here the library looks after fields, slots and checks, and
``__init__``, ``__eq__`` and ``__hash__`` are compiled when they are first called: of many classes there never is a
value. ``fields``, ``replace``, ``copy`` and ``pickle`` work as ever. Of the options there are ``frozen`` and ``slots``;
a class and the dataclass it inherits from are decorated by the same of the two.
"""

import dataclasses
from collections.abc import Callable
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls=None, /, *, frozen=False, slots=False):
        """``dataclasses.dataclass`` with these two of its options."""
        if cls is None:
            return lambda decorated: _made(decorated, frozen, slots)
        return _made(cls, frozen, slots)


_Fields = tuple["dataclasses.Field[Any]", ...]
_Method = Callable[..., Any]
_set = object.__setattr__


def _made(cls: type, frozen: bool, slots: bool) -> type:
    # A class that says how it compares has a ``__hash__`` of None from Python, which it did not say.
    own = {name for name, value in vars(cls).items() if value is not None}
    made: type = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
    fields = dataclasses.fields(made)
    compared = [one.name for one in fields if one.compare]
    hashed = [one.name for one in fields if (one.compare if one.hash is None else one.hash)]
    methods: dict[str, _Method | None] = {
        "__init__": _when_called(made, "__init__", lambda: _init(made, fields, frozen)),
        "__repr__": _repr(tuple(one.name for one in fields if one.repr)),
        "__eq__": _when_called(made, "__eq__", lambda: _eq(compared)),
        "__hash__": _when_called(made, "__hash__", lambda: _hash(hashed)) if frozen else None,
    }
    if frozen:
        names = tuple(one.name for one in fields)
        # Slots cannot be written from outside by what copies and unpickles.
        methods |= _frozen(made, names) | (_state(names) if slots else {})
    for name, method in methods.items():
        if name not in own:
            _put(made, name, method)
    return made


def _put(made: type, name: str, method: _Method | None) -> None:
    if method is not None:
        method.__name__, method.__qualname__ = name, f"{made.__qualname__}.{name}"
    setattr(made, name, method)


def _when_called(made: type, name: str, write: Callable[[], _Method]) -> _Method:
    """A method that puts the real one in its place when it is first called."""

    def method(self: object, *args: object, **kwargs: object) -> object:
        real = write()
        _put(made, name, real)
        return real(self, *args, **kwargs)

    return method


def _init(made: type, fields: _Fields, frozen: bool) -> _Method:
    known: dict[str, Any] = {"__set__": _set, "__missing__": dataclasses.MISSING}
    told, lines = ["self"], []
    for one in fields:
        value, given = one.name, one.name
        if one.default is not dataclasses.MISSING:
            known[f"__default_{one.name}"] = one.default
            given += f"=__default_{one.name}"
        elif one.default_factory is not dataclasses.MISSING:
            known[f"__new_{one.name}"] = one.default_factory
            given += "=__missing__"
            value = f"__new_{one.name}() if {one.name} is __missing__ else {one.name}"
        if one.init:
            told.append(given)
        elif given == one.name:
            continue
        else:
            value = f"__new_{one.name}()" if given.endswith("__missing__") else f"__default_{one.name}"
        lines.append(f"__set__(self, {one.name!r}, {value})" if frozen else f"self.{one.name} = {value}")
    if hasattr(made, "__post_init__"):
        lines.append("self.__post_init__()")
    real = _written("__init__", told, lines or ["pass"], known)
    real.__annotations__ = {one.name: one.type for one in fields if one.init} | {"return": None}
    return real


def _eq(names: list[str]) -> _Method:
    ours, theirs = (f"({''.join(f'{whose}.{name}, ' for name in names)})" for whose in ("self", "other"))
    same = f"{ours} == {theirs} if other.__class__ is self.__class__ else NotImplemented"
    return _written("__eq__", ["self", "other"], [f"return {same}"], {})


def _hash(names: list[str]) -> _Method:
    return _written("__hash__", ["self"], [f"return hash(({''.join(f'self.{name}, ' for name in names)}))"], {})


def _written(name: str, told: list[str], lines: list[str], known: dict[str, Any]) -> _Method:
    """A function from its source. The names of fields are identifiers: nothing else of a class gets into it."""
    exec(f"def {name}({', '.join(told)}):\n " + "\n ".join(lines), known)
    function: _Method = known[name]
    return function


def _repr(names: tuple[str, ...]) -> _Method:
    def __repr__(self: object) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({shown})"

    return recursive_repr()(__repr__)


def _frozen(made: type, names: tuple[str, ...]) -> dict[str, _Method]:
    def __setattr__(self: object, name: str, value: object) -> None:
        if type(self) is made or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        _set(self, name, value)

    def __delattr__(self: object, name: str) -> None:
        if type(self) is made or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        object.__delattr__(self, name)

    return {"__setattr__": __setattr__, "__delattr__": __delattr__}


def _state(names: tuple[str, ...]) -> dict[str, _Method]:
    def __getstate__(self: object) -> list[object]:
        return [getattr(self, name) for name in names]

    def __setstate__(self: object, state: list[object]) -> None:
        for name, value in zip(names, state, strict=True):
            _set(self, name, value)

    return {"__getstate__": __getstate__, "__setstate__": __setstate__}
