"""What a statement does, by its first word, by the words in it that write, and by the functions it calls."""

import re
from itertools import accumulate

from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.sql.functions import (
    BEFORE_PARENTHESIS,
    DESTROYING,
    ONLY_BEHIND,
    READING,
    READING_MYSQL,
)
from oncall_tui.runbook.classify.sql.tokens import Dialect, Sort, Token, tokens_of
from oncall_tui.runbook.classify.verdict import READ, Unjudged, change, destroy, reveals, shown, worst
from oncall_tui.runbook.danger import Judgement

_READING = {
    Dialect.POSTGRESQL: frozenset({"select", "with", "values", "table", "show", "explain", "("}),
    Dialect.MYSQL: frozenset({"select", "with", "show", "explain", "describe", "desc", "("}),
}
_LOSSES = frozenset({"delete", "drop", "truncate"})
_WRITING = names(
    """
    insert update merge into alter create grant revoke copy call do lock vacuum reindex cluster refresh comment
    security reassign import notify listen unlisten discard prepare execute deallocate declare set reset
    checkpoint load begin start commit rollback savepoint release abort handler rename repair optimize install
    uninstall kill purge flush stop outfile dumpfile procedure share
    """
)
"""Words that, bare and anywhere in a statement, may write; a column of that name must stand in quotes."""
_NAMES_TOO = names(
    """
    comment start load execute release procedure security share cluster import declare listen begin
    """
)
"""Those that are often columns, and write only as the first word."""
_SECRET_TABLES = frozenset(
    {"pg_shadow", "pg_authid", "pg_user_mapping", "pg_user_mappings", "pg_subscription"}
    | {"slave_master_info", "replication_asynchronous_connection_failover", "user_attributes"}
)
_SECRET_SETTINGS = frozenset({"all", "primary_conninfo", "user", "grants"})
"""``SHOW ALL``, ``SHOW CREATE USER``: the address of the primary has its password in it."""
_SECRET_COLUMNS = frozenset({"rolpassword", "passwd", "authentication_string", "subconninfo", "umoptions"})
_OPERATORS = names(
    """
    + - * / % ^ < > = <= >= <> != ~ ~* !~ !~* || && @> <@ -> ->> #> #>> ? ?| ?& & | # << >> |/ @ :: ~~ ~~* !~~
    !~~* <-> <=> , . ( ) [ ] : ;
    """
)
_MOST_STATEMENTS = 1


def judge_sql(text: str, dialect: Dialect = Dialect.POSTGRESQL) -> Judgement:
    """Statements, as psql or mysql get them. Never raises."""
    if dialect is Dialect.MYSQL:
        text = re.sub(r"\\[gG]\s*$", "", text)
    try:
        tokens = tokens_of(text, dialect)
    except Unjudged as error:
        return worst([change(str(error)), _hinted(text)])
    statements = _split(tokens)
    if not statements:
        return change("no statement")
    judged = [_statement(statement, dialect) for statement in statements]
    if len(statements) > _MOST_STATEMENTS:
        judged.append(change("several statements in one step"))
    return worst(judged)


def _split(tokens: list[Token]) -> list[list[Token]]:
    found: list[list[Token]] = [[]]
    for token in tokens:
        if token.says(";"):
            found.append([])
        else:
            found[-1].append(token)
    return [statement for statement in found if statement]


def _statement(tokens: list[Token], dialect: Dialect) -> Judgement:
    depths = list(accumulate(token.says("(") - token.says(")") for token in tokens))
    if depths[-1] != 0 or min(depths) < 0:
        return worst([change("parentheses that do not match"), _hinted(" ".join(token.text for token in tokens))])
    found: list[Judgement] = []
    first = tokens[0].text.lower() if tokens[0].sort in (Sort.WORD, Sort.SIGN) else ""
    if first in _LOSSES:
        return destroy(f"{first.upper()} loses data")
    if first not in _READING[dialect]:
        found.append(change(f"{shown(first.upper() or tokens[0].text)} is no statement that reads"))
    if first == "show" and _SECRET_SETTINGS.intersection(token.text.lower().strip('"') for token in tokens):
        found.append(reveals("SHOW of what may hold a password"))
    if first in ("explain", "describe", "desc"):
        found.append(_explain(tokens))
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else None
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        found.append(_token(token, before, after, dialect))
        if after is not None and after.says("(") and before is not None and before.says("."):
            found.append(_schema(tokens[place - 2] if place > 1 else None))
    return worst(judged for judged in found if judged is not READ)


def _explain(tokens: list[Token]) -> Judgement:
    """``EXPLAIN ANALYZE`` runs the statement, also as an option in parentheses."""
    for token in tokens[1:]:
        if token.says("analyze", "analyse"):
            return change("EXPLAIN ANALYZE runs the statement")
        if token.says("select", "with", "insert", "update", "delete"):
            break
    return READ


def _token(token: Token, before: Token | None, after: Token | None, dialect: Dialect) -> Judgement:
    lower = token.text.lower()
    if token.sort is Sort.BACKSLASH:
        return change("a backslash outside quotes is a command of the client")
    if token.sort is Sort.RAW:
        return change(f"{shown(token.text)} puts text into the statement")
    if token.sort is Sort.STRING and "primary_conninfo" in lower:
        return reveals("primary_conninfo holds a password")
    if token.sort is Sort.STRING and "\\" in token.text and dialect is Dialect.POSTGRESQL:
        return _string(token)
    if token.sort is Sort.SIGN and token.text not in _OPERATORS:
        return change(f"the operator {shown(token.text)} is not on the list of what reads")
    if token.sort not in (Sort.WORD, Sort.QUOTED):
        return READ
    name = lower.strip('"`')
    is_account = name in ("user", "global_priv") and before is not None and before.says(".")
    if name in _SECRET_TABLES | _SECRET_COLUMNS or (is_account and dialect is Dialect.MYSQL):
        return reveals(f"{name} holds credentials")
    if after is not None and after.says("("):
        return _call(token, name, before, dialect)
    if token.sort is Sort.WORD:
        return _word(lower, before, after)
    return READ


def _string(token: Token) -> Judgement:
    """A backslash before the end of a plain string ends it elsewhere where old quoting is switched on."""
    is_plain = token.text[0] not in "eE$"
    return change("a string that ends in a backslash") if is_plain and "\\'" in token.text else READ


def _word(lower: str, before: Token | None, after: Token | None) -> Judgement:
    is_part = (before is not None and before.says(".")) or (after is not None and after.says("."))
    if is_part:
        return READ
    if lower in _LOSSES:
        return destroy(f"{lower.upper()} loses data")
    if lower in _WRITING - _NAMES_TOO or (lower == "share" and before is not None and before.says("for", "key", "in")):
        return change(f"{lower.upper()} writes or locks")
    return change("the wait or lock of a row") if lower in ("nowait", "skip_") else READ


def _schema(token: Token | None) -> Judgement:
    """A function of another schema may have the name of one that reads."""
    is_known = token is not None and token.text.lower().strip('"`') in ("pg_catalog", "information_schema", "sys")
    return READ if is_known else change("a function of a schema that is not PostgreSQL's own")


def _call(token: Token, name: str, before: Token | None, dialect: Dialect) -> Judgement:
    """A name before a parenthesis: a call, but behind AS or a few words."""
    known = READING if dialect is Dialect.POSTGRESQL else READING_MYSQL
    if token.sort is Sort.WORD and name in BEFORE_PARENTHESIS and name not in known:
        return READ
    if before is None and name in ("explain", "describe", "desc"):
        return READ
    if token.sort is Sort.WORD and before is not None and before.says(*ONLY_BEHIND.get(name, ())):
        return READ
    if name in _LOSSES and token.sort is Sort.WORD and name not in known:
        return destroy(f"{name.upper()} loses data")
    if before is not None and before.says("as", "with", "recursive"):
        return READ
    if before is not None and before.says(".") and token.sort is Sort.QUOTED:
        return change(f"{shown(name)} is not on the list of functions that read")
    if name in DESTROYING:
        return destroy(f"{name} ends or removes something")
    is_exact = token.sort is Sort.WORD or token.text == f'"{name}"' or dialect is Dialect.MYSQL
    return READ if name in known and is_exact else change(f"{shown(name)} is not on the list of functions that read")


def _hinted(text: str) -> Judgement:
    met = re.search(r"\b(?:drop|truncate|delete)\b", text, re.IGNORECASE)
    return destroy(f"not understood, and holds “{shown(met[0])}”") if met else READ
