"""terraform, vault, consul and nomad, helm and etcdctl beside them (their command references)."""

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.options import grammar
from oncall_tui.runbook.classify.tools.verbs import Special, verbs
from oncall_tui.runbook.classify.verdict import READ, change, destroy, follows, reveals
from oncall_tui.runbook.classify.words import Sure, Word
from oncall_tui.runbook.danger import Judgement


def _apply(call: Call, rest: tuple[Word, ...]) -> Judgement:
    if any(word.text.lstrip("-").startswith("destroy") for word in rest):
        return destroy("terraform apply -destroy destroys")
    return change("terraform apply changes the infrastructure")


def _format(call: Call, rest: tuple[Word, ...]) -> Judgement:
    is_checking = any(word.text in ("-check", "-write=false", "--check") for word in rest)
    return READ if is_checking else change("terraform fmt writes files")


def _output(call: Call, rest: tuple[Word, ...]) -> Judgement:
    if any(word.text.lstrip("-").startswith(("raw", "json")) for word in rest):
        return reveals("terraform prints values that are kept secret otherwise")
    return READ


def _outputs(call: Call, rest: tuple[Word, ...]) -> Judgement:
    """``terraform output`` hides what is sensitive; ``terraform output name`` prints it."""
    if any(not word.text.startswith("-") for word in rest):
        return reveals("terraform output of a name prints it, also where it is kept secret otherwise")
    return _output(call, rest)


def _keys(*names: str) -> Special:
    """A store of keys and values: read with an option that prints no values."""

    def judge(call: Call, rest: tuple[Word, ...]) -> Judgement:
        is_named = any(word.is_literal and word.text.lstrip("-").partition("=")[0] in names for word in rest)
        return READ if is_named else reveals(f"{call.name} prints what is stored, credentials among it")

    return judge


def _watch(call: Call, rest: tuple[Word, ...]) -> Judgement:
    """``etcdctl watch key -- command`` starts the command at every change."""
    is_plain = all(word.sure < Sure.SPLIT and word.text not in ("--", "-i", "--interactive") for word in rest)
    return follows() if is_plain else change("etcdctl watch may start a command")


_TERRAFORM = verbs(
    "terraform",
    "show, state list, state show, validate, version, workspace list, workspace show, graph",
    "destroy, state rm, workspace delete",
    revealing="state pull",
    closed="providers",
    special={"apply": _apply, "show": _output, "fmt": _format, "output": _outputs},
    before=grammar("-version -help", "", "-chdir", is_long_with_one_dash=True, stops=True),
    refused="-plugin-dir -out -lock-file",
)
_VAULT = verbs(
    "vault",
    "status, list, kv list, policy list, policy read, auth list, secrets list, audit list, version, path-help,"
    " kv metadata get, operator raft list-peers, operator key-status, plugin list, lease lookup, namespace list",
    "delete, kv delete, kv destroy, kv metadata delete, lease revoke, token revoke, secrets disable, auth disable,"
    " policy delete, operator seal, audit disable, namespace delete, operator raft remove-peer",
    revealing="read, kv get, token lookup, print token, unwrap, token create, token renew, login, write, operator init,"
    " operator generate-root, operator rekey, lease renew, monitor, ssh",
    before=grammar("-version", "", is_long_with_one_dash=True, stops=True),
    refused="-output-curl-string -address -agent-address -wrap-ttl -output",
)
_CONSUL = verbs(
    "consul",
    "members, info, catalog services, catalog nodes, catalog datacenters, operator raft list-peers, version,"
    " intention list, intention get, intention check, operator autopilot get-config, operator autopilot state,"
    " acl policy list, acl role list, config list, config read, validate, rtt, snapshot inspect, peering list",
    "kv delete, acl token delete, acl policy delete, force-leave, leave, config delete, intention delete,"
    " operator raft remove-peer, services deregister, peering delete",
    revealing="acl token list, acl token read, acl token create, acl token clone, acl bootstrap, keyring, kv export,"
    " keygen, login, exec, watch",
    special={"kv get": _keys("keys")},
    following="monitor",
    before=grammar("-version", "", is_long_with_one_dash=True, stops=True),
)
_NOMAD = verbs(
    "nomad",
    "status, job status, node status, alloc status, alloc logs, server members, operator raft list-peers, job history,"
    " deployment list, deployment status, eval list, eval status, version, namespace list, volume status,"
    " job allocs, agent-info, service list, service info, quota list, quota status, var list, alloc fs",
    "job stop, stop, alloc stop, namespace delete, volume delete, system gc, var purge,"
    " operator raft remove-peer, volume deregister",
    revealing="var get, job inspect, inspect, acl token list, acl token info, acl token self, acl token create,"
    " acl bootstrap, operator root keyring list",
    following="monitor",
    typing="alloc exec",
    before=grammar("-version", "", "-address -region -namespace", is_long_with_one_dash=True, stops=True),
    follow="-f",
)
_HELM = verbs(
    "helm",
    "list, ls, status, history, hist, version, repo list, search repo, search hub,"
    " dependency list, lint, show chart, show readme, show values, show all, show crds, get"
    " notes, get metadata, plugin list, verify",
    "uninstall, delete, del, un",
    revealing="get values, get manifest, get all, get hooks, env, template, diff upgrade, diff revision, diff release,"
    " diff rollback, secrets view, secrets dec, secrets decrypt",
    before=grammar("--debug", "-n --namespace --kube-context", stops=True),
    refused="--kubeconfig --post-renderer --kube-apiserver --kube-token --output-dir --registry-config"
    " --repository-config",
)
_ETCDCTL = verbs(
    "etcdctl",
    "member list, endpoint health, endpoint status, endpoint hashkv, alarm list, version,"
    " user list, role list, role get, lease list, lease timetolive, snapshot status",
    "del, snapshot restore, member remove, lease revoke, user delete, role delete",
    special={"watch": _watch, "get": _keys("keys-only", "count-only")},
    before=grammar(
        "--insecure-skip-tls-verify --insecure-transport --hex --debug",
        "--endpoints --cacert --cert --key --user --command-timeout --dial-timeout -w --write-out",
        stops=True,
    ),
)

RULES: dict[str, Rule] = {
    "terraform": _TERRAFORM,
    "tofu": _TERRAFORM,
    "vault": _VAULT,
    "consul": _CONSUL,
    "nomad": _NOMAD,
    "helm": _HELM,
    "etcdctl": _ETCDCTL,
}
"""By name."""
