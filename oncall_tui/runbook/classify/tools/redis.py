"""redis-cli and the commands of Redis (the command reference of Redis, flags ``readonly`` and ``write``)."""

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.options import grammar, scan
from oncall_tui.runbook.classify.verdict import READ, Unjudged, change, destroy, follows, interactive, reveals, shown
from oncall_tui.runbook.classify.words import Word
from oncall_tui.runbook.danger import Judgement

_CLI = grammar(
    "-c -e -2 -3 -4 -6 --raw --no-raw --csv --json --quoted-json --no-auth-warning --tls --insecure --bigkeys --memkeys"
    " --hotkeys --scan --stat --latency --latency-history --latency-dist --verbose -v --version --askpass",
    "-h -p -s -a -u -n -r -i -t -d -D --user --pass --pattern --quoted-pattern --count --sni"
    " --cacert --cacertdir --cert --key --memkeys-samples",
    stops=True,
)
_READING = names(
    """
    GET MGET STRLEN EXISTS TTL PTTL EXPIRETIME PEXPIRETIME TYPE KEYS SCAN DBSIZE INFO PING ECHO TIME GETRANGE
    SUBSTR LLEN LRANGE LINDEX LPOS HGET HMGET HGETALL HKEYS HVALS HLEN HEXISTS HSTRLEN HSCAN HRANDFIELD SMEMBERS
    SCARD SISMEMBER SMISMEMBER SRANDMEMBER SSCAN SINTER SINTERCARD SUNION SDIFF ZRANGE ZRANGEBYSCORE ZRANGEBYLEX
    ZREVRANGE ZREVRANGEBYSCORE ZCARD ZCOUNT ZLEXCOUNT ZSCORE ZMSCORE ZRANK ZREVRANK ZSCAN ZRANDMEMBER XLEN
    XRANGE XREVRANGE XINFO XPENDING LASTSAVE ROLE LOLWUT BITCOUNT BITPOS GETBIT BITFIELD_RO GEODIST GEOPOS
    GEOHASH GEOSEARCH SORT_RO RANDOMKEY COMMAND
    """
)
_READING_PAIRS = names(
    """
    MEMORY.USAGE MEMORY.STATS MEMORY.DOCTOR CLIENT.LIST CLIENT.INFO CLIENT.GETNAME CLIENT.ID SLOWLOG.GET
    SLOWLOG.LEN LATENCY.LATEST LATENCY.HISTORY LATENCY.DOCTOR LATENCY.GRAPH LATENCY.HISTOGRAM CLUSTER.INFO
    CLUSTER.NODES CLUSTER.SLOTS CLUSTER.SHARDS CLUSTER.MYID CLUSTER.KEYSLOT CLUSTER.COUNTKEYSINSLOT
    CLUSTER.GETKEYSINSLOT CLUSTER.REPLICAS OBJECT.ENCODING OBJECT.IDLETIME OBJECT.FREQ OBJECT.REFCOUNT
    PUBSUB.CHANNELS PUBSUB.NUMSUB PUBSUB.NUMPAT ACL.WHOAMI ACL.USERS ACL.CAT MODULE.LIST FUNCTION.STATS
    SCRIPT.EXISTS SENTINEL.MASTERS SENTINEL.MASTER SENTINEL.REPLICAS SENTINEL.SLAVES SENTINEL.SENTINELS
    SENTINEL.CKQUORUM SENTINEL.GET-MASTER-ADDR-BY-NAME
    """
)
"""Of two words, written with a dot between them."""
_SAFE_SETTINGS = names(
    """
    maxmemory maxmemory-policy save appendonly timeout maxclients databases tcp-keepalive
    slowlog-log-slower-than slowlog-max-len loglevel hz dir dbfilename notify-keyspace-events
    min-replicas-to-write appendfsync
    """
)
_DESTROYING = frozenset({"FLUSHALL", "FLUSHDB", "DEL", "UNLINK", "SHUTDOWN"})
_DESTROYING_PAIRS = frozenset(
    {("CLIENT", "KILL"), ("SCRIPT", "FLUSH"), ("FUNCTION", "FLUSH"), ("FUNCTION", "DELETE"), ("CLUSTER", "RESET")}
    | {
        ("CLUSTER", "FLUSHSLOTS"),
        ("CONFIG", "REWRITE"),
        ("ACL", "DELUSER"),
        ("CLUSTER", "FORGET"),
        ("DEBUG", "SEGFAULT"),
    }
)
_FOLLOWING = frozenset({"MONITOR", "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE"})
_SURVEYS = ("--bigkeys", "--memkeys", "--hotkeys", "--scan", "--version", "-v")
_ENDLESS = ("--stat", "--latency", "--latency-history", "--latency-dist")


def _redis_cli(call: Call) -> Judgement:
    """``redis-cli``: commands that read; without one it takes them from its input."""
    found = scan(call, _CLI)
    if found.has("--askpass"):
        return interactive("redis-cli --askpass asks for a password")
    if found.has(*_ENDLESS):
        return follows() if not found.operands else change("redis-cli: options and a command together")
    if found.has(*_SURVEYS) and not found.operands:
        return READ
    if not found.operands:
        return interactive("redis-cli without a command takes commands from its input")
    judged = redis_command(found.operands)
    return follows(judged) if any(value.text.startswith("-") for value in found.values("-r")) else judged


def redis_command(words: list[Word]) -> Judgement:
    """A command of Redis with its arguments."""
    if not words[0].is_literal:
        raise Unjudged("redis-cli: which command it sends is only known when it runs")
    name = words[0].text.upper()
    second = words[1].text.upper() if len(words) > 1 else ""
    if name in _DESTROYING or (name, second) in _DESTROYING_PAIRS:
        return destroy(f"redis {shown(f'{name} {second}' if (name, second) in _DESTROYING_PAIRS else name)} destroys")
    if name == "CONFIG" and second == "GET":
        return _config_get(words[2:])
    if name == "ACL" and second in ("LIST", "GETUSER"):
        return reveals("redis ACL LIST prints password hashes")
    if name in _FOLLOWING:
        return follows()
    is_known = name in _READING or (f"{name}.{second}" in _READING_PAIRS and words[1].is_literal)
    return READ if is_known else change(f"redis {shown(f'{name} {second}')} is not on the list of what reads")


def _config_get(settings: list[Word]) -> Judgement:
    is_safe = settings and all(word.is_literal and word.text.lower() in _SAFE_SETTINGS for word in settings)
    return READ if is_safe else reveals("redis CONFIG GET may print passwords")


RULES: dict[str, Rule] = {"redis-cli": _redis_cli, "valkey-cli": _redis_cli, "keydb-cli": _redis_cli}
"""By name."""
