"""Which names a parameter or a constant may have: the environment of a step holds more than the step's own values."""

from oncall_tui.runbook.steering import PROXIES, is_steering, steers_in_any_case

_WORDS = frozenset({"and", "or", "not", "true", "false", "unknown"})
_RESULTS = frozenset({"exit", "stdout", "stderr", "rows", "first", "status", "duration"})
_NEVER_ASKED = frozenset({"LANG", "MAIL", "TERM"})
"""Nothing to fear, and nothing to ask an engineer for."""
_NEVER_ASKED_PREFIXES = ("LC_", "OC_", "ONCALL_", "SSH_", "XDG_")
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


def is_dangerous(name: str) -> bool:
    """Whether a variable of the environment changes what programs are or do: never a parameter, never a constant."""
    upper = name.upper()
    return steers_in_any_case(name) or upper in _NEVER_ASKED or upper.startswith(_NEVER_ASKED_PREFIXES)


def is_given(name: str) -> bool:
    """Whether a shell always has this variable, from itself or from who started it: nothing to ask for."""
    return (
        name in _OF_THE_SHELL or name in _NEVER_ASKED or is_steering(name) or name.startswith(("BASH", "LC_", "XDG_"))
    )


def refusal(name: str) -> str:
    """Why a name cannot be that of a parameter; empty when it can."""
    if name in PROXIES:
        return "programs take their proxy from a variable of this name"
    if name in _WORDS:
        return "it is a word of expressions"
    if name in _RESULTS:
        return "expressions call a result of the step so"
    if name.startswith("oc_"):
        return "names that begin with oc_ are kept for imported placeholders"
    return ""
