"""Finding files and looking into archives."""

import re

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.options import grammar, scan
from oncall_tui.runbook.classify.verdict import READ, Unjudged, change, destroy, shown, worst
from oncall_tui.runbook.classify.words import Sure, Word
from oncall_tui.runbook.danger import Judgement

_ALONE = names(
    """
    -print -print0 -ls -prune -quit -depth -d -mount -xdev -daystart -follow -empty -executable -readable
    -writable -nouser -nogroup -true -false -not -and -or -a -o ! ( ) , -H -L -P -noleaf -ignore_readdir_race
    """
)
_WITH_ONE = names(
    """
    -name -iname -path -ipath -wholename -regex -iregex -lname -ilname -type -xtype -size -mtime -mmin -atime
    -amin -ctime -cmin -newer -anewer -cnewer -newermt -user -group -uid -gid -perm -maxdepth -mindepth -links
    -inum -samefile -fstype -printf -regextype -used
    """
)
_STARTING = frozenset({"-exec", "-execdir", "-ok", "-okdir"})
_WRITING = frozenset({"-fprint", "-fprint0", "-fprintf", "-fls"})


def _find(call: Call) -> Judgement:
    """``find``: tests and ``-print``; ``-delete`` destroys, ``-exec`` starts something and ``-fprint`` writes."""
    found: list[Judgement] = []
    words = list(call.words)
    while words:
        word = words.pop(0)
        if word.text in _STARTING:
            found.append(_started(call, words))
        elif word.text == "-delete":
            found.append(destroy("find -delete deletes files"))
        elif word.text in _WRITING:
            found.append(change(f"find {word.text} writes a file"))
        elif word.sure >= Sure.SPLIT:
            found.append(change(f"find: {shown(word.text)} may become an action when it runs"))
        elif word.text in _WITH_ONE:
            if words and words.pop(0).sure is Sure.LOOSE:
                found.append(change(f"find {word.text}: its value may become an action when it runs"))
        elif word.text.startswith(("-", "(", ")", "!", ",")) and word.text not in _ALONE:
            found.append(change(f"find {shown(word.text)} is not on the list of tests"))
    return worst(found)


def _started(call: Call, words: list[Word]) -> Judgement:
    """``-exec command ;``: never read, and as bad as the command."""
    command: list[Word] = []
    while words and words[0].text not in (";", "+"):
        command.append(words.pop(0))
    del words[:1]
    judged = [call.inner.command(command)] if command else []
    return worst([change("find -exec starts a command for every file"), *judged])


def _tar(call: Call) -> Judgement:
    """``tar``: only the listing, and never with an option that starts something."""
    words = call.words
    if words and words[0].is_literal and not words[0].text.startswith("-"):
        if not re.fullmatch(r"[tvzjJa]*f?[tvzjJa]*", words[0].text):
            raise Unjudged("tar writes or unpacks, or starts something")
        letters = "".join(sorted(words[0].text, key=lambda letter: letter == "f"))  # Values follow in their own words.
        words = (Word("-" + letters), *words[1:])
    found = scan(
        Call(call.name, words, call.inner), grammar("-t -v -z -j -J -a --list --verbose --gzip", "-f -C --file")
    )
    if not found.has("-t", "--list"):
        raise Unjudged("tar writes or unpacks")
    if any(":" in name.text or not name.is_literal for name in found.values("-f", "--file")):
        raise Unjudged("tar: the archive may be on another machine")
    return READ


def _unzip(call: Call) -> Judgement:
    """``unzip``: only the listing and the test."""
    if not scan(call, grammar("-l -v -t -Z -q -1")).has("-l", "-v", "-t", "-Z"):
        raise Unjudged("unzip unpacks")
    return READ


def _tree(call: Call) -> Judgement:
    """``tree``: ``-o`` and ``-R`` write; neither is listed."""
    scan(call, grammar("-a -d -f -i -l -p -s -h -u -g -D -F -q -N -r -t -x -J -X -C -n --dirsfirst --du", "-L -P -I"))
    return READ


RULES: dict[str, Rule] = {"find": _find, "tar": _tar, "unzip": _unzip, "tree": _tree}
"""By name."""
