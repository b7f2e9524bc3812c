"""What of a long answer is asked for: by the templates of docker, by the queries of the AWS CLI, by addresses."""

import re
from collections.abc import Sequence

from oncall_tui.runbook.classify.words import Word

_FIELD = re.compile(r"\.[A-Za-z_.]*")
_LEAF = re.compile(r"([A-Za-z_]\w*|\*|@)(?=(?:\[[^\]\[]*\])*\s*(?:$|[],}|)]))")
_ENVIRONMENTS = re.compile(r"environment|variables|userdata|secrets?|env|\*|@|password|token", re.IGNORECASE)
_WHOLES = frozenset(
    {"Configuration", "Functions", "taskDefinition", "containerDefinitions", "LaunchTemplateVersions"}
    | {"LaunchTemplateData", "LaunchConfigurations", "jobDefinitions", "containerProperties", "jobs", "container"}
    | {"Service", "SourceConfiguration", "projects", "ConfigurationSettings", "OptionSettings", "Connection"}
    | {"ConnectionProperties", "ConnectionList", "app", "apps", "branch", "Containers", "PrimaryContainer"}
)
"""Parts of answers in which the environment is."""
_SECRET_ADDRESS = re.compile(
    r"//169\.254\.170\.2|security-credentials|/user-data|/startup-script|/latest/dynamic/instance-identity"
    r"|/computemetadata/v1/(?:instance|project)/?(?:\?|$|attributes)|/service-accounts/|/identity/oauth2/token"
    r"|/actuator/(?:env|configprops|heapdump)|/namespaces/[^/]+/secrets|/api/v1/secrets|/v1/(?:secrets?|kv)/"
    r"|/oauth2?/token|/debug/pprof/cmdline|/\.env|/\.git/config|/\.aws/|/v2/keys/",
    re.IGNORECASE,
)


def template_hides(template: Word | None) -> bool:
    """Whether a template of docker (``{{.State.Status}}``) leaves out the environment of a container."""
    if template is None or not template.is_literal or template.text in ("json", "yaml", "table", ""):
        return False
    fields = [
        field for piece in re.findall(r"\{\{(.*?)\}\}", template.text, re.DOTALL) for field in _FIELD.findall(piece)
    ]
    return bool(fields) and not any(
        field in (".", ".Config", ".Spec", ".TaskTemplate") or _has_environment(field) for field in fields
    )


def _has_environment(field: str) -> bool:
    pieces = field.split(".")
    is_whole = pieces[-1] in ("Config", "Spec", "ContainerSpec", "TaskTemplate")
    return is_whole or any("env" in piece.lower() for piece in pieces)


def query_hides(queries: Sequence[Word]) -> bool:
    """Whether a query of the AWS CLI (``Configuration.State``) leaves out environments and the like."""
    if len(queries) != 1 or not queries[0].is_literal:
        return False
    text = queries[0].text
    leaves = _LEAF.findall(text)
    names = re.findall(r"[A-Za-z_]\w*|\*(?!\])|@", text)
    return bool(leaves) and not any(_ENVIRONMENTS.fullmatch(one) for one in names) and not _WHOLES.intersection(leaves)


def answers_credentials(address: str) -> bool:
    """Whether what stands at an address are credentials: of machines in clouds, of vaults, of applications."""
    return _SECRET_ADDRESS.search(address) is not None
