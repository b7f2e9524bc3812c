"""Names that change what programs do are neither inherited nor handed on."""

import pytest

from oncall_tui.runbook.process.environment import inherited, refused_names
from oncall_tui.runbook.steering import is_steering
from oncall_tui.runbook.values.names import is_dangerous


def test_the_operators_environment_is_inherited_without_tokens_and_without_what_bash_runs_by_itself() -> None:
    environ = {
        "PATH": "/bin",
        "HOME": "/home/ada",
        "AWS_PROFILE": "prod",
        "PAGERDUTY_TOKEN": "secret",
        "BASH_ENV": "/tmp/evil",
        "ENV": "/tmp/evil",
        "SHELLOPTS": "xtrace",
        "BASHOPTS": "extglob",
        "BASH_FUNC_ls%%": "() { touch evil; }",
    }
    assert inherited(environ, {"PAGERDUTY_TOKEN"}) == {"PATH": "/bin", "HOME": "/home/ada", "AWS_PROFILE": "prod"}


@pytest.mark.parametrize(
    "name",
    ["PATH", "BASH_ENV", "LD_PRELOAD", "PGOPTIONS", "IFS", "PS4", "PROMPT_COMMAND", "http_proxy", "HTTPS_PROXY",
     "BASH_FUNC_ls%%", "PYTHONSTARTUP", "GIT_SSH_COMMAND", "NODE_OPTIONS", "DYLD_INSERT_LIBRARIES", "EDITOR"],
)  # fmt: skip
def test_no_value_takes_a_name_that_steers(name: str) -> None:
    assert is_steering(name)
    assert is_dangerous(name)
    assert name in refused_names({name: "x"})


@pytest.mark.parametrize(
    "name", ["service", "NAMESPACE", "POD", "KUBECONFIG", "AWS_PROFILE", "path", "env", "LC_ALL", "oc_pod", "NODE_NAME"]
)
def test_ordinary_names_are_taken(name: str) -> None:
    assert refused_names({name: "x"}) == ""


@pytest.mark.parametrize("name", ["PERL5OPT", "RUBYOPT", "GLIBC_TUNABLES", "HISTFILE", "ZDOTDIR", "PS0", "MANPAGER"])
def test_what_is_refused_as_a_parameter_is_refused_to_a_program(name: str) -> None:
    assert is_dangerous(name)
    assert is_dangerous(name.lower())
    assert name in refused_names({name: "x"})


@pytest.mark.parametrize("name", ["", "1a", "a-b", "a b", "a=b", "a\nb", "é"])
def test_what_is_no_name_is_refused(name: str) -> None:
    assert "cannot be the name" in refused_names({name: "x"})


def test_a_byte_0_is_refused() -> None:
    assert "byte 0" in refused_names({"a": "x\0y"})
