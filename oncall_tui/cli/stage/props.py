"""The stand-ins of the demo, as one program of the standard library: ``props.py NAME STATE_FILE ARGUMENTS...``.

Started by itself and not imported: what it may use is what ``python -I`` has. Its world is the simulator's control
port, whose address stands in the state file; what they change besides (tasks, blocked addresses) is kept there too.
"""

import json
import re
import signal
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
_TASKS = 6
_WAF = ["203.0.113.9/32"]
_KEYS = {"cache": 640, "qr": 212, "bull": 2}
_QUERIES = """\
4117,api,api,active,2026-01-12 01:58:03.114207+00,00:03:41,,"SELECT o.* FROM offers o JOIN merchants m ON m.id = o.mid"
4093,api,api,active,2026-01-12 01:57:59.870011+00,00:00:12,4117,"UPDATE offers SET seen = seen + 1 WHERE id = $1"
"""
_POOLS = """\
 database | cl_active | cl_waiting | sv_active | sv_idle
 api      |        61 |         14 |        20 |       0
"""
_MEMORY = "# Memory\r\nused_memory_human:2.21G\r\nmaxmemory_human:3.00G\r\nmaxmemory_policy:volatile-lru"


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
    elif "--list" in arguments:
        for number in range(blocked):
            _say(f"would give back amount {number + 1} of {blocked}, blocked for {61 + 7 * number} s")
    elif "--force" in arguments:
        if blocked > int(_option(arguments, "--at-most", str(blocked))):
            raise Refused(f"{blocked} are blocked by now, more than were counted: nothing was given back")
        state.keep("blocked", 0)
        _say(f"{blocked} amounts given back")
    else:
        raise Refused("--count, --list or --force?")


def _aws(arguments: Sequence[str], state: State) -> None:
    match list(arguments[:2]):
        case ["ecs", "describe-services"]:
            _say(str(state.get("tasks", {}).get(_option(arguments, "--services"), _TASKS)))
        case ["ecs", "update-service"]:
            wanted = int(_option(arguments, "--desired-count"))
            state.keep("tasks", {**state.get("tasks", {}), _option(arguments, "--service"): wanted})
            _say(str(wanted))
            if _option(arguments, "--service") == "points":
                state.ask("/mend", {"service": "qr"})
        case ["ecs", "wait"]:
            time.sleep(3 * _STEP_S)
        case ["application-autoscaling", "describe-scalable-targets"]:
            _say("2\t12")
        case ["sts", "get-caller-identity"]:
            _say("000000000000")
        case ["wafv2", "get-ip-set"]:
            _addresses(arguments, state.get("waf", _WAF))
        case ["wafv2", "update-ip-set"]:
            if _option(arguments, "--lock-token") != f"lock-{len(state.get('waf', _WAF))}":
                raise Refused("the set was changed in between (WAFOptimisticLockException)")
            state.keep("waf", json.loads(_option(arguments, "--addresses")))
            state.ask("/mend", {"service": "auth"})
        case ["logs", "tail"]:
            at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
            _say(f"{at} ERROR canceling statement due to statement timeout (GET /v1/offers)")
        case other:
            raise Refused(f"the demo's aws does not know {' '.join(other)}")


def _addresses(arguments: Sequence[str], addresses: Sequence[str]) -> None:
    query = _option(arguments, "--query", "")
    if query.startswith("length("):
        asked = re.search(r"\[\?@=='([^']*)'\]", query)
        _say(str(addresses.count(asked[1]) if asked else len(addresses)))
    elif _option(arguments, "--output", "json") == "text":
        _say("\t".join(addresses))
    else:
        _say(json.dumps({"IPSet": {"Addresses": addresses}, "LockToken": f"lock-{len(addresses)}"}))


def _psql(arguments: Sequence[str], state: State) -> None:
    if "SHOW POOLS" in arguments:
        print(_POOLS, end="")
        return
    values = dict(one.split("=", 1) for flag, one in pairwise(arguments) if flag == "-v")
    statement = re.sub(r"\s+", " ", sys.stdin.read())
    if "state = 'idle'" in statement or "GROUP BY" in statement:
        _idle(statement, state)
    elif verb := re.search(r"pg_(?:terminate|cancel)_backend\(pid\) AS (\w+)", statement):
        pid, found = values.get("pid", "0"), {**state.get("sessions", {})}
        print(f"pid,{verb[1]}" + ("" if found.get(pid) == "terminated" else f"\n{pid},t"))
        state.keep("sessions", {**found, pid: verb[1]})
    elif "pg_stat_activity" in statement:
        print("pid,usename,app,state,backend_start,runtime,blocked_by,query")
        print("".join(row for row in _QUERIES.splitlines(True) if row[:4] not in state.get("sessions", {})), end="")
    else:
        raise Refused("ERROR: the demo's database does not know this statement")


def _idle(statement: str, state: State) -> None:
    """Sessions of the demo's database that wait for nothing."""
    idle = [(3990 + number, "api" if number else "worker") for number in range(state.get("idle", 23))]
    if "pg_terminate_backend" in statement:
        print("\n".join(["pid,app,terminated", *(f"{pid},{app},t" for pid, app in idle)]))
        state.keep("idle", 0)
        state.ask("/mend", {"service": "postgres"})
    elif "AS total" in statement:
        print(f"total\n{len(idle)}")
    elif "GROUP BY datname" in statement:
        print(
            f"database,app,state,sessions,longest\nmain,pgbouncer,idle,61,02:10:09\nmain,api,idle,{len(idle)},00:41:10"
        )
        print("main,api,active,22,00:03:41")
    elif "GROUP BY" in statement:
        counted = [(name, sum(app == name for _, app in idle)) for name in ("api", "worker")]
        rows = [f"{name},{name},{count},00:41:10" for name, count in counted if count]
        print("\n".join(["app,usename,sessions,longest", *rows]))
    else:
        rows = [f"{pid},{app},{app},192.0.2.20,2026-01-12 01:12:44.230871+00,00:41:10" for pid, app in idle]
        print("\n".join(["pid,usename,app,address,backend_start,idle_for", *rows]))


def _redis(arguments: Sequence[str], state: State) -> None:
    keys: dict[str, int] = state.get("keys", _KEYS)
    words = set(arguments)
    if "PING" in words:
        _say("PONG")
    elif "INFO" in words:
        count = sum(keys.values())
        _say(f"# Keyspace\r\ndb0:keys={count},expires={count - 2},avg_ttl=29041" if "keyspace" in words else _MEMORY)
    elif "--scan" in words:
        wanted = _option(arguments, "--pattern", "*").removesuffix("*")
        names = (f"{prefix}:{number:05d}" for prefix, count in keys.items() for number in range(count))
        print("".join(f"{name}\n" for name in names if name.startswith(wanted)), end="")
    elif "UNLINK" in words:
        gone = [one.partition(":")[0] for one in arguments[list(arguments).index("UNLINK") + 1 :]]
        state.keep("keys", {prefix: max(0, count - gone.count(prefix)) for prefix, count in keys.items()})
        _say(str(len(gone)))
    elif "TTL" in words:
        _say("41")
    elif "--bigkeys" in words:
        _say('Biggest string found "cache:offers:all" has 4194304 bytes')
    else:
        raise Refused("ERR the demo's Redis does not know this command")


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
    # Whoever reads only the first lines closes the pipe: then it ends as a program of C does, and without a traceback.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        PROPS[name](arguments, State(Path(state)))
    except Refused as refused:
        print(f"{name}: {refused}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
