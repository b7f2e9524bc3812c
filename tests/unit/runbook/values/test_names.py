"""Names that a parameter may not have, and variables that are never asked for."""

import pytest

from oncall_tui.runbook.values.names import is_dangerous, is_given, refusal


@pytest.mark.parametrize(
    "name",
    ["PATH", "BASH_ENV", "ENV", "LD_PRELOAD", "LD_LIBRARY_PATH", "PGOPTIONS", "IFS", "PYTHONPATH", "GIT_SSH_COMMAND"],
)
def test_what_changes_programs_is_no_parameter(name: str) -> None:
    assert is_dangerous(name)


@pytest.mark.parametrize("name", ["POD", "NAMESPACE", "AWS_REGION", "NODE", "NODE_NAME", "CLUSTER", "service", "user"])
def test_ordinary_names_are_asked_for(name: str) -> None:
    assert not is_dangerous(name)
    assert not is_given(name)
    assert refusal(name) == ""


@pytest.mark.parametrize("name", ["HOME", "USER", "PWD", "RANDOM", "BASH_VERSION", "PATH"])
def test_what_a_shell_has_is_not_asked_for(name: str) -> None:
    assert is_given(name)


@pytest.mark.parametrize("name", ["http_proxy", "not", "exit", "first", "oc_x"])
def test_names_that_are_taken_say_by_what(name: str) -> None:
    assert refusal(name)
