"""The effective configuration, defaults included, as text that can be loaded again. Secrets stay references."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from oncall_tui.config.keys import Key
from oncall_tui.config.model import Config, Struct

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_UNWRITTEN = re.compile("[\x7f-\x9f]")

Data = dict[str, object]


def as_data(config: Struct) -> Data:
    """Plain data of a table, keys as they are written in the file; what has no value is left out."""
    kind = config.__struct_config__
    data: Data = {kind.tag_field: kind.tag} if kind.tag_field else {}
    for field in msgspec.structs.fields(config):
        value = getattr(config, field.name)
        if value is not None:
            data[field.encode_name] = _plain(value)
    return data


def as_toml(config: Config) -> str:
    """The configuration as TOML: ``load`` of this text gives the same settings."""
    lines: list[str] = []
    _write_table(as_data(config), (), lines)
    return "\n".join(lines).strip() + "\n"


def as_json(config: Config) -> str:
    """The configuration as one JSON object, with the keys of the file."""
    return json.dumps(as_data(config), indent=2, ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, Struct):
        return as_data(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Path) else value


def _write_table(table: Mapping[str, object], key: Key, lines: list[str], header: str = "[{}]") -> None:
    """Plain values first, then the tables below; an empty table still gets its header, for it says that it exists."""
    below = {name: value for name, value in table.items() if _is_table(value)}
    plain = {name: value for name, value in table.items() if name not in below}
    if key and (plain or not below or header == "[[{}]]"):
        lines += ["", header.format(".".join(_name(str(part)) for part in key))]
    lines += [f"{_name(name)} = {_literal(value)}" for name, value in plain.items()]
    for name, value in below.items():
        if isinstance(value, Mapping):
            _write_table(value, (*key, name), lines)
        elif isinstance(value, list):
            for entry in value:
                _write_table(entry, (*key, name), lines, "[[{}]]")


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and any(isinstance(one, Mapping) for one in value))


def _name(name: str) -> str:
    return name if _BARE.fullmatch(name) else _literal(name)


def _literal(value: object) -> str:
    """A TOML value: JSON writes texts, numbers and truth the same way."""
    if isinstance(value, list):
        return f"[{', '.join(_literal(one) for one in value)}]"
    text = json.dumps(value, ensure_ascii=False)
    return _UNWRITTEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
