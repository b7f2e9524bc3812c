"""Variables that change what programs do or load: the one list of names that no value from outside takes.

Held by whoever names parameters and constants, and once more by whoever starts programs.
"""

import re

SHELL_STARTUP = frozenset({"BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "BASH_XTRACEFD", "PS4", "PROMPT_COMMAND"})
"""What bash reads at its start, or runs by itself: files, options, and texts that it expands."""
FUNCTION = re.compile(r"BASH_FUNC_.*", re.DOTALL)
"""An exported function: it would take the place of a command of the same name."""
PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy", "ftp_proxy"})
"""Where programs send their requests; read in either case."""

_PROGRAMS = SHELL_STARTUP | frozenset(
    {
        "CDPATH", "DOCKER_HOST", "EDITOR", "GCONV_PATH", "GLOBIGNORE", "HISTFILE", "HOME", "HOSTALIASES", "IFS",
        "JAVA_TOOL_OPTIONS", "LOCALDOMAIN", "LOCPATH", "MANPAGER", "NLSPATH", "NODE_EXTRA_CA_CERTS", "NODE_OPTIONS",
        "NODE_PATH", "NODE_TLS_REJECT_UNAUTHORIZED", "OPENSSL_CONF", "PAGER", "PATH", "POSIXLY_CORRECT", "PS0", "PS1",
        "PS2", "RES_OPTIONS", "SHELL", "SSH_ASKPASS", "SSLKEYLOGFILE", "SUDO_ASKPASS", "TERMINFO", "TERMINFO_DIRS",
        "TMPDIR", "VISUAL", "ZDOTDIR",
    }
)  # fmt: skip
_PREFIXES = ("BASH", "DYLD_", "GIT_", "GLIBC_", "LD_", "LESS", "MALLOC_", "PERL", "PG", "PYTHON", "RUBY")
_SESSION = frozenset({"OLDPWD", "OPTIND", "PWD", "SHLVL", "USER", "_"})
"""What a shell keeps of itself, in this case alone: a step may well have a ``$user``."""
_OWN = "oncall_"


def is_steering(name: str) -> bool:
    """Whether a variable of exactly that name changes what other programs do or load: no value from outside gets it,
    and no step hands it to the next."""
    return name in _PROGRAMS or name in _SESSION or name.lower() in PROXIES or name.startswith((*_PREFIXES, _OWN))


def steers_in_any_case(name: str) -> bool:
    """The same for a name that somebody may well write in another case than programs read it."""
    upper = name.upper()
    return upper in _PROGRAMS or upper.startswith(_PREFIXES) or name.lower() in PROXIES
