"""The errors that are the user's to mend, as a message and an exit code: none of them ends in a traceback."""

from dataclasses import dataclass

from oncall_tui.cli.exit_codes import ExitCode
from oncall_tui.domain.text import clean


class NoConfiguration(Exception):
    """There is nothing to watch yet; the text says how to begin."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is printed on stderr, and how the process ends."""

    message: str
    code: ExitCode


def fault_of(error: Exception) -> Fault | None:
    """The fault that an exception stands for; None when it is a mistake of the program."""
    if isinstance(error, NoConfiguration):
        return Fault(str(error), ExitCode.USAGE)
    if isinstance(error, OSError):
        return Fault(_system(error), ExitCode.FAILED)
    # Their modules are loaded only now: whoever raised them has loaded them already.
    from oncall_tui.config.errors import ConfigError
    from oncall_tui.config.secret_stores import SecretError
    from oncall_tui.journal.errors import JournalError
    from oncall_tui.sources.errors import SourceError

    if isinstance(error, ConfigError):
        return Fault(_problems(error), ExitCode.USAGE)
    if isinstance(error, SecretError):
        return Fault(_secrets(error), ExitCode.USAGE)
    if isinstance(error, SourceError):
        return Fault(clean(f"{error} {error.hint}".strip()), ExitCode.SOURCE_FAILED)
    if isinstance(error, JournalError):
        return Fault(clean(f"{error} {error.hint}".strip()), ExitCode.FAILED)
    return None


def _problems(error: Exception) -> str:
    lines = str(error).splitlines()
    return "\n".join(lines if len(lines) == 1 else [*lines, f"{len(lines)} problems in the configuration."])


def _secrets(error: Exception) -> str:
    lines = clean(str(error)).splitlines()
    return f"A secret cannot be had. {lines[0]}" if len(lines) == 1 else "\n".join(["Secrets cannot be had.", *lines])


def _system(error: OSError) -> str:
    what = error.strerror or str(error) or type(error).__name__
    return clean(f"{error.filename}: {what}" if error.filename else what)
