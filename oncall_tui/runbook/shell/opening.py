"""Commands that open a shell or a prompt of their own: what a page shows behind them is typed into that, not here."""

import re
from collections.abc import Sequence

from oncall_tui.runbook.shell.nested import program_name
from oncall_tui.runbook.shell.syntax import Script, nodes_of

_SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh", "ash", "fish"})
_PROMPTS = frozenset({"python", "python3", "irb", "node", "psql", "mysql", "mariadb", "redis-cli", "mongo", "mongosh"})
_CLUSTER = frozenset({"kubectl", "oc"})
_ENGINES = frozenset({"docker", "podman", "nerdctl", "crictl"})
_SSH_WITH_ARGUMENT = frozenset({"-p", "-i", "-l", "-o", "-J", "-F", "-L", "-R", "-D", "-b", "-c", "-e", "-m", "-W"})
_OC_WITH_ARGUMENT = frozenset({"-n", "--namespace", "-c", "--container", "--shell", "--timeout"})
_HINT = re.compile(
    rb"sh\b|\bssh|debug|sudo|\bsu\b|sql|redis|mongo|python|irb|node|maria|telnet|chroot|nsenter|screen|tmux"
)
"""What one of the names below has in it: most scripts are done with here."""
_ASKS = ("-c", "-e", "-f", "-m", "--command", "--execute", "--eval", "--file")


def opened_by(script: Script) -> str:
    """The program of the script's last simple command that opens a shell; empty when none does."""
    if not _HINT.search(script.data):
        return ""
    commands = [node for node in nodes_of(script.root) if node.type == "command"]
    has_input = any(node.type.startswith(("heredoc", "herestring", "file_redirect")) for node in nodes_of(script.root))
    if not commands or has_input or any(node.type == "pipeline" for node in script.root.children):
        return ""
    words = [script.text(one) for one in commands[-1].children if one.type != "variable_assignment"]
    return _opened(words)


def _opened(words: Sequence[str]) -> str:
    names = [program_name(word) for word in words]
    if names and names[0] == "sudo":
        rest = [word for word in words[1:] if word not in ("-E", "-n", "-H")]
        return "sudo" if rest and rest[0] in ("-i", "-s") and len(rest) == 1 else _opened(rest)
    if not names:
        return ""
    name = names[0]
    if name in ("ssh", "mosh") and len(_operands(words[1:])) < 2:
        return name
    if name in ("su", "telnet", "chroot", "nsenter", "screen", "tmux") and not any(one in _ASKS for one in words):
        return name
    if name in _SHELLS and len(words) == 1:
        return name
    if name in _PROMPTS and not any(one.startswith(_ASKS) for one in words[1:]) and _has_no_work(name, words[1:]):
        return name
    if name in _CLUSTER and _opens_in_cluster(words[1:], names[1:]):
        return name
    if name in _ENGINES and "exec" in words and names[-1] in _SHELLS:
        return name
    return ""


def _operands(words: Sequence[str], with_argument: frozenset[str] = _SSH_WITH_ARGUMENT) -> list[str]:
    """What is no option, and no argument of one."""
    return [
        word
        for place, word in enumerate(words)
        if not word.startswith("-") and (place == 0 or words[place - 1] not in with_argument)
    ]


def _has_no_work(name: str, words: Sequence[str]) -> bool:
    """A client that is told a server and nothing to do there."""
    if name == "redis-cli":
        return all(
            word.startswith("-") or words[place - 1] in ("-h", "-p", "-n", "-a") for place, word in enumerate(words)
        )
    return name not in ("python", "python3", "node") or not words


def _opens_in_cluster(words: Sequence[str], names: Sequence[str]) -> bool:
    if "rsh" in words:
        return len(_operands(words[words.index("rsh") + 1 :], _OC_WITH_ARGUMENT)) < 2
    if "debug" in words:
        return "--" not in words or names[-1] in _SHELLS
    return any(verb in words for verb in ("exec", "run", "attach")) and names[-1] in _SHELLS
