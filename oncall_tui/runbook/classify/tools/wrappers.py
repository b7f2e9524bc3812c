"""Commands that start another command: it is judged in their place, and never taken for better than it is."""

import re
from collections.abc import Callable

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.options import Grammar, grammar, scan
from oncall_tui.runbook.classify.variables import check_name
from oncall_tui.runbook.classify.verdict import READ, Unjudged, change, follows, interactive, reveals, worst
from oncall_tui.runbook.classify.words import Sure, Word
from oncall_tui.runbook.danger import Judgement

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_SSH = grammar("-4 -6 -a -C -n -q -T -t -v -x -k", "-p -l -i -b -o", stops=True)
_SSH_SETTINGS = re.compile(
    r"(?:ConnectTimeout|BatchMode|StrictHostKeyChecking|LogLevel|ServerAliveInterval|ServerAliveCountMax|RequestTTY"
    r"|UserKnownHostsFile|User|Port|HostName|IdentitiesOnly|PasswordAuthentication|ConnectionAttempts)[= ][\w./@:-]+",
    re.IGNORECASE,
)


def _started(call: Call, words: list[Word]) -> Judgement:
    if not words:
        raise Unjudged(f"{call.name} without a command")
    return call.inner.command(words)


def _plain(known: Grammar, skipped: int = 0, *, also: str = "") -> Rule:
    """A wrapper with options, and operands of its own before the command.

    Args:
        skipped: how many operands stand before the command: the duration of ``timeout``.
        also: why it is never read, whatever it starts.
    """

    def judge(call: Call) -> Judgement:
        found = scan(call, known)
        if any(not word.is_literal and word.sure is not Sure.VALUE for word in found.operands[:skipped]):
            raise Unjudged(f"{call.name}: where its command begins is only known when it runs")
        judged = _started(call, found.operands[skipped:])
        return worst([change(f"{call.name} {also}"), judged]) if also else judged

    return judge


def _with_environment(call: Call, words: list[Word]) -> list[Word]:
    """The command behind ``NAME=value`` words, which must be harmless."""
    rest = list(words)
    while rest:
        met = _ASSIGNMENT.fullmatch(rest[0].text)
        if not met:
            break
        check_name(met[1], Word(met[2], rest[0].sure), is_prefix=True)
        del rest[0]
    return rest


def _env(call: Call) -> Judgement:
    """``env``: ``-S`` splits a string into words, and is not listed; without a command it prints the environment."""
    found = scan(call, grammar("-i --ignore-environment - -0 --null", "-u --unset", stops=True))
    rest = _with_environment(call, found.operands)
    if rest and rest[0].text == "-":
        raise Unjudged("env -: not judged")
    return _started(call, rest) if rest else reveals("env prints the environment, which holds credentials")


def _sudo(call: Call) -> Judgement:
    """``sudo``: with ``-i``, ``-s`` or without a command it opens a shell; ``-e`` edits."""
    words = [word.text for word in call.words]
    if call.words and words[0] in ("-i", "-s", "-e", "--login", "--shell", "--edit"):
        return interactive(f"{call.name} opens a shell or an editor")
    found = scan(call, grammar("-n -H -E -k -S -b -P -l", "-u -g -p -C -T", stops=True))
    if found.has("-b"):
        raise Unjudged(f"{call.name} -b goes into the background")
    rest = _with_environment(call, found.operands)
    if not rest and found.has("-l"):
        return READ
    return _started(call, rest)


def _xargs(call: Call) -> Judgement:
    """``xargs``: what it reads becomes arguments, so nothing is known of them."""
    known = grammar(
        "-0 -r -t --null --no-run-if-empty --verbose",
        "-n -P -L -d -s -I -E --max-args --max-procs --delimiter",
        stops=True,
    )
    found = scan(call, known)
    if not found.operands:
        return READ
    replaced = [value.text for value in found.values("-I")]
    command = list(found.operands)
    for mark in replaced:
        command = [
            Word("\0\0" if word.text == mark else "\0", Sure.LOOSE) if mark in word.text else word for word in command
        ]
    if not replaced:
        command.append(Word("\0", Sure.LOOSE))
    return _started(call, command)


def _command(call: Call) -> Judgement:
    """``command -v name`` asks what a name is; otherwise the command, past functions."""
    words = list(call.words)
    if words and words[0].is_literal and words[0].text in ("-v", "-V"):
        return READ
    if words and words[0].is_literal and words[0].text in ("-p", "--"):
        del words[0]
    return _started(call, words)


def _builtin(call: Call) -> Judgement:
    return _started(call, list(call.words))


def _exec(call: Call) -> Judgement:
    """``exec``: what follows it in the body does not run any more."""
    judged = _started(call, list(call.words)) if call.words else READ
    return worst([change("exec replaces the shell, or redirects all that follows"), judged])


def _watch(call: Call) -> Judgement:
    """``watch``: hands its words, put together, to ``sh -c``, again and again."""
    found = scan(call, grammar("-d -t -e -c -w --no-title --color --differences", "-n --interval", stops=True))
    return follows(_joined(call, found.operands))


def _joined(call: Call, words: list[Word]) -> Judgement:
    if not words:
        raise Unjudged(f"{call.name} without a command")
    if not all(word.is_literal for word in words):
        judged = call.inner.command([Word(word.text) if word.is_literal else word for word in words])
        return worst([change(f"{call.name}: a value becomes part of what a shell reads"), judged])
    return call.inner.script(" ".join(word.text for word in words), is_bash=False)


def _ssh(call: Call) -> Judgement:
    """``ssh host command``: the command, read by a shell over there; without one it opens a shell."""
    found = scan(call, _SSH)
    if not all(_SSH_SETTINGS.fullmatch(value.text) for value in found.values("-o")):
        raise Unjudged("ssh -o with a setting that is not listed: some start programs")
    if not found.operands or found.operands[0].sure is Sure.LOOSE:
        raise Unjudged("ssh: its host is only known when it runs")
    if len(found.operands) == 1:
        return interactive("ssh opens a shell on another machine")
    judged = _joined(call, found.operands[1:])
    return follows(judged) if found.has("-t") else judged


def _shell(call: Call) -> Judgement:
    """``bash -c text``: the text; a file or its input is not judged."""
    found = scan(call, grammar("-l -e -u -x -i --login --norc --noprofile", "-c -o", stops=True))
    scripts = found.values("-c")
    if not scripts:
        if not found.operands:
            return interactive(f"{call.name} reads commands from its input")
        raise Unjudged(f"{call.name} runs a file that is not judged")
    if len(scripts) > 1:
        raise Unjudged(f"{call.name} -c twice: which of them is run is not judged")
    if not scripts[0].is_literal:
        raise Unjudged(f"{call.name} -c: a value becomes part of what a shell reads")
    judged = call.inner.script(scripts[0].text, is_bash=call.name == "bash")
    settings = found.literal_values("-o")
    is_plain = (
        not found.operands
        and not found.has("-i", "-l", "--login")
        and set(settings) <= {"pipefail", "errexit", "nounset"}
    )
    return judged if is_plain else worst([change(f"{call.name} -c with arguments or start-up files"), judged])


def _other_shell(call: Call) -> Judgement:
    """A shell whose grammar is not that of bash: in zsh ``path=(x)`` sets the path, and ``*(e:x:)`` starts x."""
    if not call.words:
        return interactive(f"{call.name} reads commands from its input")
    scripts = [call.inner.script(word.text) for word in call.words if word.is_literal and " " in word.text]
    return worst([change(f"{call.name} is read in another way than bash"), *scripts])


def _su(call: Call) -> Judgement:
    texts = [word.text for word in call.words]
    if "-c" in texts and texts.index("-c") + 1 < len(texts):
        script = call.words[texts.index("-c") + 1]
        if script.is_literal:
            return worst([change("su runs as somebody else, and asks for a password"), call.inner.script(script.text)])
    return interactive("su opens a shell")


def _rest(reason: str) -> Callable[[Call], Judgement]:
    """A wrapper that is never read and whose options are not told apart: every word may be where the command begins."""

    def judge(call: Call) -> Judgement:
        met = [change(f"{call.name} {reason}")]
        for place, word in enumerate(call.words[:8]):
            if word.is_literal and re.fullmatch(r"[A-Za-z_./][\w./+-]*", word.text):
                judged = call.inner.command(call.words[place:])
                met.append(Judgement(judged.danger, judged.reasons[:1] if judged.danger > 1 else ()))
        return worst(met)

    return judge


RULES: dict[str, Rule] = {
    "env": _env,
    "sudo": _sudo,
    "doas": _plain(grammar("-n", "-u", stops=True)),
    "time": _plain(grammar("-p", stops=True)),
    "timeout": _plain(
        grammar("--foreground --preserve-status -v --verbose", "-k -s --kill-after --signal", stops=True), skipped=1
    ),
    "nice": _plain(grammar("", "-n --adjustment", stops=True)),
    "ionice": _plain(grammar("-t", "-c -n --class --classdata", stops=True)),
    "stdbuf": _plain(grammar("", "-i -o -e --input --output --error", stops=True)),
    "taskset": _plain(grammar("-c --cpu-list", stops=True), skipped=1),
    "unbuffer": _plain(grammar(stops=True)),
    "command": _command,
    "builtin": _builtin,
    "exec": _exec,
    "xargs": _xargs,
    "watch": _watch,
    "ssh": _ssh,
    **dict.fromkeys(("zsh", "ksh", "fish", "csh", "tcsh"), _other_shell),
    "su": _su,
    **dict.fromkeys(("bash", "sh", "dash", "ash"), _shell),
    "nohup": _plain(grammar(stops=True), also="goes on when the terminal is gone, and writes nohup.out"),
    "setsid": _plain(grammar("-w -f -c --wait --fork --ctty", stops=True), also="leaves the group of the step"),
    "coproc": _rest("runs something beside the shell"),
    "flock": _rest("makes a lock file"),
    "strace": _rest("stops and watches a process"),
    "ltrace": _rest("stops and watches a process"),
    "chroot": _rest("runs in another root"),
    "nsenter": _rest("runs in the namespaces of another process"),
    "unshare": _rest("runs in new namespaces"),
    "parallel": _rest("runs what it reads"),
    "script": _rest("writes a file"),
    "systemd-run": _rest("starts a unit"),
    "runuser": _rest("runs as somebody else"),
    "setpriv": _rest("runs with other rights"),
    "capsh": _rest("runs with other rights"),
    "busybox": _rest("stands for many commands"),
    "toybox": _rest("stands for many commands"),
    "pkexec": _rest("runs as somebody else"),
    "daemonize": _rest("goes on in the background"),
    "proot": _rest("runs in another root"),
    "fakeroot": _rest("runs with a library of its own"),
    "entr": _rest("runs on every change of a file"),
    "inotifywait": _rest("waits for files to change"),
    "expect": _rest("types into other programs"),
}
"""By name."""
