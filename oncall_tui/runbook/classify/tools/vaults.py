"""Programs that are there to print credentials: password stores, decoders, command lines of platforms."""

import re

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.verdict import change, reveals, worst
from oncall_tui.runbook.danger import Judgement

_ALWAYS = names(
    """
    pass gopass op bw lpass chamber sops secret-tool keyring credstash doppler infisical berglas systemd-creds
    aws-vault saml2aws gpg gpg2 age rage pg_dumpall jinfo mkpasswd pwgen ansible-vault envconsul summon
    keytool step conjur akeyless teller
    """
)
"""Each of them prints a credential, a key or an environment, or starts something with it."""
_VERBS = {
    "gh": r"auth|secret|api",
    "glab": r"auth|api|variable",
    "heroku": r"config.*|pg:credentials.*|auth.*",
    "fly": r"auth|tokens?|ssh",
    "flyctl": r"auth|tokens?|ssh",
    "cf": r"env|oauth-token|service-key|e",
    "eb": r"printenv",
    "pm2": r"env|jlist|prettylist|describe|show",
    "kubeadm": r"token|config|certs|init",
    "kind": r"get",
    "k3d": r"kubeconfig|get",
    "minikube": r"config|kubectl",
    "eksctl": r"utils|get",
    "doctl": r"auth|kubernetes|databases|registry",
    "pulumi": r"config|stack",
    "security": r"find-.*|dump-.*|export",
    "nmcli": r"-s|--show-secrets|connection|c|con|d|dev|device",
    "wg": r"show|showconf|genkey|genpsk",
    "jcmd": r"[0-9]+|VM\..*",
    "virsh": r"secret-.*|dumpxml",
    "vercel": r"env",
    "railway": r"variables",
    "dokku": r"config.*",
    "rails": r"credentials.*|encrypted.*",
}
"""Programs of which only some verbs do."""


def _always(call: Call) -> Judgement:
    return worst([reveals(f"{call.name} may print credentials"), change(f"{call.name} is not judged")])


def _some(call: Call) -> Judgement:
    known = re.compile(_VERBS[call.name])
    unjudged = change(f"{call.name} is not judged")
    if any(known.fullmatch(word.text) for word in call.words[:3]):
        return worst([reveals(f"{call.name} may print credentials"), unjudged])
    return unjudged


RULES: dict[str, Rule] = {**dict.fromkeys(_ALWAYS, _always), **dict.fromkeys(_VERBS, _some)}
"""By name."""
