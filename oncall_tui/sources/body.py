"""The body of an answer, read piece by piece and unpacked here, so that neither its length nor its packing is endless.

Fifty megabytes of labels, or a few kilobytes that unpack to gigabytes, must not take the memory of a laptop at 3 am.
HTTP libraries unpack a whole piece at once, whatever it grows to; ``zlib`` can be told when to stop.
"""

import zlib
from collections.abc import Mapping

from oncall_tui.sources.connection import Connection
from oncall_tui.sources.errors import Malformed

ACCEPT_ENCODING = "gzip, deflate"
"""What is asked for: exactly what is unpacked here."""

REASON_READ = 65_536
"""Bytes of a refusal that are read for its reason."""

_MIB = 1024 * 1024
_STEP = _MIB
"""Bytes that are unpacked at a time: ``zlib`` takes twice as much while it does."""

_GZIP, _ZLIB, _RAW_DEFLATE = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
_WINDOWS = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": _ZLIB}


class Body:
    """Takes one body in, at most ``connection.max_body`` bytes of it, counted unpacked."""

    def __init__(self, connection: Connection, headers: Mapping[str, str]) -> None:
        """``headers`` have their names in lower case or compare them without case.

        Raises:
            Malformed: it is announced as too long, or packed as nobody asked for.
        """
        self._connection = connection
        self._taken = bytearray()
        packing = headers.get("content-encoding", "").strip().lower()
        if packing not in ("", "identity", *_WINDOWS):
            hint = "A proxy in between may do that: look at its settings, or at `url` of this source."
            raise self._malformed("comes packed in a way that was not asked for", hint)
        self._window = _WINDOWS.get(packing)
        self._unpacker = zlib.decompressobj(self._window) if self._window is not None else None
        self._is_begun = False
        length = headers.get("content-length", "").strip()
        if length.isascii() and length.isdigit() and len(length) < 20 and int(length) > connection.max_body:
            raise self._too_long()

    def feed(self, piece: bytes) -> None:
        """Take the next piece as it came over the wire.

        Raises:
            Malformed: it is too long, or cannot be unpacked.
        """
        if not piece:
            return
        if self._unpacker is None:
            self._take(piece)
        else:
            self._unpack(piece)
        self._is_begun = True

    @property
    def size(self) -> int:
        """Bytes that were taken so far, unpacked."""
        return len(self._taken)

    @property
    def taken(self) -> bytes:
        """What was taken so far."""
        return bytes(self._taken)

    def finished(self) -> bytes:
        """The whole body, after the last piece.

        Raises:
            Malformed: it was packed, and broke off.
        """
        if self._unpacker is not None and self._is_begun and not self._unpacker.eof:
            raise self._damaged()
        return self.taken

    def _unpack(self, piece: bytes) -> None:
        unpacker, is_more = self._started(piece), True
        while is_more and not unpacker.eof:
            try:
                grown = unpacker.decompress(piece, _STEP)
            except zlib.error:
                raise self._damaged() from None
            self._take(grown)
            piece = unpacker.unconsumed_tail
            # A full step may leave something inside, also when all that came is consumed.
            is_more = bool(piece) or len(grown) == _STEP

    def _started(self, piece: bytes) -> "zlib._Decompress":
        """The unpacker. Some servers send ``deflate`` without the header that the standard asks for."""
        if not self._is_begun and self._window == _ZLIB and (piece[0] & 0x0F) != 8:
            self._unpacker = zlib.decompressobj(_RAW_DEFLATE)
        assert self._unpacker is not None
        return self._unpacker

    def _take(self, piece: bytes) -> None:
        if len(self._taken) + len(piece) > self._connection.max_body:
            self._taken.clear()
            raise self._too_long()
        self._taken += piece

    def _too_long(self) -> Malformed:
        size = self._connection.max_body / _MIB
        hint = "Narrow what this source reads, with its filters or a smaller window, or raise `max_answer_mib`."
        return self._malformed(f"is longer than {size:g} MiB", hint)

    def _damaged(self) -> Malformed:
        return self._malformed("cannot be unpacked", "It was damaged on the way; it is asked for again by itself.")

    def _malformed(self, what: str, hint: str) -> Malformed:
        return Malformed(f"{self._connection.name}: an answer of {self._connection.host} {what}.", hint)
