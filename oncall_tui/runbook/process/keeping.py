"""What is kept of an output: its head and its tail in memory, most of it in a private file, a hash over all of it."""

import contextlib
import hashlib
import os
from collections import deque
from collections.abc import Callable
from pathlib import Path

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.execution import Stream
from oncall_tui.runbook.process.screening import Redact, Screening

HEAD = 256 * 1024
TAIL = 1024 * 1024
"""Characters of each stream that stay in memory."""
PLAIN = 1024 * 1024
"""Bytes of stdout up to which it can be captured: a longer one gives no value."""
FILE_LIMIT = 64 * 1024 * 1024
"""Bytes of output that are shown and written; of what comes then only the end is kept."""


class _Ends:
    """The head and the tail of a text."""

    def __init__(self, head: int, tail: int) -> None:
        self._room = head
        self._limit = tail
        self._head: list[str] = []
        self._tail: deque[str] = deque()
        self._tail_length = 0
        self.is_cut = False

    def add(self, text: str) -> None:
        if self._room:
            self._head.append(text[: self._room])
            text = text[self._room :]
            self._room -= len(self._head[-1])
        if text:
            self._tail.append(text)
            self._tail_length += len(text)
        while self._tail_length - (len(self._tail[0]) if self._tail else 0) >= self._limit:
            self._tail_length -= len(self._tail.popleft())
            self.is_cut = True

    def close_head(self) -> None:
        """What comes from here on belongs to the end."""
        self._room = 0

    @property
    def is_long(self) -> bool:
        """Whether something is left out of ``text``."""
        return self.is_cut or self._tail_length > self._limit

    def text(self) -> str:
        tail = "".join(self._tail)[-self._limit :]
        mark = "\n[… the middle is left out here …]\n" if self.is_long else ""
        return f"{''.join(self._head)}{mark}{tail}"


class _Heard:
    """One stream: what was screened, and the bytes of what is only kept to its end."""

    def __init__(self, redact: Redact, head: int, tail: int) -> None:
        self.screening = Screening(redact)
        self.ends = _Ends(head, tail)
        self._redact = redact
        self._tail_limit = tail
        self._beyond = bytearray()
        self._is_beyond_cut = False

    def add_beyond(self, data: bytes) -> None:
        """Bytes that come after the limit."""
        self._beyond += data
        if len(self._beyond) > 2 * self._tail_limit:
            del self._beyond[: -self._tail_limit]
            self._is_beyond_cut = True

    def finish(self) -> str:
        """The last words, screened. What came beyond the limit goes into the tail alone."""
        last = self.screening.feed(b"", is_last=True)
        self.ends.add(last)
        if self._beyond:
            kept = bytes(self._beyond[-self._tail_limit :])
            if self._is_beyond_cut or len(kept) < len(self._beyond):
                # It begins in the middle of a line, and perhaps of a secret.
                kept = kept.partition(b"\n")[2]
                self.ends.is_cut = True
            self.ends.close_head()
            self.ends.add(Screening(self._redact).feed(kept, is_last=True))
        return last


class Keeping:
    """Takes the output of one execution and keeps what is worth keeping. Used by one thread.

    Args:
        redact: hides secrets in a piece of text.
        folder: where the private file goes; none is written without one.
        hear: gets every piece as it may be seen.
    """

    def __init__(
        self,
        redact: Redact,
        folder: Path | None,
        hear: Callable[[Stream, str], None],
        limit: int = FILE_LIMIT,
        head: int = HEAD,
        tail: int = TAIL,
    ) -> None:
        self._heard = {stream: _Heard(redact, head, tail) for stream in Stream}
        self._hear = hear
        self._limit = limit
        self._plain = bytearray()
        self._is_plain_whole = True
        self._hash = hashlib.sha256()
        self._file = _OutputFile(folder)
        self.count = 0
        """Bytes of all streams."""
        self._is_beyond = False

    def feed(self, stream: Stream, data: bytes) -> None:
        """The next bytes of a stream."""
        self._hash.update(data)
        self.count += len(data)
        if stream is Stream.OUT:
            self._keep_plain(data)
        if self.count > self._limit:
            self._heard[stream].add_beyond(data)
            if not self._is_beyond:
                self._is_beyond = True
                size = f"{self._limit // 1024 // 1024} MiB" if self._limit >= 1024 * 1024 else f"{self._limit} bytes"
                self._show(stream, f"\n[… more than {size} of output: the rest is not shown, only its end is kept …]\n")
            return
        text = self._heard[stream].screening.feed(data)
        self._heard[stream].ends.add(text)
        self._show(stream, text)

    def finish(self) -> None:
        """No more will come."""
        for stream, heard in self._heard.items():
            self._show(stream, heard.finish())
        self._file.finish()

    def text(self, stream: Stream) -> str:
        """The head and the tail of a stream, safe to draw and to keep."""
        return self._heard[stream].ends.text()

    @property
    def is_truncated(self) -> bool:
        """Whether ``text`` lacks something of either stream."""
        return any(one.ends.is_long for one in self._heard.values())

    @property
    def plain(self) -> str | None:
        """Stdout as it was printed; none when it is too long or no UTF-8."""
        if not self._is_plain_whole:
            return None
        try:
            return self._plain.decode("utf-8")
        except UnicodeDecodeError:
            return None

    @property
    def sha256(self) -> str:
        """Over every byte in the order in which it was read."""
        return self._hash.hexdigest()

    @property
    def file(self) -> Path | None:
        """Named by the SHA-256 of what stands in it."""
        return self._file.path

    @property
    def trouble(self) -> str:
        """Why the file does not hold everything; empty when it does."""
        return self._file.trouble

    def _keep_plain(self, data: bytes) -> None:
        if self._is_plain_whole and len(self._plain) + len(data) <= PLAIN:
            self._plain += data
        elif self._is_plain_whole:
            self._is_plain_whole = False
            self._plain.clear()

    def _show(self, stream: Stream, text: str) -> None:
        if text:
            self._file.write(text)
            self._hear(stream, text)


class _OutputFile:
    """The private file. A disk that is full costs the file its rest, and the command nothing."""

    def __init__(self, folder: Path | None) -> None:
        self.trouble = ""
        self.path: Path | None = None
        self._hash = hashlib.sha256()
        self._descriptor: int | None = None
        self._folder = folder

    def _open(self, folder: Path) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            name = folder / f".{os.getpid()}-{os.urandom(8).hex()}.part"
            self._descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            self.path = name
        except OSError as error:
            self._give_up(folder, error)

    def write(self, text: str) -> None:
        """Made with the first word: what prints nothing leaves no file."""
        if self._folder is not None:
            self._open(self._folder)
            self._folder = None
        if self._descriptor is None:
            return
        data = text.encode("utf-8", "replace")
        try:
            while data:
                written = os.write(self._descriptor, data)
                self._hash.update(data[:written])
                data = data[written:]
        except OSError as error:
            self._give_up(self.path, error)

    def finish(self) -> None:
        """Close it, and give it the name of its content."""
        if self.path is None:
            return
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        named = self.path.with_name(f"{self._hash.hexdigest()}.txt")
        try:
            self.path = self.path.replace(named)
        except OSError as error:
            self._give_up(named, error)

    def _give_up(self, place: Path | None, error: OSError) -> None:
        self.trouble = clean_line(
            f"the output file {place} could not be written: {error.strerror or error}; what is "
            "missing there is only on the screen. The command was not disturbed by it. Free some "
            "space or choose another folder"
        )
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None
