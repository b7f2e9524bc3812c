"""Whatever a mutating command is wrapped in, it is never read; whatever text comes, nothing is raised or slow."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall_tui.runbook.classify import judge, simple_commands
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.execution import Kind
from tests.pace import pace
from tests.unit.runbook.classify.table import MUTATING, READING, SQL

ONE_LINE = [row.body for row in MUTATING if "\n" not in row.body]
STARTED = [
    "touch f",
    "rm -rf x",
    "kubectl delete pod x",
    "sudo reboot",
    "redis-cli FLUSHALL",
    "sed -i s/a/b/ f",
    "frobnicate",
]
STATEMENTS = [row.body for row in SQL if row.sort != "read" and row.body not in (";", "-- nothing")]
WRAPPERS = [
    "sudo {}",
    "sudo -n -u root {}",
    "env {}",
    "env -i LC_ALL=C {}",
    "time {}",
    "nohup {}",
    "timeout 5 {}",
    "nice -n 5 {}",
    "ionice -c 3 {}",
    "stdbuf -oL {}",
    "setsid {}",
    "xargs {}",
    "xargs -n 1 {}",
    "xargs -I% {}",
    "command {}",
    "coproc {}",
    "exec {}",
    "watch {}",
    "ssh host {}",
    "chroot /x {}",
    "unshare {}",
    "nsenter -t 1 {}",
    "flock /l {}",
    "strace {}",
    "doas {}",
    "parallel {}",
    "kubectl exec x -- {}",
    "docker exec x {}",
    "find . -exec {} \\;",
    "bash -c '{}'",
    'bash -c "{}"',
    "sudo bash -c '{}'",
    "ssh host '{}'",
    "watch '{}'",
    "eval '{}'",
    "trap '{}' EXIT",
    "echo '{}' | sh",
    "bash <<< '{}'",
]
PLACES = [
    "{}",
    "ls; {}",
    "{}; ls",
    "ls && {}",
    "ls || {}",
    "ls | {}",
    "{} | cat",
    "! {}",
    "( {} )",
    "{{ {}; }}",
    "$( {} )",
    "echo $({})",
    'echo "$({})"',
    "echo `{}`",
    'echo "a `{}` b"',
    "x=$({})",
    "x=$({}) ls",
    "ls <({})",
    "ls >({})",
    "for i in 1; do {}; done",
    "for i in $({}); do ls; done",
    "while {}; do ls; done",
    "until ls; do {}; done",
    "if {}; then ls; fi",
    "if ls; then {}; fi",
    "if ls; then ls; else {}; fi",
    "case x in x) {};; esac",
    "case $({}) in x) ls;; esac",
    "[[ -n $({}) ]]",
    '[ -n "$({})" ]',
    "cat <<EOF\n$({})\nEOF",
    "cat <<< $({})",
    "echo ${{x:-$({})}}",
    "echo $(( $({}) ))",
    "f() {{ {}; }}; f",
    "{} &",
    "ls # x\n{}",
    "ls \\\n  ; {}",
    "\n\n{}\n",
    "a=([$({})]=1)",
    "echo ${{x/$({})/}}",
    "{} > /dev/null 2>&1",
    "cat < $({})",
    "printf '%s' $({})",
]


@settings(deadline=None, max_examples=400)
@given(
    st.sampled_from(STARTED),
    st.lists(st.sampled_from(WRAPPERS), max_size=3),
    st.lists(st.sampled_from(PLACES), max_size=3),
)
def test_no_wrapper_and_no_place_makes_a_command_read(started: str, wrappers: list[str], places: list[str]) -> None:
    body = started
    for wrapper in wrappers:
        body = wrapper.format(body)
    for place in places:
        body = place.format(body)
    assert judge(Kind.SHELL, body).danger is not Danger.READ, body


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(ONE_LINE), st.sampled_from(PLACES))
def test_no_place_makes_a_row_of_the_table_read(row: str, place: str) -> None:
    assert judge(Kind.SHELL, place.format(row)).danger is not Danger.READ, place.format(row)


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(STARTED),
    st.integers(0, 5),
    st.sampled_from(["'", '"', "\\", "''", '""', "$''", "${x}", "$(:)", "\\\n"]),
)
def test_no_quote_inside_its_name_hides_a_command(started: str, at: int, quote: str) -> None:
    if quote in ("'", '"'):
        name, _, rest = started.partition(" ")
        hidden = f"{quote}{name}{quote} {rest}"
    else:
        hidden = started[: at % len(started.split()[0])] + quote + started[at % len(started.split()[0]) :]
    assert judge(Kind.SHELL, hidden).danger is not Danger.READ, hidden
    assert judge(Kind.SHELL, f"ls; {hidden}").danger is not Danger.READ, hidden


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(list(Kind)), st.text(max_size=300))
def test_arbitrary_text_is_judged_without_an_error(kind: Kind, text: str) -> None:
    judgement = judge(kind, text)
    assert judgement.danger is Danger.READ or judgement.reasons
    simple_commands(text)


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="'\"`$(){}[]<>|&;\\!*?~#= \n\tabx1-", min_size=1, max_size=60))
def test_signs_of_the_shell_thrown_together_are_never_read_with_an_unknown_command(text: str) -> None:
    """``x`` and its like are no commands: whatever is read of such text starts nothing."""
    for command in simple_commands(text):
        assert command.judgement.danger is not Danger.READ or command.text.startswith(":"), (text, command)


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(STATEMENTS),
    st.sampled_from(["{};", " {}", "/* a */ {}", "-- a\n{}", "SELECT 1; {}"]),
)
def test_no_comment_makes_a_statement_read(statement: str, place: str) -> None:
    assert judge(Kind.SQL, place.format(statement)).danger is not Danger.READ


LONG = {
    "words": "ls " + "a " * 2_000_000,
    "parentheses": "(" * 30_000,
    "closed parentheses": "(" * 10_000 + "ls" + ")" * 10_000,
    "substitutions": "$(" * 10_000,
    "braces": "echo " + "{a,b}" * 6_000,
    "quotes": "'\"" * 15_000,
    "commands": "ls;" * 10_000,
    "pipes": "ls|" * 10_000 + "ls",
    "here-documents": "cat <<A\n" * 4_000,
    "backslashes": "\\" * 32_000,
    "dollars": "$" * 32_000,
    "broken loops": "for i in a; do " * 2_000,
    "sed": "sed '" + "s/a/b/;" * 280 + "w'",
    "sed's addresses": "sed '" + "/" * 1_900 + "'",
    "mongosh": "mongosh --eval 'db.a.find(" + "a" * 20_000 + "(')",
    "awk": "awk '" + '"' * 30_000 + "'",
    "arithmetic": "echo $((" + "1+" * 8_000 + "1))",
}


@pytest.mark.parametrize("name", LONG)
def test_long_text_takes_no_long_time(name: str) -> None:
    began = time.process_time()
    judge(Kind.SHELL, LONG[name])
    assert time.process_time() - began < 3.0 * pace()


@pytest.mark.parametrize(
    "text",
    ["/*" * 90_000, "'" * 199_999, "$a$" * 60_000, "SELECT " + "(" * 150_000, "-" * 190_000, "1" * 199_000 + "a"],
)
@pytest.mark.parametrize("kind", [Kind.SQL, Kind.HTTP])
def test_long_statements_take_no_long_time(kind: Kind, text: str) -> None:
    began = time.process_time()
    assert judge(kind, text).danger is not Danger.READ
    assert time.process_time() - began < 3.0 * pace()


def test_many_reading_commands_in_a_row_are_read() -> None:
    """Bodies of the length that people write are judged, not refused."""
    lines = [row.body for row in READING if "\n" not in row.body and not row.needs_terminal][:100]
    assert judge(Kind.SHELL, "\n".join(line for line in lines if not line.startswith("exec"))).danger is Danger.READ
