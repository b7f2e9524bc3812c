"""kubectl and oc (reference of kubectl; of the OpenShift client)."""

import re

from oncall_tui.runbook.classify.answers import answers_credentials
from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.options import Scanned, grammar, scan
from oncall_tui.runbook.classify.tools.verbs import Special, Verbs, verbs
from oncall_tui.runbook.classify.verdict import READ, Unjudged, change, follows, interactive, reveals, shown
from oncall_tui.runbook.classify.words import Word
from oncall_tui.runbook.danger import Judgement

_GLOBAL_VALUED = "-n --namespace --context --cluster --user --request-timeout -v --v"
"""Not ``--kubeconfig``: a file of that kind can name a program to start. Not ``--server``, ``--token``, ``--as``."""
_GLOBAL_FLAGS = "--insecure-skip-tls-verify -h --help"

_BEFORE = grammar(_GLOBAL_FLAGS, _GLOBAL_VALUED, stops=True)
_GET = grammar(
    f"{_GLOBAL_FLAGS} -A --all-namespaces -w --watch --watch-only --show-labels --no-headers --ignore-not-found"
    " --show-kind -R --recursive --show-managed-fields --all",
    f"{_GLOBAL_VALUED} -o --output -l --selector --field-selector --sort-by -L --label-columns --chunk-size --template"
    " --subresource --tail --show-events --raw",
    joined="--all-namespaces --watch --show-labels --no-headers --show-events --ignore-not-found --output-watch-events",
    is_lenient=True,
)
_READABLE_PATHS = ("/healthz", "/livez", "/readyz", "/metrics", "/version", "/apis/metrics.k8s.io/")
_SECRETS = frozenset({"secret", "secrets"})
_ENVIRONMENT = re.compile(r"\benv(?:From)?\b")
_BRIEF = frozenset({"name", "wide"})


def _behind(call: Call, rest: tuple[Word, ...]) -> Scanned:
    return scan(Call(f"{call.name} get", rest, call.inner), _GET)


def _get(call: Call, rest: tuple[Word, ...]) -> Judgement:
    """``get``: lists and prints; whole secrets are credentials."""
    found = _behind(call, rest)
    for path in found.literal_values("--raw"):
        if answers_credentials(path):
            return reveals(f"{call.name} get --raw of {shown(path)} prints credentials")
        if not path.startswith(_READABLE_PATHS):
            raise Unjudged("kubectl get --raw asks the server for any path, pods behind its proxy among them")
    is_watching = found.has("-w", "--watch", "--watch-only")
    if not found.operands and not found.has("--raw"):
        return READ
    if found.operands and not found.operands[0].is_literal:
        raise Unjudged(f"{call.name} get: what kind it gets is only known when it runs")
    kinds = {kind for word in found.operands for kind in _kinds(word)}
    formats = [value.text for value in found.values("-o", "--output", "--template")]
    if kinds & _SECRETS and not set(formats) <= _BRIEF:
        return reveals(f"{call.name} get secret prints credentials")
    if any(_ENVIRONMENT.search(text) for text in formats):
        return reveals(f"{call.name} get prints environments, which may hold credentials")
    return follows() if is_watching else READ


def _kinds(word: Word) -> list[str]:
    """``secret/db,pods`` holds the kinds ``secret`` and ``pods``; ``secrets.v1.`` is ``secrets``."""
    return [piece.split("/")[0].split(".")[0].lower() for piece in word.text.split(",")]


def _exec(call: Call, rest: tuple[Word, ...]) -> Judgement:
    """``exec pod -- command``: the command, in another place; with ``-t`` on a terminal."""
    before = [word.text for word in rest]
    if "--" not in before:
        return interactive(f"{call.name} exec opens a shell, or runs what is not told apart from its options")
    place = before.index("--")
    options = scan(Call(f"{call.name} exec", rest[:place], call.inner), _EXEC)
    judged = call.inner.command(rest[place + 1 :])
    return follows(judged) if options.has("-t", "--tty", "-i", "--stdin") else judged


_EXEC = grammar(
    f"{_GLOBAL_FLAGS} -i -t --stdin --tty -q --quiet",
    f"{_GLOBAL_VALUED} -c --container --pod-running-timeout",
    is_lenient=True,
)


def _config(call: Call, rest: tuple[Word, ...]) -> Judgement:
    if any(word.text.startswith("--raw") for word in rest):
        return reveals(f"{call.name} config view --raw prints credentials")
    if any(word.text.startswith("--flatten") and not word.is_literal for word in rest):
        raise Unjudged(f"{call.name} config view: not judged")
    return READ


def _dump(call: Call, rest: tuple[Word, ...]) -> Judgement:
    """``cluster-info dump`` prints everything, or writes it to a folder."""
    if any(word.text.startswith("--output-directory") for word in rest):
        return change(f"{call.name} cluster-info dump writes files")
    return READ


def _whoami(call: Call, rest: tuple[Word, ...]) -> Judgement:
    if any(word.text in ("-t", "--show-token") or word.text.startswith("--show-token=") for word in rest):
        return reveals("oc whoami prints the token")
    return READ if all(word.text.startswith("--show-") for word in rest) else change("oc whoami: not judged")


def _rollout(call: Call, rest: tuple[Word, ...]) -> Judgement:
    is_waiting = not any(word.text.startswith(("--watch=false", "-w=false", "--timeout")) for word in rest)
    return follows() if is_waiting else READ


def _run(call: Call, rest: tuple[Word, ...]) -> Judgement:
    judged = change(f"{call.name} run starts a pod")
    has_terminal = any(word.text in ("-it", "-ti", "-t", "-i", "--tty", "--stdin") for word in rest)
    return follows(judged) if has_terminal else judged


_READING = (
    "describe, logs, top pod, top pods, top node, top nodes, explain, version, api-resources,"
    " api-versions, cluster-info, auth can-i, auth whoami, rollout history, config get-contexts,"
    " config current-context, config get-clusters, config get-users, events, wait, plugin list,"
    " options"
)


def _extract(call: Call, rest: tuple[Word, ...]) -> Judgement:
    """``oc extract secret/x --to=-`` prints it; without it files are written."""
    is_printed = "--to=-" in " ".join(word.text for word in rest).replace("--to -", "--to=-")
    if is_printed:
        return reveals(f"{call.name} extract prints credentials")
    return change(f"{call.name} extract writes files")


def _set_env(call: Call, rest: tuple[Word, ...]) -> Judgement:
    changed = change(f"{call.name} set env changes what runs")
    if any(word.text.startswith("--list") for word in rest):
        return reveals(f"{call.name} set env --list prints environments, which may hold credentials")
    return changed


def _forward(call: Call, rest: tuple[Word, ...]) -> Judgement:
    return follows(change(f"{call.name} opens a way into the cluster"))


_SPECIAL = {
    "get": _get,
    "exec": _exec,
    "config view": _config,
    "cluster-info dump": _dump,
    "rollout status": _rollout,
    "run": _run,
    "set env": _set_env,
    "port-forward": _forward,
    "proxy": _forward,
}


def _client(name: str, reading: str, special: dict[str, Special]) -> Verbs:
    return verbs(
        name,
        _READING + reading,
        "delete, drain, adm prune, adm drain",
        revealing="create token, view-secret, sa get-token, serviceaccounts get-token, sa create-kubeconfig,"
        " serviceaccounts create-kubeconfig, sa new-token, serviceaccounts new-token",
        typing="edit, attach, debug, rsh",
        special=_SPECIAL | special,
        before=_BEFORE,
        refused="--kubeconfig --kuberc -s --server --token --as --as-group --as-uid --filename --cache-dir"
        " --profile-output --profile --log-file --log-dir",
    )


RULES: dict[str, Rule] = {
    "kubectl": _client("kubectl", "", {}),
    "oc": _client(
        "oc",
        ", status, projects, adm top pods, adm top nodes, adm top node, adm top pod, adm node-logs",
        {"whoami": _whoami, "extract": _extract},
    ),
}
"""By name."""
