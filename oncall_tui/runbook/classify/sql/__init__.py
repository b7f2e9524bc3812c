"""Judges SQL: what kind of statement it is, and which functions it calls.

A tokenizer of our own and lists of what reads, rather than a library: sqlglot takes what it does not know for a
``Command`` and speaks thirty dialects leniently, PostgreSQL's own parser (pglast) does not know the variables of psql,
and both would have to be asked about every function all the same. What is not on a list here is never ``read``.

What no text tells: a view, an operator or a cast that somebody has given a function of theirs to.
"""

from oncall_tui.runbook.classify.sql.statements import judge_sql
from oncall_tui.runbook.classify.sql.tokens import Dialect

__all__ = ["Dialect", "judge_sql"]
