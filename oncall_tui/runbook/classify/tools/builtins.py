"""What the shell does itself, without starting a program."""

import re

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.options import grammar, scan
from oncall_tui.runbook.classify.variables import check_name
from oncall_tui.runbook.classify.verdict import READ, Unjudged, change, interactive, reveals, worst
from oncall_tui.runbook.classify.words import HOLE, Sure
from oncall_tui.runbook.danger import Judgement

_SET = re.compile(r"[-+][euxvfCaT]*o?")
_SETTINGS = frozenset({"pipefail", "errexit", "nounset", "xtrace", "noglob", "noclobber", "errtrace", "verbose"})
_CONVERSION = re.compile(r"%[-+ #0-9.*]*(?:[hljztL]*[diouxXeEfFgGaA]|[scbqQ]|\([^)]*\)T)")
_UNARY = names(
    """
    -a -b -c -d -e -f -g -h -k -n -p -r -s -t -u -w -x -z -G -L -N -O -S
    """
)
_BINARY = names(
    """
    = == != -eq -ne -lt -le -gt -ge -nt -ot -ef < >
    """
)


def _nothing(call: Call) -> Judgement:
    return READ


def _set(call: Call) -> Judgement:
    """``set``: the options of the shell that do no more than stop it earlier; alone it prints every variable."""
    words = call.literals()
    if not words:
        return reveals("set prints every variable")
    for place, word in enumerate(words):
        is_setting = place and re.fullmatch(r"[-+]\w*o", words[place - 1]) and word in _SETTINGS
        if not is_setting and (not _SET.fullmatch(word) or len(word) < 2):
            raise Unjudged(f"set {word[:20]} changes how the rest is read")
    return READ


def _read(call: Call) -> Judgement:
    """``read``: sets variables, which must be harmless ones."""
    found = scan(call, grammar("-r -s -a", "-p -t -d -n -N -u"))
    return _names(call, [word.text for word in found.operands])


def _mapfile(call: Call) -> Judgement:
    """``mapfile``: ``-C`` starts something and is not listed."""
    found = scan(call, grammar("-t", "-d -n -O -s -u"))
    return _names(call, [word.text for word in found.operands])


def _names(call: Call, names: list[str]) -> Judgement:
    for name in names:
        check_name(name.replace(HOLE, "$"), None, is_prefix=False)
    return READ


def _printf(call: Call) -> Judgement:
    """``printf``: ``-v`` sets a variable, and computes its subscript."""
    if not call.words:
        raise Unjudged("printf without a format")
    if call.words[0].text.startswith(("-", HOLE)) or call.words[0].sure >= Sure.SPLIT:
        if call.words[0].is_literal and call.words[0].text == "--":
            return _printf(Call(call.name, call.words[1:], call.inner))
        raise Unjudged("printf: its first word may be an option")
    text = call.words[0].text.replace("%%", "")
    if text.count("%") != len(_CONVERSION.findall(text)):
        raise Unjudged("printf: a conversion that may set a variable")
    return READ


def _jobs(call: Call) -> Judgement:
    """``jobs`` and ``wait``: ``jobs -x`` starts something, ``wait -p`` sets a variable; neither is listed."""
    scan(call, grammar("-l -n -p -r -s" if call.name == "jobs" else "-n -f"))
    return READ


def _test(call: Call) -> Judgement:
    """``test``: simple tests; ``-v`` and ``-R`` compute subscripts."""
    words = list(call.words)
    if words and words[0].is_literal and words[0].text == "!":
        del words[0]
    if any(word.sure is Sure.SPLIT or (word.sure is Sure.LOOSE and HOLE * 2 not in word.text) for word in words):
        raise Unjudged("test: a value may become several words")
    if len(words) <= 1:
        return READ
    if len(words) == 2 and words[0].is_literal and words[0].text in _UNARY:
        return READ
    if len(words) == 3 and words[1].is_literal and words[1].text in _BINARY:
        return READ
    raise Unjudged("test: not a simple comparison")


def _type(call: Call) -> Judgement:
    return READ


def _trap(call: Call) -> Judgement:
    return change(f"{call.name} makes the shell run something later, or from elsewhere")


def _history(call: Call) -> Judgement:
    return change(f"{call.name} changes the shell")


def _past(call: Call) -> Judgement:
    """``history`` and ``fc``: what was typed, passwords among it; with words they change it, or run it again."""
    printed = reveals(f"{call.name} prints what was typed, which may hold credentials")
    return worst([printed, _history(call)]) if call.words else printed


def _hash(call: Call) -> Judgement:
    """``hash -p`` makes a name start any program."""
    return change("hash changes which program a name starts") if call.words else READ


def _directory(call: Call) -> Judgement:
    return READ


RULES: dict[str, Rule] = {
    **dict.fromkeys(("echo", ":", "true", "false", "exit", "return", "break", "continue", "shift"), _nothing),
    **dict.fromkeys(("cd", "pwd", "pushd", "popd", "dirs", "times"), _directory),
    **dict.fromkeys(("type", "which", "whereis", "whatis", "apropos"), _type),
    **dict.fromkeys(("eval", "source", ".", "trap"), _trap),
    **dict.fromkeys(
        (
            "alias",
            "unalias",
            "enable",
            "bind",
            "complete",
            "compgen",
            "shopt",
            "umask",
            "disown",
            "let",
            "getopts",
            "suspend",
            "logout",
            "bg",
            "fg",
            "caller",
        ),
        _history,
    ),
    **dict.fromkeys(("history", "fc"), _past),
    "jobs": _jobs,
    "wait": _jobs,
    "set": _set,
    "read": _read,
    "mapfile": _mapfile,
    "readarray": _mapfile,
    "printf": _printf,
    "test": _test,
    "hash": _hash,
    "select": lambda call: interactive("select asks on the terminal"),
}
"""By name."""
