"""The last barrier before psql: where our quotes and its own could end at different places, nothing is handed over."""

import pytest

from oncall_tui.runbook.classify import judge
from oncall_tui.runbook.danger import Danger
from oncall_tui.runbook.execution import Kind
from oncall_tui.runbook.executors.sql_text import refusal

# For psql the quote behind the number is one with backslashes, or the begin of a dollar quote.
ODD = [
    r"SELECT 1e'a\' , ' \! touch f'",
    r"SELECT 1E'a\' , ' \! touch f'",
    r"SELECT 1$a$ ' $a$ \! touch f '",
    "SELECT 1$$x$$",
]


@pytest.mark.parametrize("body", ODD)
def test_a_quote_right_behind_a_number_is_refused(body: str) -> None:
    assert "a quote right behind a number" in refusal(body)
    assert judge(Kind.SQL, body).danger is not Danger.READ or "!" not in body


@pytest.mark.parametrize("body", ["SELECT 1 -- x\r\\! touch f", "-- x\r \\o f"])
def test_a_comment_ends_where_psql_ends_it(body: str) -> None:
    assert "a backslash outside of quotes" in refusal(body)


def test_a_statement_behind_the_end_of_a_comment_is_judged() -> None:
    assert judge(Kind.SQL, "SELECT 1 -- x\r; DELETE FROM y").danger is Danger.DESTROY


@pytest.mark.parametrize("body", ["SELECT e'a\\'b', 1, $a$ \\! $a$", "SELECT x1, 'e', 1.5e3 FROM t1 -- \\! x"])
def test_plain_statements_pass(body: str) -> None:
    assert refusal(body) == ""
