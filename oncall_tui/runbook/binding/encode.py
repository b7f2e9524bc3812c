"""The one door for values: how they get into a step of each kind, and what is refused there.

Shell gets them as environment, SQL as variables of psql: their text never changes, and is only checked. PromQL and
HTTP get them into the text, encoded for the place where they stand.
"""

from oncall_tui.runbook.binding.checks import check_shell, check_sql, names_in_shell, names_in_sql
from oncall_tui.runbook.binding.http import check_http, encode_http
from oncall_tui.runbook.binding.promql import check_promql, encode_promql
from oncall_tui.runbook.binding.templates import TEMPLATE, Bound, Unbound

__all__ = [
    "Bound",
    "Unbound",
    "check_http",
    "check_promql",
    "check_shell",
    "check_sql",
    "encode_http",
    "encode_promql",
    "names_in_shell",
    "names_in_sql",
    "names_in_templates",
]


def names_in_templates(body: str) -> frozenset[str]:
    """The names that a query or a request has in ``{{ }}``."""
    return frozenset(met[1] for met in TEMPLATE.finditer(body))
