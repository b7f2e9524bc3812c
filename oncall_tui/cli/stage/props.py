"""The stand-ins of the demo, as one program of the standard library: ``props.py NAME STATE_FILE ARGUMENTS...``.

Started by itself and not imported: what it may use is what ``python -I`` has. Its world is the simulator's control
port, whose address stands in the state file; what they change besides (tasks, blocked addresses) is kept there too.
"""

import json
import re
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

_TIMEOUT_S = 10.0
_STEP_S = 0.7
"""Between two lines of a program that works for a while: long enough to be seen."""
_QUERIES = """\
pid,usename,app,state,backend_start,runtime,query
4117,api,api,active,2026-01-12 01:58:03.114207+00,00:03:41,"SELECT o.* FROM offers o JOIN merchants m ON m.id = o.mid"
4093,api,api,active,2026-01-12 01:57:59.870011+00,00:00:12,"SELECT * FROM wallets WHERE user_id = $1"
"""
_SESSIONS = """\
app,state,sessions,longest
api,idle,61,00:41:10
api,active,22,00:03:41
pgbouncer,idle,20,02:10:09
"""
_POOLS = """\
 database | cl_active | cl_waiting | sv_active | sv_idle
 api      |        61 |         14 |        20 |       0
"""
_IDLE = """\
pid,usename,app,backend_start,idle_for
3990,api,api,2026-01-12 01:12:44.230871+00,00:41:10
3991,api,api,2026-01-12 01:12:45.000312+00,00:41:09
"""


class Refused(Exception):
    """The stand-in says no; its words go to standard error, and its code is 1."""


class State:
    """What the stand-ins share between their starts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._all: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))

    def get(self, key: str, default: Any) -> Any:
        """What was kept under ``key``."""
        return self._all.get(key, default)

    def keep(self, key: str, value: Any) -> None:
        """Keep it for the next start."""
        self._all[key] = value
        self._path.write_text(json.dumps(self._all), encoding="utf-8")

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The answer of the simulated world."""
        control = self._all["control"]
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(control["url"] + path, data, {"Authorization": f"Bearer {control['token']}"})
        try:
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(request, timeout=_TIMEOUT_S) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise Refused(json.loads(error.read()).get("error", str(error))) from None
        except OSError as error:
            raise Refused(f"the demo's world does not answer: {error}") from None


def _option(arguments: Sequence[str], name: str, default: str | None = None) -> str:
    """The value after ``name``."""
    if name in arguments and arguments.index(name) + 1 < len(arguments):
        return arguments[arguments.index(name) + 1]
    if default is None:
        raise Refused(f"{name} is missing")
    return default


def _say(line: str) -> None:
    print(line, flush=True)


def _releases(arguments: Sequence[str], state: State) -> None:
    service, last = _option(arguments, "--service"), int(_option(arguments, "--last", "5"))
    for one in state.ask("/releases?" + urlencode({"service": service}))[:last]:
        finished = datetime.fromtimestamp(one["finished_at"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        _say(f"{one['version']}\t{finished}\t{one['author']}")


def _rollback(arguments: Sequence[str], state: State) -> None:
    service, version = _option(arguments, "--service"), _option(arguments, "--to")
    known = [one["version"] for one in state.ask("/releases?" + urlencode({"service": service}))]
    if version.removeprefix("v") not in known:
        raise Refused(f"no release {version} of {service}; known: {', '.join(known)}")
    if version.removeprefix("v") == known[0]:
        raise Refused(f"{service} runs {version} already")
    if "--dry-run" in arguments:
        _say(f"would put {service} from {known[0]} back to {version}, one task after the other")
        return
    _say(f"{service}: {known[0]} -> {version}")
    for task in range(1, 4):
        time.sleep(_STEP_S)
        _say(f"task {task} of 3 runs {version}")
    state.ask("/rollback", {"service": service})
    _say(f"{service} runs {version}")


def _breaker(arguments: Sequence[str], state: State) -> None:
    name = f"{_option(arguments, '--service')} -> {_option(arguments, '--dependency')}"
    wanted = arguments[-1]
    if wanted not in ("open", "close"):
        raise Refused("open or close?")
    state.keep("breakers", {**state.get("breakers", {}), name: wanted})
    _say(f"{name}: {wanted}")


def _user(wanted: str) -> Callable[[Sequence[str], State], None]:
    def switch(arguments: Sequence[str], state: State) -> None:
        state.keep("users", {**state.get("users", {}), arguments[-1]: wanted})
        _say(f"{arguments[-1]} is {wanted}")

    return switch


def _points(arguments: Sequence[str], state: State) -> None:
    blocked = state.get("blocked", 12)
    if "--count" in arguments:
        _say(str(blocked))
    elif "--force" in arguments:
        state.keep("blocked", 0)
        _say(f"{blocked} amounts given back")
    else:
        raise Refused("--count or --force?")


def _aws(arguments: Sequence[str], state: State) -> None:
    match list(arguments[:2]):
        case ["ecs", "describe-services"]:
            _say(str(state.get("tasks", {}).get(_option(arguments, "--services"), 6)))
        case ["ecs", "update-service"]:
            wanted = int(_option(arguments, "--desired-count"))
            state.keep("tasks", {**state.get("tasks", {}), _option(arguments, "--service"): wanted})
            _say(str(wanted))
        case ["ecs", "wait"]:
            time.sleep(3 * _STEP_S)
        case ["sts", "get-caller-identity"]:
            _say("000000000000")
        case ["wafv2", "get-ip-set"]:
            addresses = state.get("waf", ["203.0.113.9/32"])
            if _option(arguments, "--output", "json") == "text":
                _say("\t".join(addresses))
            else:
                _say(json.dumps({"IPSet": {"Addresses": addresses}, "LockToken": f"lock-{len(addresses)}"}))
        case ["wafv2", "update-ip-set"]:
            if _option(arguments, "--lock-token") != f"lock-{len(state.get('waf', ['203.0.113.9/32']))}":
                raise Refused("the set was changed in between (WAFOptimisticLockException)")
            state.keep("waf", json.loads(_option(arguments, "--addresses")))
        case ["logs", "filter-log-events"]:
            _say("ERROR canceling statement due to statement timeout (GET /v1/offers)")
        case other:
            raise Refused(f"the demo's aws does not know {' '.join(other)}")


def _psql(arguments: Sequence[str], _: State) -> None:
    if "SHOW POOLS" in arguments:
        print(_POOLS, end="")
        return
    values = dict(one.split("=", 1) for flag, one in pairwise(arguments) if flag == "-v")
    statement = re.sub(r"\s+", " ", sys.stdin.read())
    pid = values.get("pid", "0")
    if "pg_terminate_backend" in statement and "idle_minutes" in statement:
        print("pid,app,terminated\n3990,api,t\n3991,api,t")
    elif "pg_terminate_backend" in statement:
        print(f"pid,terminated\n{pid},t")
    elif "pg_cancel_backend" in statement:
        print(f"pid,cancelled\n{pid},t")
    elif "count(*) AS total" in statement:
        print("total\n2")
    elif "GROUP BY" in statement:
        print(_SESSIONS, end="")
    elif "idle_for" in statement:
        print(_IDLE, end="")
    elif "pg_stat_activity" in statement:
        print(_QUERIES, end="")
    else:
        raise Refused("ERROR: the demo's database does not know this statement")


def _redis(arguments: Sequence[str], state: State) -> None:
    keys = state.get("keys", 1840)
    words = set(arguments)
    if "PING" in words:
        _say("PONG")
    elif "INFO" in words:
        _say(
            f"# Keyspace\r\ndb0:keys={keys + 214},expires={keys + 200},avg_ttl=29041"
            if "keyspace" in words
            else _MEMORY
        )
    elif "--scan" in words:
        prefix = _option(arguments, "--pattern", "cache:*").removesuffix("*")
        for number in range(keys):
            _say(f"{prefix}{number:05d}")
    elif "UNLINK" in words:
        gone = len(arguments) - list(arguments).index("UNLINK") - 1
        state.keep("keys", max(0, keys - gone))
        _say(str(gone))
    elif "TTL" in words:
        _say("41")
    elif "--bigkeys" in words:
        _say('Biggest string found "cache:offers:all" has 4194304 bytes')
    else:
        raise Refused("ERR the demo's Redis does not know this command")


_MEMORY = "# Memory\r\nused_memory_human:2.21G\r\nmaxmemory_human:3.00G\r\nmaxmemory_policy:volatile-lru"


def _kubectl(arguments: Sequence[str], _: State) -> None:
    raise Refused(f"the demo has no cluster: kubectl {' '.join(arguments)}")


PROPS: dict[str, Callable[[Sequence[str], State], None]] = {
    "releases.sh": _releases,
    "rollback.sh": _rollback,
    "circuit-breaker.sh": _breaker,
    "disable-user.sh": _user("disabled"),
    "enable-user.sh": _user("enabled"),
    "release-blocked-points.sh": _points,
    "aws": _aws,
    "psql": _psql,
    "redis-cli": _redis,
    "kubectl": _kubectl,
}


def main(argv: Sequence[str]) -> int:
    """Play the program that ``argv`` begins with; its exit code."""
    name, state, *arguments = argv
    try:
        PROPS[name](arguments, State(Path(state)))
    except Refused as refused:
        print(f"{name}: {refused}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
