"""aws, gcloud and az: hundreds of services, so the name of the operation decides (their command references)."""

import re
from collections.abc import Iterable

from oncall_tui.runbook.classify.answers import query_hides
from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.options import grammar, scan
from oncall_tui.runbook.classify.tools.cloud_secrets import (
    AWS_ENVIRONMENTS,
    AWS_PRINTING,
    AZ_REVEALING,
    behind,
    is_narrow,
)
from oncall_tui.runbook.classify.tools.verbs import LOSSES
from oncall_tui.runbook.classify.verdict import (
    READ,
    Unjudged,
    change,
    destroy,
    follows,
    interactive,
    reveals,
    shown,
    worst,
)
from oncall_tui.runbook.classify.words import Sure, Word
from oncall_tui.runbook.danger import Judgement

_AWS_BEFORE = grammar(
    "--no-paginate --no-cli-pager --no-sign-request --debug --version",
    "--region --profile --output --query --color --cli-read-timeout --cli-connect-timeout",
    stops=True,
)
_AWS_READS = re.compile(
    r"(?:describe|list|get|head|lookup|search|scan|query|batch-get|filter-log)-[a-z0-9-]+|search|scan|query|wait"
)
_CREDENTIALS = re.compile(
    r"\b(?:[a-z-]*(?:secret-value|session-token|federation-token|login|api-key|embed-url|compute-access|activity-task|password|authorization-token|credentials"
    r"|credential|access-token|presigned|presign|token|auth-code|open-id|access-details|data-access|instance-access|private-key|key-material|export)"
    r"[a-z-]*)\b"
)
_AWS_PARAMETERS = frozenset({"get-parameter", "get-parameters", "get-parameters-by-path", "get-parameter-history"})
_AWS_SAYING = {
    ("s3", "ls"): READ,
    ("configure", "list"): READ,
    ("configure", "list-profiles"): READ,
    ("s3", "presign"): reveals("aws s3 presign prints an address that carries the right to read"),
    ("s3", "rm"): destroy("aws s3 rm deletes objects"),
    ("s3", "rb"): destroy("aws s3 rb deletes a bucket"),
    ("ecs", "execute-command"): interactive("aws ecs execute-command opens a shell in a container"),
    ("ssm", "start-session"): interactive("aws ssm start-session opens a shell"),
    ("configure", "export-credentials"): reveals("aws configure export-credentials prints keys"),
    ("configure", "get"): reveals("aws configure get prints settings, keys among them"),
    ("sts", "get-caller-identity"): READ,
}
_AWS_COSTLY = frozenset({"scan", "query"})
"""Of dynamodb they read; elsewhere no operation is called so."""


def _aws(call: Call) -> Judgement:
    """``aws service operation``: operations that describe, list and get; not those that write a file or print keys."""
    operands = scan(call, _AWS_BEFORE).operands
    if not operands and call.words:
        return READ
    if len(operands) < 2 or not (operands[0].is_literal and operands[1].is_literal):
        raise Unjudged("aws: what it does is only known when it runs")
    service, operation = operands[0].text, operands[1].text
    rest = operands[2:]
    if (judged := _aws_anywhere(call.words)) is not READ:
        return worst([judged, destroy(f"aws {operation} destroys") if _is_loss(operation, rest) else READ])
    if (service, operation) in _AWS_SAYING:
        return _AWS_SAYING[service, operation]
    if _is_loss(operation, rest):
        return destroy(f"aws {shown(service)} {shown(operation)} destroys")
    if (service, operation) == ("logs", "tail"):
        return follows() if any(word.text == "--follow" for word in rest) else READ
    if AWS_PRINTING.fullmatch(operation):
        return reveals(f"aws {shown(service)} {shown(operation)} answers with credentials")
    if not _AWS_READS.fullmatch(operation) or (operation in _AWS_COSTLY and service != "dynamodb"):
        return change(f"aws {shown(service)} {shown(operation)} is not on the list of what reads")
    return _aws_reading(service, operation, rest)


def _aws_anywhere(rest: Iterable[Word]) -> Judgement:
    """Options that mean the same behind every operation."""
    rest = list(rest)
    if any("--endpoint" in word.text for word in rest):
        return change("aws --endpoint-url speaks to another server, with the operator's credentials")
    if any(word.text.startswith("--cli-auto") for word in rest):
        return interactive("aws --cli-auto-prompt asks what to do")
    if any(word.text == "--debug" for word in rest):
        return reveals("aws --debug prints what it signs its requests with")
    return READ


def _aws_reading(service: str, operation: str, rest: list[Word]) -> Judgement:
    if _CREDENTIALS.fullmatch(operation) and not operation.startswith(("list-", "describe-")):
        return reveals(f"aws {service} {operation} prints credentials")
    if f"{service}.{operation}" in AWS_ENVIRONMENTS and not query_hides(behind(rest, "--query")):
        return reveals(f"aws {service} {operation} prints environments, which hold credentials")
    if operation == "describe-instance-attribute" and not any(
        "userData" not in one.text for one in behind(rest, "--attribute")
    ):
        return reveals("aws ec2 describe-instance-attribute prints user data, which holds credentials")
    if operation in _AWS_PARAMETERS and any(word.text.startswith("--wi") for word in rest):
        return reveals(f"aws {service} {operation} --with-decryption prints secrets")
    pairs = zip([Word(operation), *rest], rest, strict=False)
    if any(word.sure is Sure.LOOSE and not before.text.startswith("--") for before, word in pairs):
        return change(f"aws {service} {operation}: a value may become the name of a file to write")
    if _writes_file(operation, rest):
        return change(f"aws {service} {operation} writes what it gets to a file")
    return READ


_STREAMING = names(
    """
    get-object-torrent get-object
    get-export get-sdk get-job-output get-thing-shadow get-media get-clip get-configuration
    get-latest-configuration get-hosted-configuration-version get-package-version-asset get-raw-message-content
    get-snapshot-block get-read-set get-reference get-image-frame get-chunk get-profile get-work-unit-results
    get-code-binding-source get-media-for-fragment-list get-workflow-results get-dicom-instance get-image-set-metadata
    """
)
"""Operations whose answer goes to a file that stands alone in the command."""


def _writes_file(operation: str, rest: list[Word]) -> bool:
    """Whether a word may be the file for the answer: it stands behind no option, or behind one that has its value.

    Options with several values have names in the plural (``--instance-ids a b``).
    """
    if operation in _STREAMING:
        return True
    if operation == "wait":
        rest = rest[1:]
    room = 0
    for word in rest:
        if word.text.startswith("--"):
            name = word.text.partition("=")[0]
            room = 0 if "=" in word.text else 1_000 if name.endswith("s") or name in _LISTS else 1
        elif room:
            room -= 1
        else:
            return True
    return False


_LISTS = frozenset({"--include"})


def _is_loss(operation: str, rest: Iterable[Word]) -> bool:
    return operation.split("-")[0] in LOSSES or any(word.text in ("--delete", "--force") for word in rest)


_GCLOUD_GROUPS = names(
    """
    alpha beta compute instances instance-groups managed disks snapshots networks subnets firewall-rules
    addresses forwarding-rules backend-services url-maps health-checks zones regions machine-types images
    container clusters node-pools operations sql databases backups run services revisions jobs executions
    functions pubsub topics subscriptions logging logs sinks metrics iam service-accounts roles projects
    organizations folders dns managed-zones record-sets artifacts repositories packages versions app redis
    spanner bigtable dataflow monitoring dashboards policies channels deploy releases rollouts tasks queues
    scheduler builds triggers target-https-proxies ssl-certificates routers routes vpn-tunnels memcache
    filestore alloydb
    """
)
_GCLOUD_READS = names(
    """
    list describe get-iam-policy read get-health get-server-config list-instances get-effective-firewalls
    get-status get-value
    """
)
_GCLOUD_WHOLE = {
    ("info",): READ,
    ("version",): READ,
    ("auth", "list"): READ,
    ("config", "list"): READ,
    ("config", "get"): READ,
    ("config", "get-value"): READ,
    ("config", "configurations", "list"): READ,
    ("auth", "application-default", "print-access-token"): reveals("gcloud auth prints a token"),
    ("config", "config-helper"): reveals("gcloud config config-helper prints a token"),
    ("kms", "decrypt"): reveals("gcloud kms decrypt prints what was encrypted"),
    ("functions", "describe"): reveals("gcloud functions describe prints the environment"),
    ("run", "services", "describe"): reveals("gcloud run services describe prints the environment"),
    ("run", "revisions", "describe"): reveals("gcloud run revisions describe prints the environment"),
    ("run", "jobs", "describe"): reveals("gcloud run jobs describe prints the environment"),
    ("app", "versions", "describe"): reveals("gcloud app versions describe prints the environment"),
    ("compute", "instances", "describe"): reveals("gcloud compute instances describe prints its metadata and scripts"),
    ("compute", "instance-templates", "describe"): reveals("gcloud prints the metadata and scripts of machines"),
    ("compute", "project-info", "describe"): reveals("gcloud prints the metadata of the project"),
    ("auth", "print-access-token"): reveals("gcloud auth print-access-token prints a token"),
    ("auth", "print-identity-token"): reveals("gcloud auth print-identity-token prints a token"),
    ("secrets", "versions", "access"): reveals("gcloud secrets versions access prints a secret"),
    ("secrets", "list"): READ,
    ("secrets", "describe"): READ,
}
_AZ_GROUPS = names(
    """
    account group vm vmss disk network vnet nsg rule lb aks nodepool acr repository webapp functionapp
    appservice plan sql server db postgres flexible-server mysql redis cosmosdb monitor metrics activity-log
    alert log-analytics workspace resource storage container blob keyvault ad role assignment definition
    deployment operation dns zone record-set public-ip nic snapshot image servicebus queue topic eventhubs
    namespace containerapp
    """
)
_AZ_READS = frozenset(["list", "show", "list-sizes", "list-skus", "list-usages", "get-instance-view", "list-locations"])
_AZ_WHOLE = {
    ("version",): READ,
    ("account", "get-access-token"): reveals("az account get-access-token prints a token"),
    ("keyvault", "secret", "show"): reveals("az keyvault secret show prints a secret"),
    ("acr", "credential", "show"): reveals("az acr credential show prints a password"),
    ("storage", "account", "keys", "list"): reveals("az storage account keys list prints keys"),
    ("keyvault", "secret", "list"): READ,
    ("redis", "list-keys"): reveals("az redis list-keys prints keys"),
    **{tuple(path.split()): reveals(f"az {path} prints credentials") for path in AZ_REVEALING},
}
_CLI_BEFORE = grammar(
    "-q --quiet --version --help -h",
    "--project --account --configuration --format --verbosity --region --zone --output -o",
    stops=True,
)


def _grouped(
    call: Call, groups: frozenset[str], reads: frozenset[str], whole: dict[tuple[str, ...], Judgement]
) -> Judgement:
    """``tool group group verb``: every word before the verb must be a known group."""
    operands = scan(call, _CLI_BEFORE).operands
    path = []
    for word in operands:
        if not word.is_literal or word.text.startswith("-"):
            break
        path.append(word.text)
        if tuple(path) in whole:
            judged = whole[tuple(path)]
            if path[-1] == "describe" and is_narrow(operands[len(path) :]):
                judged = READ
            return worst([judged, _with_options(call, operands[len(path) :], " ".join(path))])
        if word.text in reads and len(path) > 1 and groups.issuperset(path[:-1]):
            return _with_options(call, operands[len(path) :], " ".join(path))
        is_begun = any(known[: len(path)] == tuple(path) for known in whole)
        if word.text not in groups and not is_begun:
            break
    if any(word.split("-")[0] in LOSSES for word in path):
        return destroy(f"{call.name} {' '.join(map(shown, path))} destroys")
    if path[-1:] == ["ssh"]:
        return interactive(f"{call.name} {' '.join(path)} opens a shell")
    if not operands and call.words:
        return READ
    raise Unjudged(f"{call.name} {' '.join(map(shown, path))} is not on the list of what reads")


def _with_options(call: Call, rest: list[Word], said: str) -> Judgement:
    for word in rest:
        if word.text.startswith(
            ("--flags-file", "--impersonate", "--ids=@", "--access-token-file", "--log-http", "--run-diag")
        ):
            return change(f"{call.name} {said} {shown(word.text)}: not judged")
    return READ


def _gcloud(call: Call) -> Judgement:
    """``gcloud``: ``list``, ``describe`` and their like in known groups."""
    return _grouped(call, _GCLOUD_GROUPS, _GCLOUD_READS, _GCLOUD_WHOLE)


def _az(call: Call) -> Judgement:
    """``az``: ``list`` and ``show`` in known groups."""
    return _grouped(call, _AZ_GROUPS, _AZ_READS, _AZ_WHOLE)


RULES: dict[str, Rule] = {"aws": _aws, "gcloud": _gcloud, "az": _az}
"""By name."""
