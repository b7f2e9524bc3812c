"""The machine itself: its clock, its name, its kernel, its processes."""

import re

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.options import grammar, scan
from oncall_tui.runbook.classify.verdict import READ, Unjudged, change, destroy, follows, interactive
from oncall_tui.runbook.danger import Judgement

_DMESG = grammar(
    "-S -T -H -k -x -t -r -u -e -L -P -d -w -W -h --ctime --human --kernel --decode --raw --userspace --reltime"
    " --nopager --follow --follow-new --show-delta --notime",
    "-l -f --level --facility --since --until --time-format",
    joined="--color",
)
_LSOF = grammar(
    "-n -P -l -t -U -R -V -a -b -w -N -O -O -C -X", "-p -u -c -d -g -T -s -S -A", joined="-i -F -o -r", is_lenient=True
)


def _date(call: Call) -> Judgement:
    """``date``: ``-s`` and an operand without ``+`` set the clock."""
    found = scan(
        call,
        grammar(
            "-u -R --utc --universal --rfc-email", "-d -r --date --reference --rfc-3339 -f", joined="-I --iso-8601"
        ),
    )
    if found.values("-f") or len(found.operands) > 1 or any(not word.text.startswith("+") for word in found.operands):
        raise Unjudged("date with a word that is no format sets the clock")
    return READ


def _hostname(call: Call) -> Judgement:
    """``hostname``: an operand sets it."""
    found = scan(call, grammar("-f -s -i -I -d -A -y --fqdn --short --ip-address --all-ip-addresses --domain --long"))
    return change("hostname with a name sets it") if found.operands else READ


def _sysctl(call: Call) -> Judgement:
    """``sysctl``: ``-w``, ``-p`` and an operand with ``=`` set."""
    found = scan(call, grammar("-a -n -e -N -b -A --all --values --ignore --names", "-r --pattern"))
    if any("=" in word.text or not word.is_literal for word in found.operands):
        raise Unjudged("sysctl with a value sets it")
    return READ


def _dmesg(call: Call) -> Judgement:
    """``dmesg``: ``-c -C -D -E -n`` change the buffer or the console."""
    found = scan(call, _DMESG)
    return follows() if found.has("-w", "-W", "--follow", "--follow-new") else READ


def _mount(call: Call) -> Judgement:
    """``mount`` without operands lists."""
    if scan(call, grammar("-l -v", "-t")).operands:
        raise Unjudged("mount with an operand mounts")
    return READ


def _listing(call: Call) -> Judgement:
    """``top``: only the batch mode, which prints; the other one can kill."""
    known = grammar("-b -c -H -i -S -1 -E", "-n -d -p -u -U -o -w")
    words = call.words
    if not any(word.text.startswith("-") and "b" in word.text and not word.text.startswith("--") for word in words):
        return interactive(f"{call.name} takes keys, and can kill and renice")
    found = scan(call, known)
    return READ if found.has("-b") and found.has("-n") else follows()


def _lsof(call: Call) -> Judgement:
    """``lsof``: ``-D`` writes a cache of devices; repeated listing goes on."""
    words = tuple(word for word in call.words if not (word.is_literal and re.fullmatch(r"\+[dDLc|fM].*", word.text)))
    found = scan(Call(call.name, words, call.inner), _LSOF)
    return follows() if found.has("-r") else READ


def _crontab(call: Call) -> Judgement:
    """``crontab``: ``-l`` lists; ``-r`` removes all of it."""
    found = scan(call, grammar("-l -r -e -i", "-u"))
    if found.has("-r"):
        return destroy("crontab -r removes every job")
    if found.has("-e"):
        return interactive("crontab -e opens an editor")
    return READ if found.has("-l") and not found.operands else change("crontab replaces the jobs")


def _kill(call: Call) -> Judgement:
    """``kill``: ``-l`` lists the signals, ``-0`` only asks whether a process is there."""
    first = call.words[0].text if call.words else ""
    if first in ("-l", "-L", "-0") and all(not word.text.startswith("-") for word in call.words[1:]):
        return READ
    return change("kill ends or signals a process")


def _sar(call: Call) -> Judgement:
    """``sar``: ``-o`` writes; it is not listed."""
    known = grammar("-u -r -b -B -d -q -S -w -W -A -p -h -F -H -v -y -1", "-n -f -s -e -P -I -m -i")
    scan(call, known)
    return READ


def _swapon(call: Call) -> Judgement:
    """``swapon``: only the listing."""
    found = scan(call, grammar("-s --summary --noheadings --raw --bytes", joined="--show"))
    return READ if found.has("-s", "--summary", "--show") and not found.operands else change("swapon changes the swap")


def _ulimit(call: Call) -> Judgement:
    """``ulimit``: a number sets it."""
    found = scan(call, grammar("-a -H -S -n -u -c -d -f -l -m -s -t -v"))
    return READ if not found.operands else change("ulimit with a number sets it")


RULES: dict[str, Rule] = {
    "date": _date,
    "hostname": _hostname,
    "sysctl": _sysctl,
    "dmesg": _dmesg,
    "mount": _mount,
    "top": _listing,
    "lsof": _lsof,
    "crontab": _crontab,
    "kill": _kill,
    "sar": _sar,
    "swapon": _swapon,
    "ulimit": _ulimit,
}
"""By name."""
