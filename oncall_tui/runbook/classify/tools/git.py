"""git: what shows the history and the state (git-scm.com/docs); options start pagers, helpers and write files."""

import re

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.options import Grammar, Scanned, grammar, scan
from oncall_tui.runbook.classify.verdict import READ, Unjudged, change, destroy, reveals, shown
from oncall_tui.runbook.classify.words import Word
from oncall_tui.runbook.danger import Judgement

_BEFORE = grammar("--no-pager -P --no-optional-locks --version", "-C", stops=True)
"""Not ``-c``, ``--exec-path`` and ``--git-dir``: they decide what git starts."""
_SHOW = (
    "--oneline --graph --all --stat --shortstat --numstat --name-only --name-status --decorate"
    " -p -u --patch --no-merges --merges --first-parent --reverse --follow --cached --staged"
    " --summary --raw -s --no-patch -z -q --quiet --exit-code --no-color --tags --branches"
    " --abbrev-commit -w -b --full-index --left-right --cherry-pick -M -C --no-walk --no-index"
    " --check --word-diff --dirstat --ignore-all-space --no-ext-diff --topo-order --date-order"
    " --source --text -i"
)
_SHOW_VALUED = "-n --max-count --since --until --after --before --author --committer --grep -L -S -G -U --skip"
_SHOW_JOINED = (
    "--format --pretty --date --decorate --abbrev --unified --stat --diff-filter --color --word-diff --tags --branches"
)
_LOOKS: dict[str, Grammar] = {
    **dict.fromkeys(
        ("log", "show", "diff", "shortlog", "whatchanged"), grammar(_SHOW + " -e", _SHOW_VALUED, _SHOW_JOINED)
    ),
    "status": grammar(
        "-s -b -v --short --branch --porcelain --long --ignored -z", "", "-u --porcelain --untracked-files"
    ),
    "blame": grammar("-w -s -e -l -t -f -n -p --show-email --porcelain", "-L --since", "--date -M -C --abbrev"),
    "rev-parse": grammar(
        "--short --verify --abbrev-ref --show-toplevel -q --is-inside-work-tree --git-dir", "", "--short --abbrev"
    ),
    "rev-list": grammar(_SHOW + " --count", _SHOW_VALUED, _SHOW_JOINED),
    "describe": grammar(
        "--tags --always --long --all --exact-match --first-parent --dirty", "--match", "--abbrev --dirty"
    ),
    "ls-files": grammar("-m -o -d -s -c -u -z --others --modified --deleted --exclude-standard --stage"),
    "ls-tree": grammar("-r -t -l -d -z --name-only --full-tree --long"),
    "cat-file": grammar("-p -t -s -e"),
    "count-objects": grammar("-v -H -vH"),
    "merge-base": grammar("--all --is-ancestor --fork-point"),
    "name-rev": grammar("--name-only --tags"),
    "cherry": grammar("-v"),
    "show-ref": grammar("--heads --tags --head -d -s --verify -q"),
    "for-each-ref": grammar("", "--sort --count --format"),
    "grep": grammar("-n -i -l -L -c -w -v -E -F -P -h -H -I --cached -q", "-e -A -B -C -m"),
    "version": grammar("--build-options"),
}
_LISTS: dict[str, Grammar] = {
    "branch": grammar(
        "-a -r -v -vv -l --list --all --remotes --show-current", "--contains --merged --no-merged --sort"
    ),
    "tag": grammar("-l -n --list", "--contains --points-at --sort --merged", "-n"),
    "remote": grammar("-v --verbose"),
    "stash": grammar(""),
    "worktree": grammar("--porcelain"),
    "submodule": grammar("--recursive"),
    "reflog": grammar("-n --all", "-n", "--date"),
    "config": grammar("--list -l --show-origin --show-scope --global --local --system", "--get --get-all --get-regexp"),
    "bisect": grammar(""),
    "notes": grammar(""),
}
_LIST_VERBS = {
    "remote": {"get-url"},
    "stash": {"list", "show"},
    "worktree": {"list"},
    "submodule": {"status"},
    "reflog": {"show"},
    "bisect": {"log"},
    "notes": {"list", "show"},
}
_LOSSES = {
    ("reset", "--hard"),
    ("clean", "-f"),
    ("clean", "-fd"),
    ("clean", "-fdx"),
    ("clean", "-fx"),
    ("push", "--force"),
    ("push", "-f"),
    ("push", "--force-with-lease"),
    ("push", "--delete"),
    ("branch", "-D"),
    ("branch", "-d"),
    ("tag", "-d"),
    ("stash", "drop"),
    ("stash", "clear"),
    ("push", "--mirror"),
    ("worktree", "remove"),
    ("remote", "remove"),
}


def _git(call: Call) -> Judgement:
    """``git``: subcommands that show, with options that do no more."""
    operands = scan(call, _BEFORE).operands
    if not operands:
        return READ
    if not operands[0].is_literal:
        raise Unjudged("git: what it does is only known when it runs")
    verb, rest = operands[0].text, tuple(operands[1:])
    if any((verb, word.text) in _LOSSES for word in rest):
        return destroy(
            f"git {verb} {next(word.text for word in rest if (verb, word.text) in _LOSSES)} throws work away"
        )
    inner = Call(f"git {verb}", tuple(_counted(word) for word in rest), call.inner)
    if verb in _LOOKS:
        scan(inner, _LOOKS[verb])
        return READ
    if verb == "credential" or verb.startswith("credential-"):
        return reveals(f"git {shown(verb)} prints or keeps credentials")
    if verb in _LISTS:
        return _listing(verb, inner)
    return change(f"git {shown(verb)} is not on the list of what reads")


def _counted(word: Word) -> Word:
    """``-5`` is ``--max-count=5``."""
    is_count = word.is_literal and word.text[:1] == "-" and word.text[1:].isdigit()
    return Word("--max-count=" + word.text[1:]) if is_count else word


def _listing(verb: str, call: Call) -> Judgement:
    """Subcommands that list as long as they get no name, or a listing verb."""
    found = scan(call, _LISTS[verb])
    operands = [word.text for word in found.operands]
    if verb == "config":
        if found.has("--list", "-l", "--get", "--get-all", "--get-regexp") and len(operands) < 2:
            return _settings(found)
    elif (
        (not operands and verb not in ("stash", "bisect"))
        or (operands and operands[0] in _LIST_VERBS.get(verb, ()))
        or (
            verb in ("branch", "tag")
            and found.has(
                "-l" if verb == "tag" else "--list", "--list", "--contains", "--points-at", "--merged", "--no-merged"
            )
        )
    ):
        return READ
    return change(f"{call.name} with these words changes something")


def _settings(found: Scanned) -> Judgement:
    """``git config``: addresses and headers may hold tokens; one setting by its name is harmless unless it is such."""
    asked = found.values("--get", "--get-all")
    if asked and all(_HARMLESS_SETTINGS.match(value.text.lower()) for value in asked):
        return READ
    return reveals("git config prints settings, addresses with credentials among them")


_HARMLESS_SETTINGS = re.compile(r"(?:user|core|branch|init|pull|push|merge|diff|color|gc|fetch|commit|log|status)\.")

RULES: dict[str, Rule] = {"git": _git}
"""By name."""
