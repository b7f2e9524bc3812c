"""``oncall.toml`` to a ``Config``, or everything that is wrong with it at once."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from oncall_tui.config.convert import convert
from oncall_tui.config.errors import ConfigError, Problem
from oncall_tui.config.keys import Finding, Key, dotted
from oncall_tui.config.model import Config
from oncall_tui.config.paths import FILE_VARIABLE, find_config
from oncall_tui.config.places import line_of, places_of
from oncall_tui.config.rules import Draft, findings

__all__ = ["FILE_VARIABLE", "ConfigError", "Problem", "find_config", "load", "load_anyway", "zero_config"]

ZERO_SOURCE = "prometheus"
"""The name of the only source of a start without a file."""

_WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def load(path: Path) -> Config:
    """Read and check a configuration file. Secrets are not resolved, nothing is written.

    Raises:
        ConfigError: with every problem of the file, in the order of its lines.
    """
    config, problems = load_anyway(path)
    if problems:
        raise ConfigError(problems)
    return config


def load_anyway(path: Path) -> tuple[Config, tuple[Problem, ...]]:
    """The settings as far as they can be read, and every problem in the order of the lines.

    With a problem the settings are only good for finding more that is wrong: defaults stand in for what is missing.

    Raises:
        ConfigError: when the file cannot be read at all, or is not TOML.
    """
    text = _read(path)
    data = _parse(text, path)
    config, wrong = _settings(data, path.absolute().parent)
    if not wrong:
        return config, ()
    places = places_of(text)
    problems = [
        Problem(str(path), dotted(one.key), line_of(places, one.key), one.problem, one.expected) for one in wrong
    ]
    return config, tuple(sorted(problems, key=lambda one: (one.line or 0, one.key)))


def zero_config(prometheus_url: str) -> Config:
    """The settings of ``oncall-tui --prometheus URL``: one server, everything else discovered.

    Raises:
        ConfigError: when the address is not one.
    """
    data = {"sources": {ZERO_SOURCE: {"kind": "prometheus", "url": prometheus_url}}}
    config, wrong = _settings(data, Path())
    if wrong:
        raise ConfigError(Problem("--prometheus", "", None, one.problem, one.expected) for one in wrong)
    return config


def _settings(data: Mapping[str, object], folder: Path) -> tuple[Config, tuple[Finding, ...]]:
    config, wrong = convert(data, folder)
    return config, _first_of_each((*wrong, *findings(Draft(config, data))))


def _first_of_each(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """One finding for a key: a value of the wrong type breaks rules that are none of its business.

    What is missing because its key is misspelt is told once, at the misspelt key.
    """
    meant = {one.meant for one in found}
    first: dict[Key, Finding] = {}
    for one in found:
        first.setdefault(one.key, one)
    return tuple(one for one in first.values() if one.key not in meant or not one.problem.startswith("missing"))


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        advice = "name another one with --config or ONCALL_TUI_CONFIG" if isinstance(error, FileNotFoundError) else ""
        problem = Problem(
            str(path), "", None, f"cannot be read: {(error.strerror or 'no reason given').lower()}", advice
        )
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = Problem(str(path), "", line, "is not UTF-8 text", "save it as UTF-8")
    raise ConfigError([problem])


def _parse(text: str, path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
    except RecursionError:
        message = "Lists or tables are nested too deep"
    where = _WHERE.search(message)
    line, column = (where.group(1), where.group(2)) if where else (None, None)
    if where and line is None:
        line, column = str(text.count("\n") + 1), str(len(text) - text.rfind("\n"))
    words = _WHERE.sub("", message)
    problem = f"not valid TOML: {words[:1].lower()}{words[1:]}"
    raise ConfigError(
        [Problem(str(path), "", int(line) if line else None, problem, "", int(column) if column else None)]
    )
