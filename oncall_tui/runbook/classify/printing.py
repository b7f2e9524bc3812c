"""What a command prints beside what it does: files that hold credentials, and variables that do."""

import re
from collections.abc import Sequence

from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.secret_files import check_printed
from oncall_tui.runbook.classify.verdict import READ, reveals, shown
from oncall_tui.runbook.classify.words import Sure, Word
from oncall_tui.runbook.danger import Judgement

PRINTERS = names(
    """
    cat head tail tac nl rev paste join comm expand unexpand fold fmt od hexdump strings cut sort uniq grep egrep
    fgrep zgrep zcat bzcat xzcat gzcat diff cmp column look tsort awk gawk mawk nawk sed jq yq xxd base64 base32 rg
    less more most pr shuf bat dd tee view iconv
    """
)
"""They print what is in the files that they are given."""
_GREPS = names("grep egrep fgrep zgrep rg")
_PROGRAMMED = names("awk gawk mawk nawk sed jq yq")
"""Their first operand is a program."""
_WHOLE = names(
    "cat head tail tac nl strings less more bat od hexdump xxd base64 grep egrep fgrep zcat sed awk cut sort"
)
_SILENT = re.compile(r"-[a-zA-Z]*[qclL][a-zA-Z]*|--(?:quiet|silent|count|files-with-matches|files-without-match)")
_RECURSIVE = re.compile(r"-[a-zA-Z]*[rR][a-zA-Z]*|--(?:dereference-)?recursive")
_GIVEN = frozenset({"-e", "-f", "--regexp", "--file", "--expression"})
"""Options behind which the pattern, or the program, stands: no operand is one then."""
_TREES = re.compile(r"/|~/?|/etc/?|/root/?|/home(?:/[^/]+)?/?|/proc/?|/var/lib/?|\0/?")
_SHOWING_GIT = names("show diff cat-file grep blame log")
_STARTING = names("-exec -execdir -ok -okdir")
_SECRET_NAME = (
    r"\w*(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_KEY|CREDENTIALS?|_PASS|_PWD)\w*"
)
_SECRET_VARIABLE = re.compile(rf"\$(?:{_SECRET_NAME}|\{{{_SECRET_NAME}(?!\w)(?!:?\+))", re.IGNORECASE)
_SAYING = names("echo printf")


def prints(name: str, words: Sequence[Word]) -> Judgement:
    """What of credentials a command prints."""
    if name in PRINTERS:
        return _printed(name, words)
    texts = [word.text for word in words]
    if name == "git" and _SHOWING_GIT.intersection(texts[:4]):
        return check_printed("git", words)
    if name == "find" and _STARTING.intersection(texts):
        return check_printed("find", words)
    if name == "aws" and texts[:2] == ["s3", "cp"] and "-" in texts:
        return check_printed("aws s3 cp", words)
    return READ


def _printed(name: str, words: Sequence[Word]) -> Judgement:
    options = [word.text for word in words if word.text.startswith("-")]
    files = _files(name, words)
    if name not in _GREPS:
        return check_printed(name, files)
    if any(_SILENT.fullmatch(option) for option in options):
        return READ
    tree = next((word.text for word in files if _TREES.fullmatch(word.text)), "")
    if tree and (name == "rg" or any(_RECURSIVE.fullmatch(option) for option in options)):
        return reveals(f"{name} prints from all of {shown(tree)}, files that hold credentials among them")
    return check_printed(name, files)


def _files(name: str, words: Sequence[Word]) -> list[Word]:
    """The words that may name files: not the pattern of a ``grep``, nor the program of an ``awk``."""
    found: list[Word] = []
    is_program = (name in _GREPS or name in _PROGRAMMED) and not any(word.text in _GIVEN for word in words)
    before = ""
    for word in words:
        is_first = is_program and not word.text.startswith("-") and not before.startswith("--arg")
        if is_first and not _takes_value(name, before):
            is_program = False
        elif before not in ("-e", "--regexp", "--expression"):
            found.append(word)
        before = word.text
    return found


def _takes_value(name: str, option: str) -> bool:
    """Whether what follows is the value of an option, and the program comes later."""
    return option in (("-F", "-v") if "awk" in name else ("-A", "-B", "-C", "-m", "-t", "-g") if name in _GREPS else ())


def prints_unknown(name: str, words: Sequence[Word]) -> bool:
    """Whether a command prints a file whose name is only known when it runs."""
    return name in _WHOLE and any(word.sure >= Sure.VALUE for word in _files(name, words))


def says(name: str, source: str) -> Judgement:
    """``echo $PASSWORD``: a variable that bears the name of a credential."""
    met = _SECRET_VARIABLE.search(source) if name in _SAYING else None
    return reveals(f"{name} prints {shown(met[0].lstrip('${'))}") if met else READ


def asks_for_credentials(words: Sequence[Word]) -> Judgement:
    """Of a command that is not known: whether one of its first words says that it is about credentials."""
    met = next((word.text for word in words[:4] if word.text[:1] != "-" and _ASKED.fullmatch(word.text)), "")
    return reveals(f"not understood, and may print credentials: {shown(met)}") if met else READ


_ASKED = re.compile(
    r"(?:.*[-_./:])?(?:secrets?|passwords?|passwd|credentials?|creds|tokens?|api-?keys?|kubeconfig)(?:[-_./:].*)?",
    re.IGNORECASE,
)
