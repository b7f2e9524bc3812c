"""The environment of a step: the operator's, without what would change what runs, with what the step names."""

import re
from collections.abc import Collection, Mapping

SHELL_STARTUP = frozenset({"BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "BASH_XTRACEFD", "PS4", "PROMPT_COMMAND"})
"""What bash reads at its start, or runs by itself: files, options, and texts that it expands."""
_FUNCTION = re.compile(r"BASH_FUNC_.*", re.DOTALL)
"""An exported function: it would take the place of a command of the same name."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

_STEERING = frozenset(
    {
        "CDPATH", "DOCKER_HOST", "EDITOR", "GCONV_PATH", "GLOBIGNORE", "HOME", "HOSTALIASES", "IFS",
        "JAVA_TOOL_OPTIONS", "LOCALDOMAIN", "LOCPATH", "NLSPATH", "NODE_OPTIONS", "NODE_PATH", "OLDPWD",
        "OPENSSL_CONF", "OPTIND", "PAGER", "PATH", "PERL5DB", "PERL5LIB", "PERL5OPT", "PERLLIB", "POSIXLY_CORRECT",
        "PWD", "RES_OPTIONS", "RUBYLIB", "RUBYOPT", "SHELL", "SHLVL", "SSH_ASKPASS", "SSLKEYLOGFILE", "SUDO_ASKPASS",
        "TERMINFO", "TERMINFO_DIRS", "TMPDIR", "USER", "VISUAL", "_",
    }
)  # fmt: skip
_STEERING_PREFIXES = ("BASH", "DYLD_", "GIT_", "LD_", "LESS", "MALLOC_", "PG", "PYTHON", "oncall_")
_PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy", "ftp_proxy"})


def is_name(name: str) -> bool:
    """Whether bash can have a variable of that name."""
    return _NAME.fullmatch(name) is not None


def is_steering(name: str) -> bool:
    """Whether a variable of that name changes what other programs do or load: no value from outside gets it, and no
    step hands it to the next."""
    return (
        name in SHELL_STARTUP
        or name in _STEERING
        or name.lower() in _PROXIES
        or name.startswith(_STEERING_PREFIXES)
        or _FUNCTION.fullmatch(name) is not None
    )


def inherited(environ: Mapping[str, str], withheld: Collection[str]) -> dict[str, str]:
    """The operator's environment as a step gets it.

    Args:
        withheld: the variables that hold tokens of this tool.
    """
    return {
        name: value
        for name, value in environ.items()
        if name not in withheld and name not in SHELL_STARTUP and not _FUNCTION.fullmatch(name)
    }


def refused_names(values: Mapping[str, str]) -> str:
    """Why these values cannot be handed to a shell, in words; empty when they can."""
    for name, value in values.items():
        if not is_name(name):
            return f"{name!r} cannot be the name of a variable"
        if is_steering(name):
            return f"no value may be called {name}: the variable changes what programs do"
        if "\0" in value:
            return f"the value of {name} holds a byte 0, which no environment can"
    return ""
