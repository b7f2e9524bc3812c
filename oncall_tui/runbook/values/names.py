"""Which names a parameter or a constant may have: the environment of a step holds more than the step's own values."""

import re

_PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy", "ftp_proxy"})
_WORDS = frozenset({"and", "or", "not", "true", "false", "unknown"})
_RESULTS = frozenset({"exit", "stdout", "stderr", "rows", "first", "status", "duration"})
_REFUSED_PREFIXES = (
    "LD_",
    "DYLD_",
    "BASH",
    "PG",
    "PYTHON",
    "PERL",
    "RUBY",
    "NODE_",
    "GIT_",
    "SSH_",
    "LESS",
    "LC_",
    "MALLOC_",
    "GLIBC_",
    "XDG_",
    "ONCALL_",
    "OC_",
)
_REFUSED = frozenset(
    {
        "CDPATH",
        "EDITOR",
        "ENV",
        "GCONV_PATH",
        "GLOBIGNORE",
        "HISTFILE",
        "HOME",
        "HOSTALIASES",
        "IFS",
        "JAVA_TOOL_OPTIONS",
        "LANG",
        "LOCPATH",
        "MAIL",
        "MANPAGER",
        "NLSPATH",
        "PAGER",
        "PATH",
        "POSIXLY_CORRECT",
        "PROMPT_COMMAND",
        "PS0",
        "PS1",
        "PS2",
        "PS4",
        "SHELL",
        "SHELLOPTS",
        "TERM",
        "TERMINFO",
        "TMPDIR",
        "VISUAL",
        "ZDOTDIR",
    }
)
_OF_THE_SHELL = frozenset(
    {
        "COLUMNS",
        "DIRSTACK",
        "EPOCHREALTIME",
        "EPOCHSECONDS",
        "EUID",
        "FUNCNAME",
        "GROUPS",
        "HOSTNAME",
        "HOSTTYPE",
        "LINENO",
        "LINES",
        "LOGNAME",
        "MACHTYPE",
        "OLDPWD",
        "OPTARG",
        "OPTIND",
        "OSTYPE",
        "PIPESTATUS",
        "PPID",
        "PWD",
        "RANDOM",
        "REPLY",
        "SECONDS",
        "SHLVL",
        "SRANDOM",
        "UID",
        "USER",
    }
)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def is_dangerous(name: str) -> bool:
    """Whether a variable of the environment changes what programs are or do: never a parameter, never a constant."""
    upper = name.upper()
    return upper in _REFUSED or upper.startswith(_REFUSED_PREFIXES) or name.lower() in _PROXIES


def is_given(name: str) -> bool:
    """Whether a shell always has this variable, from itself or from who started it: nothing to ask for."""
    return name in _OF_THE_SHELL or name in _REFUSED or name.startswith(("BASH", "LC_", "XDG_"))


def refusal(name: str) -> str:
    """Why a name cannot be that of a parameter; empty when it can."""
    if name in _PROXIES:
        return "programs take their proxy from a variable of this name"
    if name in _WORDS:
        return "it is a word of expressions"
    if name in _RESULTS:
        return "expressions call a result of the step so"
    if name.startswith("oc_"):
        return "names that begin with oc_ are kept for imported placeholders"
    return ""
