"""What may go wrong with the journal, in words for the engineer.

    JournalError         the journal cannot be opened, read or written
    └── SequenceTaken    somebody else wrote to the stream since it was read

``str(error)`` names the file and says what happened; ``hint`` says what that means and what to do.
"""

import errno

from oncall_tui.domain.text import clean_line

MEANING = "Nothing is sent to a pager without a journal entry, so acknowledging does not work until this is mended."
MEANWHILE = "Until then acknowledge in the pager's own app."

_CAUSES = (
    ("SQLITE_FULL", "the disk is full", "Free some space there"),
    ("SQLITE_BUSY", "another process holds its lock", "Find who holds it with `fuser`, and close that program"),
    ("SQLITE_LOCKED", "another process holds its lock", "Find who holds it with `fuser`, and close that program"),
    ("SQLITE_READONLY", "it may only be read", "Make the file and its folder writable for you"),
    ("SQLITE_PERM", "access to it is denied", "Make the file and its folder writable for you"),
    ("SQLITE_CANTOPEN", "it cannot be opened", "Look at the file, its folder and their owner"),
    ("SQLITE_NOTADB", "it is not an SQLite database", "Move the file away; a new one is begun"),
    (
        "SQLITE_CORRUPT",
        "the database is damaged",
        "Keep a copy of the file for the audit and move it away; a new one is begun",
    ),
    ("SQLITE_IOERR", "the disk gives an input or output error", "Look at the disk with `dmesg`"),
)
_FILE_CAUSES = {
    errno.EACCES: ("access is denied", "Make the file and its folder writable for you"),
    errno.EPERM: ("access is denied", "Make the file and its folder writable for you"),
    errno.EROFS: ("the file system may only be read", "Set another place under [journal] path"),
    errno.ENOSPC: ("the disk is full", "Free some space there"),
    errno.EISDIR: ("it is a folder or another thing than a file", "Set a file under [journal] path"),
    errno.ENOTDIR: ("a part of its path is not a folder", "Set another place under [journal] path"),
}


class JournalError(Exception):
    """The journal cannot be opened, read or written: nothing was recorded, so nothing may be sent."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(clean_line(message))
        self.hint = clean_line(hint)


class SequenceTaken(JournalError):
    """Somebody else wrote to the stream after it was read; read it again and decide anew."""


def hint_to(advice: str) -> str:
    """What a broken journal means, and ``advice``, as one hint."""
    return f"{MEANING} {advice}. {MEANWHILE}"


def database_error(place: str, error: BaseException) -> JournalError:
    """A driver's error as words. ``error`` is the driver's own exception: SQLAlchemy's quotes SQL and values."""
    name = str(getattr(error, "sqlite_errorname", ""))
    for prefix, what, advice in _CAUSES:
        if name.startswith(prefix):
            return JournalError(f"The journal {place} cannot be used: {what} ({name}).", hint_to(advice))
    message = f"The journal {place} cannot be used: {type(error).__name__}: {error}"
    return JournalError(message, hint_to("Look at the database and at [journal] in the configuration"))


def file_error(place: str, error: OSError) -> JournalError:
    """An operating system's error about the journal's file or folder as words."""
    what, advice = _FILE_CAUSES.get(error.errno or 0, (error.strerror or str(error), "Look at the file and its folder"))
    return JournalError(f"The journal {place} cannot be opened: {what}.", hint_to(advice))
