"""Files that hold credentials, by the names that the manuals of their programs give them."""

import posixpath
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from oncall_tui.runbook.classify.verdict import READ, reveals, shown
from oncall_tui.runbook.classify.words import HOLE, Word
from oncall_tui.runbook.danger import Judgement

_FOLDERS = re.compile(
    # Whatever lies in them, a folder as a whole, or what a shell makes of a star.
    r"(?:^|/)(?:\.aws|\.azure|\.gnupg|\.docker|\.kube|\.config/(?:gcloud|gh|hub|rclone|op|doctl)|etc/ssl/private"
    r"|etc/pki/tls/private|etc/wireguard|etc/NetworkManager/system-connections|etc/letsencrypt/archive|run/secrets"
    r"|run/credentials|etc/credstore(?:\.encrypted)?|etc/kubernetes/pki|etc/sudoers\.d/secrets"
    r"|kubernetes\.io~secret|var/lib/vault|vault/secrets)(?:/|$)|(?:^|/)\.ssh/(?!config$|known_hosts|authorized_keys)"
)
_PATHS = re.compile(
    r"(?:^|/)(?:proc/[^/]+/(?:task/[^/]+/)?environ|environ|etc/kubernetes/[\w.-]+\.conf|k3s\.yaml|etc/redis/[\w.-]+\.conf"
    r"|user-data(?:\.txt|\.txt\.i)?|etc/environment)$"
)
_NAMES = re.compile(
    r"g?shadow[-.\w]*|master\.passwd|opasswd|krb5\.keytab|.+\.keytab|(?:chap|pap|ipsec)[.-]secrets"
    r"|\.env(?!\.(?:example|sample|template|dist)$)(?:[.-].*)?|.+\.env|\.envrc"
    r"|(?:.*[_.-])?id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|ssh_host_\w+_key"
    r"|(?!.*(?:cert|chain|(?<![a-z])ca(?![a-z])|public|pub|crt|bundle)).*\.pem|.*(?:priv|private)[_-]?key.*"
    r"|.+\.(?:key|p12|pfx|jks|keystore|ppk|kdbx?|agekey|ovpn|tfstate|tfvars|kubeconfig)|.+\.tfstate\.backup"
    r"|kubeconfig(?:[.-].*)?|[._]netrc|\.pgpass|pgpass\.conf|\.my\.cnf|\.mylogin\.cnf|debian\.cnf|\.git-credentials"
    r"|\.npmrc|\.pypirc|\.dockercfg|\.dockerconfigjson|\.vault-token|\.terraformrc|\.s3cfg|\.boto|rclone\.conf|\.?htpasswd"
    r"|\.(?:bash|zsh|sh|ksh|fish|psql|mysql|rediscli|python|node_repl|irb)_?history|wp-config\.php|redis\.conf|sentinel\.conf"
    r"|userlist\.txt|master\.key|(?:.*[_.-])?(?:secrets?|credentials?|passwords?|passwd\.txt|tokens?|api[_-]?keys?)"
    r"(?:\.(?:ya?ml|json|toml|ini|txt|conf|cfg|properties|xml|php|py|rb|env|csv|enc|bak|db|tfrc\.json))?",
    re.IGNORECASE,
)
_EXAMPLES = (
    "/etc/shadow", "/etc/gshadow", "/etc/ssl/private/x.key", "/proc/1/environ", "/proc/self/environ",
    "/run/secrets/x", "/root/.aws/credentials", "/root/.ssh/id_rsa",
    ".env", ".env.production", ".netrc", ".pgpass", ".bash_history", ".ssh/id_rsa", ".aws/credentials", ".kube/config",
    "id_rsa", "id_ed25519", "credentials", "credentials.json", "secrets.yaml", "secret.yaml", "shadow", "environ",
)  # fmt: skip
"""What a pattern of the shell is held against."""
_MENTION = re.compile(
    r"\bg?shadow\b|/environ\b|\.env\b|\bid_(?:rsa|dsa|ecdsa|ed25519)\b|\.(?:aws|kube|ssh|docker|netrc|pgpass|vault-token)\b"
    r"|/(?:credentials?|secrets?)\b|\.(?:pem|key|p12|pfx|tfstate)\b",
    re.IGNORECASE,
)
_WILD = re.compile(r"[*?\[]")
_PIECES = re.compile(r"[=@:,]")


def holds_credentials(path: str) -> bool:
    """Whether a path, or a pattern of the shell, is one of a file that holds credentials."""
    text = posixpath.normpath(path.replace(HOLE, "x")) if path else ""
    if not text or text in (".", "/"):
        return False
    if _FOLDERS.search(text) or _PATHS.search(text):
        return True
    if _WILD.search(text):
        begin = _WILD.split(text, maxsplit=1)[0].rsplit("/", 1)[-1]
        is_narrow = text.startswith(("/", ".")) or len(begin) > 1
        return is_narrow and any(fnmatchcase(one, text) for one in _EXAMPLES)
    return _NAMES.fullmatch(posixpath.basename(text)) is not None


def named_by(words: Iterable[Word]) -> str:
    """The first word that names such a file, alone or behind ``=``, ``@`` or ``:``; empty for none."""
    for word in words:
        for piece in (word.text, *_PIECES.split(word.text)[1:]):
            if holds_credentials(piece):
                return word.text
    return ""


def mentions_credentials(text: str) -> bool:
    """Whether such a file is anywhere in a text: what is printed then is not known to be anything else."""
    return _MENTION.search(text) is not None


def check_printed(name: str, words: Iterable[Word]) -> Judgement:
    """What a command that prints files prints."""
    met = named_by(words)
    return reveals(f"{name} prints {shown(met)}, which holds credentials") if met else READ
