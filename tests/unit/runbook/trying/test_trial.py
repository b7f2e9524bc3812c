"""What a case expects is held against the engine; a case that is not so fails."""

from pathlib import Path

import pytest

from tests.unit.runbook.trying.books import BOOK, problems

SCALED = """
given: {labels: {service: api}, config: {account: "1"}}
fixtures: {cpu: [{value: 91}, {value: 40}], count: {stdout: "4\\n"}, scale: {stdout: ok}, guards: {stdout: "1\\n"}}
do: [run count, confirm scale]
expect: {recommended: [scale], env: {scale.target: "6"}, state: {scale: done, count: done}, blocked: [end]}
"""


def test_what_is_as_expected_passes(tmp_path: Path) -> None:
    assert problems(tmp_path, SCALED) == []


@pytest.mark.parametrize(
    ("was", "now", "problem"),
    [
        ("value: 91", "value: 9", "expect.recommended: scale is not (not indicated: cpu"),
        ("recommended: [scale]", "recommended: []", "expect.recommended: scale is as well"),
        ("recommended: [scale]", "recommended: [scale, end]", "expect.recommended: end is not (no condition"),
        ('scale.target: "6"', 'scale.target: "7"', "expect.env: scale.target was '6', not '7'"),
        ("scale: done", "scale: failed", "expect.state: scale is done"),
        ("{value: 40}", "{value: 90}", "expect.state: scale is unverified"),
        ("blocked: [end]", "blocked: [sessions]", "expect.blocked: sessions could be started"),
        ('stdout: "1\\n"', 'stdout: "2\\n"', "confirm scale: the guard echo 1 does not hold"),
        ('stdout: "4\\n"', 'stdout: "None\\n"', "confirm scale: target: cannot be computed"),
        ("run count, confirm", "run count, run", "run scale: it asks for more than the run key"),
        ("service: api", "service: API", "given service: label service = API is not used"),
        ("scale: {stdout: ok}, ", "", "scale was started and has no fixture"),
    ],
)
def test_what_is_not_as_expected_fails_and_says_what(tmp_path: Path, was: str, now: str, problem: str) -> None:
    assert was in SCALED
    found = problems(tmp_path, SCALED.replace(was, now, 1))
    assert any(one.startswith(problem) for one in found), found


def test_no_data_is_unknown_and_several_series_are_reduced(tmp_path: Path) -> None:
    given = 'given: {labels: {service: api}, config: {account: "1"}}\n'
    unknown = f"{given}fixtures: {{cpu: {{value: null}}, guards: {{stdout: 1}}}}\nexpect: {{recommended: []}}"
    assert problems(tmp_path, unknown) == []
    several = f"{given}fixtures: {{cpu: {{value: [1, 99]}}, guards: {{stdout: 1}}}}\nexpect: {{recommended: [scale]}}"
    assert problems(tmp_path, several) == []
    not_a_number = unknown.replace("null", ".nan")
    assert problems(tmp_path, not_a_number) == []


def test_a_picked_row_is_what_runs(tmp_path: Path) -> None:
    case = """
given: {labels: {service: api}, config: {account: "1"}}
fixtures: {sessions: {stdout: "pid\\n7\\n8\\n"}, end: {stdout: "pg_terminate_backend\\nt\\n"}, guards: {stdout: "1"}}
do: [run sessions, pick sessions 2, confirm end, skip scale]
expect: {env: {end.pid: "8"}, state: {end: done, scale: skipped}}
"""
    assert problems(tmp_path, case) == []
    found = problems(tmp_path, case.replace("sessions 2", "sessions 3"))
    assert found[0].startswith("pick sessions: the table is cut")


def test_hostile_values_are_refused_or_arrive_as_they_are(tmp_path: Path) -> None:
    # `words` takes anything: what gets through its pattern has to arrive in the environment, and only there.
    assert problems(tmp_path, f"{SCALED}fuzz: [service, words, pid]") == []


def test_a_value_that_becomes_part_of_a_query_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pasted(body: str, values: dict[str, object]) -> str:
        return body.replace("{{service}}", str(getattr(values["service"], "text", values["service"])))

    monkeypatch.setattr("oncall_tui.runbook.run.rendering.encode_promql", pasted)
    loose = BOOK.replace('pattern: "[a-z]{1,9}"', 'pattern: "(?s).*"')
    found = problems(tmp_path, f"{SCALED}fuzz: [service]", loose)
    assert any("changes what cpu asks" in one for one in found), found


def test_a_value_that_becomes_part_of_a_script_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pasted(*arguments: object) -> str:
        body, values = arguments[3], arguments[4]
        assert isinstance(body, str) and isinstance(values, dict)
        return body.replace('"$words"', values.get("words", '"$words"'))

    monkeypatch.setattr("oncall_tui.runbook.run.bound.rendered", pasted)
    found = problems(tmp_path, f"{SCALED}fuzz: [words]")
    assert any("changes the text of count" in one for one in found), found
