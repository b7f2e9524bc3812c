"""The rules know every table and every key of the model."""

import re
from datetime import timedelta
from pathlib import Path

import msgspec

from oncall_tui.config import model
from oncall_tui.config.convert import tables_of
from oncall_tui.config.load import load
from oncall_tui.config.model import SourceSettings
from oncall_tui.config.rules.notify import THRESHOLDS
from oncall_tui.config.rules.values import DURATIONS, SEVERITIES
from oncall_tui.domain.durations import DurationError, parse_duration
from tests.unit.config.files import FULL, file_with

STRUCTS = [kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, model.Struct)]


class TestTheRulesKnowTheModel:
    def test_every_key_that_defaults_to_a_span_has_bounds_that_hold_it(self) -> None:
        found = 0
        for name, default in string_defaults():
            try:
                span = parse_duration(default)
            except DurationError:
                continue
            bounds = DURATIONS[name]
            assert parse_duration(bounds.shortest) <= span <= parse_duration(bounds.longest)
            found += 1
        assert found >= 6

    def test_every_example_lies_within_its_bounds(self) -> None:
        for bounds in DURATIONS.values():
            example = parse_duration(bounds.example)
            assert timedelta(0) <= parse_duration(bounds.shortest) <= example <= parse_duration(bounds.longest)

    def test_every_key_that_defaults_to_a_severity_is_held_to_be_one(self) -> None:
        assert {name for name, default in string_defaults() if re.fullmatch("P[1-5]", default)} == {
            *SEVERITIES,
            *THRESHOLDS,
        }

    def test_every_table_is_visited(self, tmp_path: Path) -> None:
        (tmp_path / "ca.pem").touch()
        visited = {type(table) for _, table in tables_of(load(file_with(tmp_path, FULL)))}
        assert visited == set(STRUCTS) - {model.Struct, SourceSettings}


def string_defaults() -> list[tuple[str, str]]:
    """Key and default of every text in the model."""
    fields = [field for kind in STRUCTS for field in msgspec.structs.fields(kind)]
    return [(field.encode_name, field.default) for field in fields if isinstance(field.default, str)]
