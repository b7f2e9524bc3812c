"""The table: no mutating command is ever classed ``read``, and most of what reads is recognised."""

import pytest

from oncall_tui.runbook.classify import judge, only_lists_reading, simple_commands
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.execution import Kind
from tests.unit.runbook.classify.table import (
    CHANGING,
    DESTROYING,
    DISGUISED,
    HTTP,
    MUTATING,
    READING,
    REVEALING,
    SQL,
    Row,
)

RECOGNISED = 0.97
"""The least share of reading commands that must be recognised; what is missed costs a dialog."""


def test_the_table_is_large_enough_to_mean_something() -> None:
    assert len(READING) >= 300
    assert len(MUTATING) >= 500
    assert len(SQL) >= 100


def test_no_mutating_command_is_read() -> None:
    """The hard rule: one miss here means that something is altered without a question."""
    missed = [row.body for row in MUTATING + REVEALING if judge(Kind.SHELL, row.body).danger is Danger.READ]
    assert missed == []


def test_no_disguise_makes_a_command_read() -> None:
    assert len(DISGUISED) >= 900
    assert [row.body for row in DISGUISED if judge(Kind.SHELL, row.body).danger is Danger.READ] == []


def test_no_mutating_statement_or_request_is_read() -> None:
    missed = [row.body for row in SQL if row.sort != "read" and judge(Kind.SQL, row.body).danger is Danger.READ]
    missed += [row.body for row in HTTP if row.sort != "read" and judge(Kind.HTTP, row.body).danger is Danger.READ]
    assert missed == []


def test_most_of_what_reads_is_recognised() -> None:
    judged = [(row, judge(Kind.SHELL, row.body)) for row in READING]
    missed = [(row.body, judgement.reasons) for row, judgement in judged if judgement.danger is not Danger.READ]
    share = 1 - len(missed) / len(READING)
    print(f"recognised as read: {share:.1%} of {len(READING)}; missed: {missed}")
    assert share >= RECOGNISED


@pytest.mark.parametrize("row", READING + REVEALING + CHANGING + DESTROYING, ids=lambda row: row.body[:60])
def test_each_command_gets_its_class(row: Row) -> None:
    judgement = judge(Kind.SHELL, row.body)
    assert row.fits(judgement), judgement


@pytest.mark.parametrize("row", SQL, ids=lambda row: row.body[:60])
def test_each_statement_gets_its_class(row: Row) -> None:
    judgement = judge(Kind.SQL, row.body)
    assert row.fits(judgement), judgement


@pytest.mark.parametrize("row", HTTP, ids=lambda row: row.body[:60])
def test_each_request_gets_its_class(row: Row) -> None:
    judgement = judge(Kind.HTTP, row.body)
    assert row.fits(judgement), judgement


def test_whoever_confirms_is_told_why() -> None:
    """Every judgement above read has a reason, the worst first, without control characters."""
    for row in MUTATING + REVEALING:
        reasons = judge(Kind.SHELL, row.body).reasons
        assert reasons, row.body
        assert all(reason.isprintable() for reason in reasons), reasons
    assert judge(Kind.SHELL, "touch a; rm -rf b").reasons[0] == "rm removes files"


def test_promql_reads_and_nothing_is_not_judged() -> None:
    assert judge(Kind.PROMQL, 'up{job="x"}').danger is Danger.READ
    for kind in Kind:
        assert judge(kind, " \n").danger is Danger.CHANGE


def test_every_simple_command_is_seen_where_it_stands() -> None:
    commands = simple_commands("ls /tmp\nfor i in $(touch f); do\n  bash -c 'rm -rf x'\ndone\n")
    assert {(command.text, command.line) for command in commands} == {
        ("ls /tmp", 1),
        ("touch f", 2),
        ("bash -c 'rm -rf x'", 3),
    }
    dangers = {command.text: command.judgement.danger for command in commands}
    assert dangers == {"ls /tmp": Danger.READ, "touch f": Danger.CHANGE, "bash -c 'rm -rf x'": Danger.DESTROY}


def test_an_imported_body_reads_only_when_every_command_is_listed() -> None:
    assert only_lists_reading("kubectl get pods\ndf -h")
    assert not only_lists_reading("kubectl get pods\nfrobnicate")
    assert not only_lists_reading("x=1")
    assert not only_lists_reading("ls > f")
    assert not only_lists_reading("if ls")


def test_what_earlier_steps_left_behind_is_not_trusted() -> None:
    assert judge(Kind.SHELL, 'find . "$dir"').danger is Danger.READ
    assert judge(Kind.SHELL, 'find . "$dir"', frozenset({"dir"})).danger is Danger.CHANGE
