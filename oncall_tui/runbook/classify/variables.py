"""Variables of a body: where their values come from, and which names change what programs do."""

import re
from typing import TYPE_CHECKING

from oncall_tui.runbook.classify.grammar import text_of
from oncall_tui.runbook.classify.verdict import Unjudged
from oncall_tui.runbook.classify.words import Origin, Sure, Word, prints_resources, word_of

if TYPE_CHECKING:
    from tree_sitter import Node

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CLEAN = re.compile(r"[A-Za-z0-9_./:@%+=,][A-Za-z0-9_./:@%+=,-]*")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")

_POWERFUL = re.compile(
    # What the shell itself obeys, and the loader, the C library and the languages.
    r"PATH|IFS|ENV|ZDOTDIR|HOSTALIASES|POSIXLY_CORRECT|DBUS_\w*|CDPATH|GLOBIGNORE|HOME|SHELL|SHELLOPTS|BASHOPTS|EXECIGNORE|FIGNORE|INPUTRC|FCEDIT|MAILPATH|TMPDIR"
    r"|PROMPT_\w+|PS[0-9]|(?:LD|BASH|COMP|HIST|READLINE|DYLD|GLIBC|MALLOC|GCONV|NLS|LOC|RES|TERM|XDG|GTK|QT)_?\w*"
    # Tools that start what a variable names, or read their orders from it.
    r"|(?:GIT|SSH|PG|PSQL|MYSQL|REDIS\w*|KUBE\w*|DOCKER|HELM|TF|VAULT|CONSUL|NOMAD|ETCDCTL|AWS|GOOGLE|GCLOUD|CLOUDSDK"
    r"|AZURE|CURL|WGET|TAR|GREP|LESS|MAN|MORE|SYSTEMD|JOURNAL|PYTHON|PERL|RUBY|NODE|NPM|JAVA|JDK|RSYNC|XARGS|SORT|JQ"
    r"|YQ|BUILDKIT|COMPOSE|PODMAN|CONTAINER|OC|DIFF|SUDO|DOAS|OPENSSL|SSL|NSS|KRB5)_?\w*"
    r"|\w*(?:PATH|PAGER|EDITOR|VISUAL|BROWSER|ASKPASS|OPTS?|OPTIONS|ARGS|FLAGS|OPEN|RC|CONFIG|PROXY|COMMAND|CMD|HOOK"
    r"|PRELOAD|PLUGINS?|SHELL|RSH|SERVER_URL)"
)
_PROXIES = re.compile(r"(?:https?|all|no|ftp)_proxy")
_HARMLESS = re.compile(
    r"LANG|LC_[A-Z]+|TZ|NO_COLOR|COLUMNS|LINES|TERM|PGHOST|PGPORT|PGUSER|PGDATABASE|PGPASSWORD|PGCONNECT_TIMEOUT"
    r"|PGAPPNAME|AWS_PROFILE|AWS_REGION|AWS_DEFAULT_REGION|AWS_DEFAULT_OUTPUT|REDISCLI_AUTH|VAULT_ADDR|VAULT_NAMESPACE"
    r"|CONSUL_HTTP_ADDR|NOMAD_ADDR|ETCDCTL_API|ETCDCTL_ENDPOINTS|MYSQL_PWD|PYTHONUNBUFFERED"
)
_PAGERS = re.compile(r"PAGER|AWS_PAGER|GIT_PAGER|SYSTEMD_PAGER|MANPAGER|PSQL_PAGER|KUBECTL_PAGER")


def check_name(name: str, value: Word | None, is_prefix: bool) -> None:
    """Refuse an assignment to what decides which program runs, or what it does.

    Args:
        is_prefix: it stands before a command, whose environment it is: names in capitals must be known there.

    Raises:
        Unjudged: it may.
    """
    if not NAME.fullmatch(name):
        raise Unjudged(f"the assignment to {name[:40]!r} is not judged")
    if _PAGERS.fullmatch(name) and value is not None and value.is_literal and value.text in ("", "cat"):
        return
    if _HARMLESS.fullmatch(name):
        return
    if _POWERFUL.fullmatch(name) or _PROXIES.fullmatch(name):
        raise Unjudged(f"sets {name}, which changes what programs do")
    if is_prefix and name != name.lower():
        raise Unjudged(f"sets {name} for one command: not known to be harmless")


def origins_of(root: "Node", carried: frozenset[str]) -> dict[str, Origin]:
    """Where every variable that the body assigns gets its value from; ``carried`` come from earlier steps."""
    met: dict[str, Origin] = dict.fromkeys(carried, Origin.DIRTY)
    pending = [node for node in _all(root) if node.type in _ASSIGNING]
    for node in pending:
        for name, origin in _assigned(node):
            met[name] = origin if met.get(name, origin) is origin else Origin.DIRTY
    return met


_ASSIGNING = ("variable_assignment", "for_statement", "command", "expansion", "declaration_command")
_READERS = ("read", "mapfile", "readarray", "getopts", "printf", "let", "declare", "wait")


def _all(root: "Node") -> list["Node"]:
    found, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting += node.children
    return found


def _assigned(node: "Node") -> list[tuple[str, Origin]]:
    """The names that a node assigns."""
    match node.type:
        case "variable_assignment":
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            is_added = any(child.type == "+=" for child in node.children)
            base = NAME.match(text_of(name)) if name else None
            if base is None:
                return []
            return [(base[0], Origin.DIRTY if is_added else _origin([value] if value else []))]
        case "for_statement":
            name = node.child_by_field_name("variable")
            return [(text_of(name), _origin(list(node.children_by_field_name("value"))))] if name else []
        case "expansion":
            given = re.match(r"\$\{([A-Za-z_]\w*):?=", text_of(node))
            return [(given[1], Origin.DIRTY)] if given else []
        case "command":
            words = [text_of(child) for child in node.children]
            return [
                (word, Origin.DIRTY)
                for word in words
                if word not in _READERS and _is_reader(words) and NAME.fullmatch(word)
            ]
    return []


def _is_reader(words: list[str]) -> bool:
    return any(word in _READERS for word in words[:4])


def _origin(values: list["Node"]) -> Origin:
    if not values:
        return Origin.DIRTY
    if len(values) == 1 and values[0].type == "arithmetic_expansion":
        return Origin.NUMBER
    if len(values) == 1 and values[0].type == "command_substitution" and prints_resources(values[0]):
        return Origin.RESOURCE
    try:
        words = [word_of(value, {}) for value in values]
    except Unjudged:
        return Origin.DIRTY
    if any(word.sure is not Sure.LITERAL or not _CLEAN.fullmatch(word.text) for word in words):
        return Origin.DIRTY
    return Origin.NUMBER if all(_NUMBER.fullmatch(word.text) for word in words) else Origin.CLEAN
