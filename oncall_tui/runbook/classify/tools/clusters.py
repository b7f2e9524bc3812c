"""Storage, queues and what runs on clusters: ceph, Kafka, Cassandra, Velero, Istio, Argo CD, Calico, Flux."""

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.options import grammar, scan
from oncall_tui.runbook.classify.tools.verbs import verbs
from oncall_tui.runbook.classify.verdict import READ, change, destroy, interactive
from oncall_tui.runbook.danger import Judgement

_CEPH_BEFORE = grammar("-s --status -v --version", "-f --format --connect-timeout --cluster -n --name --id", stops=True)
_KAFKA = grammar(
    "--describe --list --under-replicated-partitions --unavailable-partitions --at-min-isr-partitions --state --members"
    " --verbose --all-groups --exclude-internal --topics-with-overrides --offsets --version",
    "--bootstrap-server --topic --group --command-config",
)


def _kafka(call: Call) -> Judgement:
    """``kafka-topics`` and its neighbours: only what describes and lists."""
    if any(word.text in ("--delete", "--delete-offsets", "--reset-offsets") for word in call.words):
        return destroy(f"{call.name} deletes, or moves what was read")
    found = scan(call, _KAFKA)
    return READ if found.has("--describe", "--list", "--version") else change(f"{call.name} changes something")


def _ceph(call: Call) -> Judgement:
    """``ceph -s`` is ``ceph status``; without a word it takes orders from its input."""
    found = scan(call, _CEPH_BEFORE)
    if found.operands:
        return CEPH(call)
    return READ if found.has("-s", "--status", "-v", "--version") else interactive("ceph without a word takes orders")


_KAFKA_TOOLS = ("kafka-topics", "kafka-consumer-groups", "kafka-broker-api-versions")

CEPH = verbs(
    "ceph",
    "status, health, health detail, df, df detail, osd df, osd df tree, osd tree, osd stat, osd status, osd perf,"
    " osd pool ls, osd pool ls detail, osd pool stats, osd dump, osd blocked-by, pg stat, pg dump, pg dump_stuck,"
    " pg ls, pg query, mon stat, mon dump, mgr services, mgr stat, mds stat, fs ls, fs status, versions, version,"
    " crash ls, crash info, crash stat, orch ls, orch ps, orch host ls, orch device ls, orch status, quorum_status",
    closed="health",  # ``health mute`` hides what is wrong.
    refused="-o --out-file -i --in-file",
    destroying="osd purge, osd destroy, osd rm, osd lost, osd pool delete, osd pool rm, fs rm, mon remove, mon rm, "
    " orch rm",
    revealing="auth get, auth get-key, auth ls, auth list, auth print-key, config-key get, config-key dump",
    before=_CEPH_BEFORE,
)

RULES: dict[str, Rule] = {
    "ceph": _ceph,
    "nodetool": verbs(
        "nodetool",
        "status, info, tpstats, compactionstats, netstats, describecluster, ring, gossipinfo, version, tablestats,"
        " cfstats, proxyhistograms, tablehistograms, gcstats, listsnapshots, statusgossip, statusbinary, describering",
        "decommission, removenode, assassinate, clearsnapshot, drain",
        before=grammar("", "-h -p -u --host --port --username", stops=True),
    ),
    "velero": verbs(
        "velero",
        "backup get, backup describe, backup logs, restore get, restore describe, restore logs, schedule get,"
        " schedule describe, backup-location get, snapshot-location get, version, get",
        "backup delete, restore delete, schedule delete, uninstall",
        before=grammar("", "-n --namespace --kubecontext", stops=True),
        refused="--kubeconfig",
    ),
    "istioctl": verbs(
        "istioctl",
        "proxy-status, ps, version, analyze, proxy-config cluster, proxy-config listener, proxy-config route,"
        " proxy-config endpoint, pc cluster, pc listener, pc route, pc endpoint, x describe",
        "uninstall",
        before=grammar("", "-n --namespace --context -i", stops=True),
        refused="-c --kubeconfig -f --file",
    ),
    "argocd": verbs(
        "argocd",
        "app list, app get, app history, app logs, app resources, cluster list, repo list, proj list, proj get,"
        " version",
        "app delete, app delete-resource, cluster rm, repo rm, proj delete",
        revealing="admin initial-password, account generate-token, repocreds list",
        before=grammar("--grpc-web", "", stops=True),
        refused="--config --server --kube-context --refresh --hard-refresh",
    ),
    "calicoctl": verbs("calicoctl", "node status, get, version, ipam show", "delete", refused="-c --config"),
    "flux": verbs(
        "flux",
        "get all, get kustomizations, get helmreleases, get sources git, logs, version, check, events",
        "delete, uninstall",
        refused="--kubeconfig",
        before=grammar("", "-n --namespace --context", stops=True),
    ),
    **{name + suffix: _kafka for name in _KAFKA_TOOLS for suffix in ("", ".sh")},
}
"""By name."""
