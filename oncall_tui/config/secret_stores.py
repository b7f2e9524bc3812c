"""Where secrets are kept: a private file, a command's output, the keyring of the desktop. All of it blocks."""

import os
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from oncall_tui.domain.text import clean_line

if TYPE_CHECKING:
    from subprocess import CompletedProcess

COMMAND_TIMEOUT = 10.0
"""Seconds a command may take to print a secret."""

_LARGEST = 64 * 1024
_TAIL = 300


class SecretError(Exception):
    """A secret cannot be had. The text says why and what to do; it never holds a secret."""

    def __init__(self, message: str) -> None:
        super().__init__(clean_line(message, 1_000))


def read_file(path: str) -> str:
    """The text of a file that only its owner may read.

    Raises:
        SecretError: when it is missing, belongs to somebody else, is open to others, or is not text.
    """
    place = f"file:{path}"
    try:
        # O_NONBLOCK: a named pipe without a writer would be waited for without end.
        handle = os.open(Path(path).expanduser(), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SecretError(f"{place} cannot be read: {reason}. Put the token there, with mode 0600.") from None
    try:
        _refuse_open_file(place, os.fstat(handle))
        content = os.read(handle, _LARGEST + 1)
    finally:
        os.close(handle)
    if len(content) > _LARGEST:
        raise SecretError(f"{place} is larger than {_LARGEST // 1024} KiB. Leave only the token there.")
    return _text(content, place)


def _refuse_open_file(place: str, status: os.stat_result) -> None:
    """The open file is looked at, not its name: it cannot be exchanged in between."""
    mode = stat.S_IMODE(status.st_mode)
    if not stat.S_ISREG(status.st_mode):
        raise SecretError(f"{place} is not a regular file. Name a file that holds only the token.")
    if status.st_uid != os.geteuid():
        raise SecretError(f"{place} belongs to another user. Make a copy of your own, with mode 0600.")
    if mode not in (0o600, 0o400):
        advice = f"`chmod 600 {place.removeprefix('file:')}`"
        raise SecretError(f"{place} has mode {mode:04o}: others may read it. Close it with {advice}.")


def run_command(argv: Sequence[str], environ: Mapping[str, str]) -> "CompletedProcess[bytes]":
    """Run a command without a shell and without input; both outputs are kept back, 10 s at most."""
    import subprocess

    return subprocess.run(
        argv,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=COMMAND_TIMEOUT,
        check=False,
    )


def read_command(
    argv: Sequence[str],
    environ: Mapping[str, str],
    run: Callable[[Sequence[str], Mapping[str, str]], "CompletedProcess[bytes]"],
) -> str:
    """What a command prints.

    Raises:
        SecretError: when it cannot be started, takes too long or fails, with the end of what it said on stderr.
    """
    import subprocess

    place = f"command:{argv[0]}"
    done: CompletedProcess[bytes] | None = None
    reason = ""
    try:
        done = run(argv, environ)
    except subprocess.TimeoutExpired:
        # The exception holds what was printed so far: it must not become the context of another one.
        reason = f"took longer than {COMMAND_TIMEOUT:g} s. Run it by hand: it may be waiting for a password."
    except (OSError, ValueError) as error:
        what = error.strerror if isinstance(error, OSError) else "its arguments cannot be passed on"
        reason = f"cannot be started: {what}. Install it, or write its full path."
    if done is None:
        raise SecretError(f"{place} {reason}")
    if done.returncode:
        said = _said(done.stderr, done.stdout)
        raise SecretError(f"{place} ended with exit code {done.returncode}{said}. Run it by hand to see why.")
    return _text(done.stdout, place)


def _said(stderr: bytes, stdout: bytes) -> str:
    """The end of what a command complained of, without what it printed as the secret."""
    printed = stdout.decode(errors="replace").strip()
    text = stderr.decode(errors="replace")
    text = clean_line(text.replace(printed, "********") if printed else text, 100_000)
    return f" and said: {text[-_TAIL:].rstrip('.')}" if text else ""


def _text(content: bytes, place: str) -> str:
    text: str | None
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise SecretError(f"{place} gave bytes that are not UTF-8 text. Leave only the token there.")
    return text


def read_keyring(service: str, user: str) -> str | None:
    """The password that the desktop's keyring has for a service and a user, None when it has none.

    Raises:
        SecretError: when there is no keyring, as on a machine without a desktop, or it stays locked.
    """
    import keyring
    from keyring.errors import KeyringError, NoKeyringError

    place = f"keyring:{service}/{user}"
    try:
        return keyring.get_password(service, user)
    except NoKeyringError:
        raise SecretError(
            f"{place}: there is no keyring on this machine, as is usual without a desktop. "
            "Use env:NAME, or file:PATH with mode 0600."
        ) from None
    except KeyringError as error:
        raise SecretError(f"{place}: the keyring does not answer: {error}. Unlock it and try again.") from None
    except Exception as error:
        # Keyrings are plug-ins of anybody's, and raise what they like: the errors of D-Bus, for one.
        reason = f"{place}: the keyring broke off: {type(error).__name__}. Try `keyring get {service} {user}`."
        raise SecretError(reason) from None
