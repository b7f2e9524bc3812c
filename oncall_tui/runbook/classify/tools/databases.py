"""Clients of databases: psql, mysql, mongosh (their manuals); the statements go to the judge of SQL."""

import re

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.options import grammar, scan
from oncall_tui.runbook.classify.sql import Dialect, judge_sql
from oncall_tui.runbook.classify.verdict import READ, Unjudged, change, destroy, interactive, reveals, shown, worst
from oncall_tui.runbook.danger import Judgement

_PSQL = grammar(
    "-X -A -t -x -q -1 -e -a -E -l -w -n -0 -z --no-psqlrc --csv --no-align --tuples-only --expanded --quiet --list"
    " --single-transaction --no-password --echo-queries -V --version -H --html",
    "-h -p -U -d -v -P -F -R -c -T --host --port --username --dbname --set --variable --pset"
    " --field-separator --command",
)
_PSQL_LOOKS = re.compile(r"\\(?:d[a-zA-Z]{0,3}[S+]{0,2}|l\+?|conninfo|encoding)(?:[ ]+[\w.*]+)?\s*;?")
"""The commands of psql that describe; an argument without back quotes and pipes."""
_MYSQL = grammar(
    "-N -B -s -t -E -v -A -C -w -H --batch --silent --table --vertical --skip-column-names"
    " --no-auto-rehash -V --version",
    "-h -P -u -D -S -e --host --port --user --database --socket --execute --connect-timeout --default-character-set"
    " --protocol",
    joined="-p --password",
)
_MONGO = grammar(
    "--quiet --norc --tls --ssl --version",
    "--eval --host --port -u --username --authenticationDatabase --tlsCAFile",
    joined="-p --password",
)
_FILTERS = "gt|gte|lt|lte|eq|ne|in|nin|exists|and|or|not|group|match|sum|count|sort|limit"
_ARGUMENTS = rf"\((?:[\w\s'\":,.{{}}\[\]-]|\$(?:{_FILTERS})\b)*\)"
_MONGO_PLACE = re.compile(r"mongodb(?:\+srv)?://\S+|[\w.:-]+/[\w-]+|[\w-]+")
"""A database: a word with a dot in it may be a script to run."""
_MONGO_CALL = re.compile(
    r"\s*(?:(?:printjson|print|JSON\.stringify|EJSON\.stringify)\()?"
    r"(?:rs\.(?:status|conf|config|printReplicationInfo|printSecondaryReplicationInfo|isMaster|hello)"
    r"|sh\.(?:status|getBalancerState|isBalancerRunning)"
    r"|db\.(?:serverStatus|stats|version|currentOp|hostInfo|hello|isMaster|getCollectionNames|getCollectionInfos"
    r"|printCollectionStats|getProfilingStatus|getMongo\(\)\.getDBNames|getName|getReplicationInfo)"
    r"|db\.(?:\w+|getCollection\('[\w.-]+'\))\.(?:find|findOne|count|countDocuments|estimatedDocumentCount|distinct|stats"
    r"|getIndexes|dataSize|storageSize|totalIndexSize|totalSize))"
    rf"{_ARGUMENTS}(?:\.(?:limit|sort|skip|pretty|toArray|count|size|explain|itcount){_ARGUMENTS}|\.\w+)*\)?\s*;?\s*"
)


def _psql(call: Call) -> Judgement:
    """``psql -c``: its statements; a file, its input and ``-o`` are not read."""
    found = scan(call, _PSQL)
    if found.has("-l", "--list", "-V", "--version"):
        return READ
    statements = found.literal_values("-c", "--command")
    if not statements:
        return interactive("psql without -c takes statements from its input")
    return worst(
        _described(text.strip()) if _PSQL_LOOKS.fullmatch(text.strip()) else judge_sql(text) for text in statements
    )


def _described(text: str) -> Judgement:
    """``\\deu+`` and ``\\dRs+`` print the options of other servers, passwords among them."""
    is_secret = re.match(r"\\d(?:eu|es|ew|Rs)\S*\+", text)
    return reveals("psql prints how other servers are reached, passwords among it") if is_secret else READ


def _mysql(call: Call) -> Judgement:
    """``mysql -e``: its statements."""
    found = scan(call, _MYSQL)
    if found.has("-V", "--version"):
        return READ
    statements = found.literal_values("-e", "--execute")
    if not statements:
        return interactive("mysql without -e takes statements from its input")
    return worst(judge_sql(text, Dialect.MYSQL) for text in statements)


def _mongosh(call: Call) -> Judgement:
    """``mongosh --eval``: calls that are known to read, with plain arguments; anything else is a program."""
    found = scan(call, _MONGO)
    scripts = found.literal_values("--eval")
    if found.has("--version"):
        return READ
    if not scripts:
        return interactive("mongosh without --eval takes programs from its input")
    is_place = all(_MONGO_PLACE.fullmatch(word.text) for word in found.operands) and len(found.operands) <= 1
    if all(_MONGO_CALL.fullmatch(script) for script in scripts) and is_place:
        is_secret = any(re.search(r"system\.users|credentials", script) for script in scripts)
        return reveals("mongosh prints the accounts with their hashes") if is_secret else READ
    is_loss = any(re.search(r"drop|delete|remove|shutdown|kill", script, re.IGNORECASE) for script in scripts)
    if is_loss:
        return destroy("mongosh --eval drops, deletes or ends something")
    raise Unjudged("mongosh --eval runs a program that is not judged")


_ADMIN_READS = frozenset({"status", "processlist", "ping", "version", "extended-status", "variables"})
_ADMIN = grammar("-v -s", "-h -P -u -S --host --port --user", "-p --password")


def _mysqladmin(call: Call) -> Judgement:
    """``mysqladmin``: takes several orders in one call, and each of them counts."""
    orders = scan(call, _ADMIN).operands
    if not orders or not all(word.is_literal for word in orders):
        raise Unjudged("mysqladmin: what it does is only known when it runs")
    if any(word.text in ("drop", "shutdown", "kill") or word.text.startswith("flush") for word in orders):
        return destroy("mysqladmin drops, ends or flushes something")
    unknown = [word.text for word in orders if word.text not in _ADMIN_READS]
    return change(f"mysqladmin {shown(unknown[0])} is not on the list of what reads") if unknown else READ


def _bq(call: Call) -> Judgement:
    return change(f"{call.name} runs statements that are not judged")


RULES: dict[str, Rule] = {
    "psql": _psql,
    **dict.fromkeys(("mysql", "mariadb"), _mysql),
    "mongosh": _mongosh,
    "mongo": _mongosh,
    "mysqladmin": _mysqladmin,
    **dict.fromkeys(("sqlite3", "cqlsh", "clickhouse-client", "bq", "influx", "sqlcmd", "usql"), _bq),
    "pgbouncer": _bq,
    "pg_lsclusters": lambda call: READ,
    "pg_controldata": lambda call: READ,
}
"""By name."""
