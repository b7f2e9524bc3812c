"""What bash would compute of a value: every construct that runs a command out of one is refused, the rest is not."""

import subprocess
from pathlib import Path

import pytest

from oncall_tui.runbook.binding.computing import computed

VALUES = ("a[$(touch effect)]", "a[`touch effect`]", "a[$(touch effect)]=1", "$(touch effect)[0]")
COMPUTING = [
    "echo $((x))",
    "echo $(( x + 1 ))",
    "echo $(($x))",
    "echo $[x]",
    "((x > 1))",
    "(( $x > 1 ))",
    "let x",
    'let "y=x"',
    "for ((i=0; i<x; i++)); do break; done",
    "[[ $x -eq 1 ]]",
    '[[ "$x" -gt 1 ]]',
    "[[ x -le 1 ]]",
    "[[ -v $x ]]",
    '[ -v "$x" ]',
    'test -v "$x"',
    "echo ${!x}",
    "echo ${x@P}",
    "y=abc; echo ${y:x}",
    "y=abc; echo ${y:$x:1}",
    "y=(1 2); echo ${y[x]}",
    "y=(1 2); echo ${y[$x]}",
    "y[x]=1",
    "y[$x]=1",
    'printf -v "$x" y',
    'read -r "$x" <<< 1',
    'unset "$x"',
    'declare "$x"',
    'declare -i y="$x"',
    'export "$x"',
    'mapfile "$x" <<< 1',
    'n="$x"; echo $((n + 1))',
    'n="$x"; if [[ $n -gt 3 ]]; then echo; fi',
]
PLAIN = [
    'echo "$x"',
    'jq . <<< "$x"',
    'export y="$x"',
    '[ "$x" = y ] && echo same',
    "[[ $x == a ]]",
    'printf "%s" "$x"',
    'for one in "$x"; do echo "$one"; done',
    "echo ${x:-none} ${#x} ${x%.*}",
]


def _has_effect(body: str, value: str, folder: Path) -> bool:
    command = ["bash", "--noprofile", "--norc", "-c", body]
    environ = {"PATH": "/usr/bin:/bin", "x": value}
    subprocess.run(command, cwd=folder, env=environ, capture_output=True, timeout=60, check=False)
    return (folder / "effect").exists()


@pytest.mark.parametrize("body", COMPUTING)
def test_what_bash_computes_is_refused_for_a_value_with_a_command_in_it(body: str) -> None:
    for value in VALUES:
        assert "bash would run what stands there" in computed(body, {"x": value})
    assert computed(body, {"x": "12", "y": "web[0]", "z": "$5"}) == ""


@pytest.mark.parametrize("body", PLAIN)
def test_what_bash_does_not_compute_gets_every_value(body: str, tmp_path: Path) -> None:
    for value in VALUES:
        assert computed(body, {"x": value}) == ""
        assert not _has_effect(body, value, tmp_path)


def test_the_list_is_not_made_up(tmp_path: Path) -> None:
    """Bash really runs the command, in nearly all of them."""
    met = 0
    for at, body in enumerate(COMPUTING):
        folder = tmp_path / str(at)
        folder.mkdir()
        met += any(_has_effect(body, value, folder) for value in VALUES[:1] + VALUES[2:])
    assert met >= len(COMPUTING) - 6
