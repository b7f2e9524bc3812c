"""Plain TOML data to the structs of ``model``, table by table, so that each finding knows its full key.

Nothing stops at the first mistake: a bad value gives a finding and its default takes its place, so that the rest of
the file is read as well. What comes out together with findings is only good for finding more.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec

from oncall_tui.config.expected import MOVED, expected_value, known_keys, near, nearest
from oncall_tui.config.keys import Finding, Key
from oncall_tui.config.model import Config, Struct

Data = Mapping[str, object]
"""A TOML document as ``tomllib`` gives it."""

_PLACEHOLDERS: Mapping[type, object] = {str: "", tuple: ()}
"""What stands in for a required value that is missing or wrong, until the findings are told."""


class _Wrong:
    """The outcome of a value that gave a finding."""


_WRONG = _Wrong()


def convert(data: Data, folder: Path) -> tuple[Config, tuple[Finding, ...]]:
    """All of a document, with what is wrong about its shape. Relative paths are taken from ``folder``."""
    converter = _Converter(folder)
    config = converter.table(Config, data, ())
    assert isinstance(config, Config)
    return config, tuple(converter.findings)


class _Converter:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.findings: list[Finding] = []

    def table(self, kind: type[Struct], data: Data, key: Key) -> Struct:
        """One table as its struct, keys that it does not have reported."""
        fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
        tag = kind.__struct_config__.tag_field
        for name in data:
            if name not in fields and name != tag:
                self.findings.append(_unknown_key(name, kind, key))
        values: dict[str, Any] = {}
        for name, field in fields.items():
            default = None if field.default is msgspec.NODEFAULT else field.default
            if name in data:
                value = self._value(field.type, data[name], (*key, name), default)
                if not isinstance(value, _Wrong):
                    values[field.name] = value
            elif field.required:
                self._report((*key, name), "missing", f"write {expected_value(field.type, default)}")
            if field.required and field.name not in values:
                values[field.name] = _PLACEHOLDERS[get_origin(field.type) or field.type]
        return kind(**values)

    def _value(self, annotation: Any, raw: object, key: Key, default: object = None) -> object:
        kinds = [one for one in _alternatives(annotation) if one is not type(None)]
        if all(isinstance(one, type) and issubclass(one, Struct) for one in kinds):
            return self._struct(kinds, raw, key)
        if get_origin(annotation) is dict:
            return self._dict(annotation, raw, key)
        if get_origin(annotation) is tuple:
            return self._tuple(annotation, raw, key)
        if kinds == [Path]:
            return self._path(raw, key)
        try:
            return msgspec.convert(raw, annotation, strict=True)
        except msgspec.ValidationError:
            problem = "unknown word" if get_origin(annotation) is Literal and isinstance(raw, str) else _wrong_type(raw)
            return self._wrong(key, problem, f"write {expected_value(annotation, default)}")

    def _struct(self, kinds: list[type[Struct]], raw: object, key: Key) -> object:
        if not isinstance(raw, Mapping):
            return self._wrong(key, _wrong_type(raw), "write a table of keys and values")
        if len(kinds) == 1 and kinds[0].__struct_config__.tag is None:
            return self.table(kinds[0], raw, key)
        return self._tagged(kinds, raw, key)

    def _tagged(self, kinds: list[type[Struct]], raw: Data, key: Key) -> object:
        """The struct that the table names itself, as a source does with its ``kind``."""
        tag = str(kinds[0].__struct_config__.tag_field)
        by_tag = {str(kind.__struct_config__.tag): kind for kind in kinds}
        words = "write one of " + ", ".join(f'"{word}"' for word in by_tag)
        named = raw.get(tag)
        if named is None:
            return self._wrong((*key, tag), "missing", words)
        if not isinstance(named, str):
            return self._wrong((*key, tag), _wrong_type(named), words)
        if named not in by_tag:
            return self._wrong((*key, tag), f'unknown kind "{named}"', nearest(named, tuple(by_tag)))
        return self.table(by_tag[named], raw, key)

    def _dict(self, annotation: Any, raw: object, key: Key) -> object:
        if not isinstance(raw, Mapping):
            return self._wrong(key, _wrong_type(raw), "write a table of keys and values")
        _, kind = get_args(annotation)
        values = {name: self._value(kind, one, (*key, name)) for name, one in raw.items()}
        return {name: value for name, value in values.items() if not isinstance(value, _Wrong)}

    def _tuple(self, annotation: Any, raw: object, key: Key) -> object:
        kind, _ = get_args(annotation)
        if not isinstance(raw, list):
            return self._wrong(key, _wrong_type(raw), f"write {expected_value(annotation)}")
        values = [self._value(kind, one, (*key, number)) for number, one in enumerate(raw)]
        return tuple(value for value in values if not isinstance(value, _Wrong))

    def _path(self, raw: object, key: Key) -> object:
        """A path, ``~`` expanded; a relative one begins at the folder of the file that names it."""
        if not isinstance(raw, str) or not raw.strip():
            return self._wrong(key, _wrong_type(raw), f"write {expected_value(Path)}")
        try:
            return self._folder / Path(raw).expanduser()
        except RuntimeError:
            return self._wrong(key, "names the home folder of a user that does not exist", "write the path in full")

    def _wrong(self, key: Key, problem: str, expected: str) -> _Wrong:
        self._report(key, problem, expected)
        return _WRONG

    def _report(self, key: Key, problem: str, expected: str) -> None:
        self.findings.append(Finding(key, problem, expected))


def tables_of(config: Struct, key: Key = ()) -> Iterator[tuple[Key, Struct]]:
    """Every table of a configuration with its key, the outermost first."""
    yield key, config
    for field in msgspec.structs.fields(config):
        value = getattr(config, field.name)
        here = (*key, field.encode_name)
        entries: Iterator[tuple[str | int, object]] | Mapping[str, object]
        if isinstance(value, Struct):
            yield from tables_of(value, here)
            continue
        entries = iter(value.items()) if isinstance(value, dict) else enumerate(value if _is_list(value) else ())
        for name, one in entries:
            if isinstance(one, Struct):
                yield from tables_of(one, (*here, name))


def _unknown_key(name: str, kind: type[Struct], key: Key) -> Finding:
    if (*key, name) in MOVED:
        return Finding((*key, name), "has moved", MOVED[*key, name])
    known = known_keys(kind)
    meant = near(name, known)
    return Finding((*key, name), "unknown key", nearest(name, known), None if meant is None else (*key, meant))


def _is_list(value: object) -> bool:
    return isinstance(value, tuple)


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)


def _wrong_type(raw: object) -> str:
    """What was found, in TOML's words, without the value: it may be a secret."""
    words: tuple[tuple[type, str], ...] = (
        (bool, "is a boolean"),
        (str, "is a text"),
        (int, "is a whole number"),
        (float, "is a number"),
        (list, "is a list"),
        (dict, "is a table"),
    )
    if raw == "":
        return "is empty"
    return "wrong type: " + next((word for kind, word in words if isinstance(raw, kind)), "is a date or a time")
