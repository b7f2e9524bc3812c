"""Commands that only read, whatever their options and operands are."""

import re
from collections.abc import Sequence

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.options import grammar, scan
from oncall_tui.runbook.classify.verdict import READ, change, follows, reveals
from oncall_tui.runbook.classify.words import Sure, Word
from oncall_tui.runbook.danger import Judgement

PURE = names(
    """
    cat head wc cut tr grep egrep fgrep zgrep zcat bzcat xzcat nl tac rev paste join comm expand unexpand fold
    fmt od hexdump strings cmp diff  stat ls dir vdir du df free uptime vmstat iostat mpstat pidstat pgrep
    pstree whoami id groups who w last  users uname nproc lscpu lsblk  lsusb lsmod lsns
    modinfo findmnt basename dirname realpath readlink seq sleep md5sum sha1sum sha224sum sha256sum
    sha384sum sha512sum b2sum cksum sum getconf locale tty numfmt factor expr pg_isready column look
    tsort  pathchk mountpoint host dig  numastat lsipc pwdx uuidgen mcookie atq runlevel namei
    getfacl lsattr getcap  ipcs lslocks lslogins gzcat
    """
)
"""No option of theirs writes, starts a program or changes a setting (coreutils, grep, procps, util-linux, sysstat)."""

_FOLLOWING = frozenset({"-f", "-F", "--follow", "--retry"})


def _reads(call: Call) -> Judgement:
    return READ


def _tail(call: Call) -> Judgement:
    """``tail``: with ``-f`` it goes on."""
    is_following = any(
        word.text in _FOLLOWING or word.text.startswith("--follow")
        or (word.text.startswith("-") and not word.text.startswith("--") and set("fF") & set(word.text))
        for word in call.words
    )  # fmt: skip
    return follows() if is_following else READ


def _statistics(call: Call) -> Judgement:
    """``vmstat 1``: an interval without a count goes on."""
    numbers = [word for word in call.words if word.text.isdigit()]
    return follows() if len(numbers) == 1 else READ


def _processes(call: Call) -> Judgement:
    """``pidstat``: ``-e`` starts a program."""
    if any(word.sure >= Sure.SPLIT or (word.text.startswith("-") and "e" in word.text) for word in call.words):
        return change("pidstat -e starts a program")
    return _statistics(call)


def _arch(call: Call) -> Judgement:
    """``arch``: with words macOS starts a program."""
    return change("arch with words may start a program") if call.words else READ


def _base64(call: Call) -> Judgement:
    """``base64``: that of macOS has ``-o``."""
    scan(call, grammar("-d -D -i --decode --ignore-garbage", "-w -b --wrap"))
    return READ


def _pmap(call: Call) -> Judgement:
    """``pmap``: ``-n`` and ``-N`` write its settings, and are not listed."""
    scan(call, grammar("-x -X -d -q -p --extended --device --quiet --show-path", "-A --range"))
    return READ


def _getent(call: Call) -> Judgement:
    """``getent``: the hashes of passwords are in ``shadow``."""
    is_plain = call.words and call.words[0].is_literal and not call.words[0].text.startswith("-")
    if not is_plain or call.words[0].text in ("shadow", "gshadow"):
        return reveals("getent shadow prints the hashes of passwords")
    return READ


def _environment(call: Call) -> Judgement:
    return reveals("printenv prints the environment, which holds credentials")


_PS_VALUED = re.compile(
    r"-\w*[oOCGgpqstuUk]|--(?:format|sort|pid|ppid|user|group|tty|sid|cols|rows|columns|lines|width)"
)
_PS_CLUSTER = re.compile(r"[A-Za-z]+")


def check_ps(words: Sequence[Word]) -> Judgement:
    """``ps``: ``e`` without a dash shows the environment of every process; so does ``-E`` of macOS."""
    is_value = False
    for word in words:
        if is_value:
            is_value = False
            if "environ" in word.text.lower():
                return _shown_environment()
        elif word.text.startswith("-"):
            is_value = _PS_VALUED.fullmatch(word.text) is not None
            if re.fullmatch(r"-\w*E\w*|-aux\w*e\w*", word.text) or "environ" in word.text.lower():
                return _shown_environment()
        elif _PS_CLUSTER.fullmatch(word.text):
            if "e" in re.split(r"[oOpqtUk]", word.text)[0]:
                return _shown_environment()
            is_value = word.text[-1] in "oOpqtUk"
    return READ


def _shown_environment() -> Judgement:
    return reveals("ps e prints the environment of processes, which holds credentials")


def _ps(call: Call) -> Judgement:
    return check_ps(call.words)


RULES: dict[str, Rule] = {
    **dict.fromkeys(PURE, _reads),
    **dict.fromkeys(("vmstat", "iostat", "mpstat"), _statistics),
    "pidstat": _processes,
    "arch": _arch,
    "ps": _ps,
    "base64": _base64,
    "getent": _getent,
    "pmap": _pmap,
    "tail": _tail,
    "printenv": _environment,
}
"""By name."""
