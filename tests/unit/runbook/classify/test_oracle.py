"""What is classed ``read`` is run by bash with stand-ins for every program: it must start nothing that is not read."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oncall_tui.runbook.classify import judge
from oncall_tui.runbook.classify.tools import rules
from oncall_tui.runbook.classify.walk import Walk
from oncall_tui.runbook.classify.words import Word
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.execution import Kind
from tests.unit.runbook.classify.oracle import Happened, Oracle

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")

SIGNS = r"""
ls cat echo canary canary_x $(canary) `canary` grep a -x x ; && || | |& ! ( ) { } [[ ]] [ ] (( )) $(( $( ` ' " $'
\ # <<EOF <<'EOF' EOF <<< < <( >( >/dev/null 2>&1 2>& $x ${x} ${x:-a} ${ } $ x= x=1 = for i in do done if then fi case
esac *) ;; while ~ * ? {a,b} {1..3} & -eq -v == =~ [0] \' \" '' canary' 'canary "canary canary" true :
"""
PIECES = [*SIGNS.split(), " ", "  ", "\n", "\n", "\nEOF\n", "\\\n", " \\\n", "\t", " # ", "; do ", " in "]
BASES = [
    "ls -la /tmp",
    "for i in a b; do cat $i; done",
    "if grep -q x f; then ls; fi",
    "cat <<EOF\na $x b\nEOF\nls",
    "x=1; ls $x",
    'ls "$(date)" | sort -k2',
    "case $x in a) ls;; *) cat f;; esac",
    "[[ -n $x ]] && ls",
    "echo \"a b\" 'c d' e\\ f | head",
    "while read -r line; do echo $line; done < f",
    "kubectl get pods -n x 2>&1 | grep -v Running",
    "( ls; cat f ) || { id; }",
    "diff <(sort a) <(sort b)",
    "echo $((1 + 2)) `date`",
    "find . -name '*.log' | xargs grep -l x",
    "ls \\\n  -la # end",
]


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """A body that works, with pieces of shell thrown in, or nothing but pieces."""
    text = draw(st.sampled_from(["", *BASES]))
    for piece in draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6)):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + piece + text[at:]
    return text


@pytest.fixture
def oracle(tmp_path: Path) -> Oracle:
    return Oracle(tmp_path)


def faults(happened: Happened) -> list[tuple[str, ...]]:
    """The programs that were started and are not read; arguments can be missing where a variable was empty."""
    judged = [(call, Walk(rules()).command([Word(word) for word in call])) for call in happened.started if call]
    return [call for call, judgement in judged if judgement.danger is not Danger.READ]


def test_the_oracle_sees_what_is_started(oracle: Oracle) -> None:
    happened = oracle.ran("ls a; echo $(canary 'b c') > f")
    assert set(happened.started) == {("ls", "a"), ("canary", "b c")}
    assert happened.left == {"f"}
    assert faults(happened) == [("canary", "b c")]


@settings(
    deadline=None, max_examples=1_500, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(body=bodies())
def test_what_is_read_starts_only_what_is_read(oracle: Oracle, body: str) -> None:
    if judge(Kind.SHELL, body).danger is not Danger.READ:
        return
    happened = oracle.ran(body)
    assert not faults(happened), body
    assert not happened.left, body
