"""Package managers and language tools, as far as they list."""

import re

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.options import grammar, scan
from oncall_tui.runbook.classify.tools.verbs import verbs
from oncall_tui.runbook.classify.verdict import READ, Unjudged, change, destroy, interactive, reveals, worst
from oncall_tui.runbook.danger import Judgement

_LANGUAGES = names(
    """
    python python3 perl ruby node php java go lua Rscript deno tclsh pypy3 gdb
    """
)
_SETTINGS = "-o --option -c --config-file --config --installroot --setopt --releasever --rpmverbosity"
"""Of package managers: settings can name programs to start."""
_ENVIRONMENT = re.compile(r"environ|getenv|\bENV\b|process\.env|System\.env")
_VERSIONS = frozenset({"--version", "-V", "-version", "version"})


def _dpkg(call: Call) -> Judgement:
    """``dpkg``: lists and searches."""
    found = scan(
        call, grammar("-l -L -s -S -p --list --listfiles --status --search --print-architecture --no-pager -V --audit")
    )
    if not found.options:
        raise Unjudged("dpkg without a listing option")
    return READ


def _rpm(call: Call) -> Judgement:
    """``rpm -q``: queries; ``--eval`` and macros start programs and are not listed."""
    found = scan(call, grammar("-q -a -i -l -f -c -d -p --last --changelog --requires --provides --whatrequires", ""))
    if not found.has("-q"):
        raise Unjudged("rpm: only queries read")
    return READ


def _version_only(call: Call) -> Judgement:
    """A language runs any program; asked for its version it runs none."""
    if len(call.words) == 1 and call.words[0].is_literal and call.words[0].text in _VERSIONS:
        return READ
    if not call.words:
        return interactive(f"{call.name} takes a program from its input")
    unjudged = change(f"{call.name} runs a program that is not judged")
    is_environment = any(_ENVIRONMENT.search(word.text) for word in call.words)
    return worst([unjudged, reveals(f"{call.name} may print the environment")]) if is_environment else unjudged


def _nginx(call: Call) -> Judgement:
    """``nginx``: tests and prints its configuration."""
    words = call.literals()
    if words and all(word in ("-t", "-T", "-v", "-V", "-q") for word in words):
        return READ
    return destroy("nginx -s stop ends connections") if "stop" in words else change("nginx starts, or signals itself")


RULES: dict[str, Rule] = {
    "apt": verbs(
        "apt", "list, show, search, policy, depends, rdepends", "purge, remove, autoremove", refused=_SETTINGS
    ),
    "apt-get": verbs("apt-get", "", "purge, remove, autoremove"),
    "apt-cache": verbs(
        "apt-cache", "show, search, policy, depends, rdepends, stats, madison, pkgnames, showpkg", refused=_SETTINGS
    ),
    "dnf": verbs(
        "dnf", "list, info, search, repolist, provides, check-update", "remove, erase, autoremove", refused=_SETTINGS
    ),
    "yum": verbs(
        "yum", "list, info, search, repolist, provides, check-update", "remove, erase, autoremove", refused=_SETTINGS
    ),
    "snap": verbs("snap", "list, info, find, services, version, changes", "remove"),
    "pip": verbs(
        "pip",
        "list, show, freeze, check",
        "uninstall",
        revealing="config list, config get",
        refused="--log --log-file --local-log --python",
    ),
    "pip3": verbs(
        "pip3",
        "list, show, freeze, check",
        "uninstall",
        revealing="config list, config get",
        refused="--log --log-file --local-log --python",
    ),
    "dpkg": _dpkg,
    "rpm": _rpm,
    "nginx": _nginx,
    **dict.fromkeys(_LANGUAGES, _version_only),
}
"""By name."""
