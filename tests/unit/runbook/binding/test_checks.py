"""What bodies of shell and SQL may not do with values, and which values they read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall_tui.runbook.binding.encode import check_shell, check_sql, names_in_shell, names_in_sql
from oncall_tui.runbook.finding import Level


def rules(findings: object) -> list[tuple[str, int]]:
    assert isinstance(findings, tuple)
    return [(finding.rule, finding.line) for finding in findings]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('aws ecs list-tasks --cluster "$cluster"', []),
        ("x=$service", []),
        ("[[ $service == api ]]", []),
        ("cat <<EOF\n$service\nEOF", []),
        ("docker ps --format '{{.Names}}'", []),
        ("docker ps --format '{{range .x}}{{.y}}{{end}}'", []),
        ("echo {{service}}", [("S1", 1)]),
        ("ls\necho '{{ service }}'", [("S1", 2)]),
        ("ls $service", [("S4", 1)]),
        ("ls\nls ${service}/x", [("S4", 2)]),
        ("for x in $list; do ls; done", [("S4", 1)]),
        ('eval "$service"', [("S2", 1)]),
        ("eval $service", [("S2", 1)]),
        ('bash -c "ls $service"', [("S2", 1)]),
        ('sudo bash -c "ls $service"', [("S2", 1)]),
        ('ls\nssh "$host" "ls $service"', [("S2", 2)]),
        ('kubectl exec pod -- sh -c "ls $service"', [("S2", 1)]),
        ('python3 -c "print($service)"', [("S2", 1)]),
        ('psql -c "select $service"', [("S2", 1)]),
        ('awk "/$service/"', [("S2", 1)]),
        ('echo "ls $service" | sh', [("S2", 1)]),
    ],
)
def test_shell(body: str, expected: list[tuple[str, int]]) -> None:
    assert rules(check_shell(body)) == expected


def test_a_missing_quote_is_a_warning_and_code_is_an_error() -> None:
    assert [one.level for one in check_shell('ls $a; eval "$b"')] == [Level.WARNING, Level.ERROR]


def test_names_that_a_shell_body_reads_before_it_sets_them() -> None:
    body = 'ls "$a" "${b:-x}"\nc=1\necho "$c" "$d_e"\nfor f in x; do echo "$f"; done\ncat <<E\n$g\nE'
    assert names_in_shell(body) == {"a", "b", "d_e", "g"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("SELECT :'x'", []),
        ("SELECT * FROM :\"t\" WHERE a = :'x'::int", []),
        ("SELECT a::int, '\\d', E'\\n', \"a\\b\", $$\\!$$", []),
        ("SELECT ':x', $$:x$$ -- :x \\! y\n/* :x \\! */", []),
        ("SELECT a[1:2]", []),
        ("SELECT :x", [("Q1", 1)]),
        ("SELECT 1,\n  :x + :y", [("Q1", 2), ("Q1", 2)]),
        ("SELECT a[1:n]", [("Q1", 1)]),
        ("SELECT :{?x}", [("Q1", 1)]),
        ("SELECT 1;\n\\! touch f", [("Q2", 2)]),
        ("\\d orders", [("Q2", 1)]),
        ("SELECT 1 \\gexec", [("Q2", 1)]),
        ("SELECT 'a\n\\! touch f", [("Q2", 1)]),
        ("SELECT $$ \\! touch f", [("Q2", 1)]),
        ("/* \\! touch f", [("Q2", 1)]),
        ("SELECT E'\\'' \\! x", [("Q2", 1)]),
    ],
)
def test_sql(body: str, expected: list[tuple[str, int]]) -> None:
    assert rules(check_sql(body)) == expected


def test_the_advice_names_the_right_way() -> None:
    (finding,) = check_sql("SELECT * FROM t WHERE pid = :pid")
    assert ":'pid'" in finding.advice


def test_names_that_a_statement_reads() -> None:
    assert names_in_sql("SELECT :'a', ':b', :\"c\" -- :'d'\n") == {"a", "c"}
    assert names_in_sql("SELECT 'open") == frozenset()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_arbitrary_bodies_are_checked_without_an_error(body: str) -> None:
    for finding in (*check_shell(body), *check_sql(body)):
        assert finding.line >= 1 and finding.problem
    names_in_shell(body)
    names_in_sql(body)
