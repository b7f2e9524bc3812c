"""Tools for text whose options, or little languages, can write files and start programs."""

import re

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.options import grammar, scan
from oncall_tui.runbook.classify.tools.programs import check_awk, check_sed
from oncall_tui.runbook.classify.verdict import READ, Unjudged, reveals
from oncall_tui.runbook.danger import Judgement

_SORT = grammar(
    "-b -d -f -g -i -M -h -n -R -r -V -c -C -m -s -u -z --reverse --numeric-sort --unique --human-numeric-sort"
    " --version-sort --general-numeric-sort --ignore-case --stable --check",
    "-k -t -S --key --field-separator --buffer-size",
)
_UNIQ = grammar("-c -d -D -i -u -z --count --repeated --unique --ignore-case", "-f -s -w --skip-fields --skip-chars")
_SED = grammar("-n -E -r -s -u -z --quiet --silent --regexp-extended", "-e --expression")
_AWK = grammar("", "-F -v --field-separator --assign")
_XXD = grammar("-a -b -e -E -i -p -u -d", "-c -g -l -o -s")
_YQ = grammar(
    "-r -e -P -N -M -C -n -j --raw-output --prettyPrint --no-doc --unwrapScalar", "-o -p --output-format --arg"
)
_YQ_ENVIRONMENT = re.compile(r"\b(?:str)?env(?:subst)?\b|\$ENV\b")
_JQ_ENVIRONMENT = re.compile(r"\benv\b|\$ENV\b")


def _sort(call: Call) -> Judgement:
    """``sort``: ``-o`` writes, ``--compress-program`` starts something; neither is listed."""
    scan(call, _SORT)
    return READ


def _uniq(call: Call) -> Judgement:
    """``uniq``: a second operand is written to."""
    return _at_most_one(call, len(scan(call, _UNIQ).operands))


def _xxd(call: Call) -> Judgement:
    """``xxd``: a second operand is written to."""
    return _at_most_one(call, len(scan(call, _XXD).operands))


def _at_most_one(call: Call, count: int) -> Judgement:
    if count > 1:
        raise Unjudged(f"{call.name} writes to its second file")
    return READ


def _sed(call: Call) -> Judgement:
    """``sed``: only scripts of commands that print, delete and replace; never ``-i``, ``w``, ``e``."""
    found = scan(call, _SED)
    scripts = found.values("-e", "--expression") or found.operands[:1]
    if not scripts:
        raise Unjudged("sed without a script")
    for script in scripts:
        check_sed(script)
    return READ


def _awk(call: Call) -> Judgement:
    """``awk``: only programs that print; never ``system``, pipes or files."""
    found = scan(call, _AWK)
    if not found.operands:
        raise Unjudged(f"{call.name} without a program")
    check_awk(found.operands[0])
    if "ENVIRON" in found.operands[0].text:
        return reveals(f"{call.name} prints the environment, which holds credentials")
    return READ


def _jq(call: Call) -> Judgement:
    """``jq`` has no option that writes; it can print the environment."""
    if any(_JQ_ENVIRONMENT.search(word.text) for word in call.words):
        return reveals("jq prints the environment, which holds credentials")
    if any(word.text in ("-i", "--in-place") for word in call.words):
        raise Unjudged("jq -i writes its file in some of its kinds")
    return READ


def _yq(call: Call) -> Judgement:
    """``yq``: ``-i`` edits in place, ``-s`` writes files; neither is listed."""
    scan(call, _YQ)
    if any(_YQ_ENVIRONMENT.search(word.text) for word in call.words):
        return reveals("yq prints the environment, which holds credentials")
    return READ


def _file(call: Call) -> Judgement:
    """``file``: ``-C`` writes a compiled magic file."""
    scan(call, grammar("-b -i -k -L -h -s -z -0 --brief --mime --mime-type --mime-encoding", "-F"))
    return READ


def _ripgrep(call: Call) -> Judgement:
    """``rg``: ``--pre`` and ``--hostname-bin`` start programs; the options that are listed do not."""
    scan(
        call,
        grammar(
            "-i -n -N -l -L -c -v -w -x -o -S -s -F -U -H -I -q -u -z -a -p --hidden --no-ignore"
            " --files --json --stats",
            "-e -g -t -T -A -B -C -m -r --glob --type --max-count --context --max-depth --sort",
        ),
    )
    return READ


RULES: dict[str, Rule] = {
    "sort": _sort,
    "uniq": _uniq,
    "xxd": _xxd,
    "sed": _sed,
    **dict.fromkeys(("awk", "gawk", "mawk", "nawk"), _awk),
    "jq": _jq,
    "yq": _yq,
    "file": _file,
    "rg": _ripgrep,
}
"""By name."""
