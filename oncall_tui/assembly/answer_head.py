"""The beginning of an answer: bounded over the wire and unpacked, whatever the server sends.

A few kilobytes may unpack to gigabytes, and gigabytes to nothing. HTTP libraries unpack a whole piece at once; ``zlib``
can be told when to stop.
"""

import zlib

PACKINGS = "gzip, deflate"
"""What is asked for: exactly what is unpacked here."""
_WINDOWS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
_STEP = 64 * 1024
"""Bytes that are unpacked at a time."""


class Packed(Exception):
    """It is packed as nobody asked for, or damaged: why, in words."""


class AnswerHead:
    """Takes pieces as they come, until ``longest`` bytes were unpacked, or came over the wire."""

    def __init__(self, packing: str, longest: int) -> None:
        """``packing``: the header ``Content-Encoding``."""
        packing = packing.strip().lower()
        self._is_strange = packing not in ("", "identity", *_WINDOWS)
        self._window = _WINDOWS.get(packing)
        self._unpacker = zlib.decompressobj(self._window) if self._window is not None else None
        self._longest = longest
        self._taken = bytearray()
        self._came = 0

    @property
    def is_cut(self) -> bool:
        """Whether there was more, so that nothing more is wanted."""
        return len(self._taken) > self._longest or self._came > self._longest

    @property
    def body(self) -> bytes:
        """What was taken, without what came over the wire too much."""
        return bytes(self._taken[: self._longest])

    def feed(self, piece: bytes) -> None:
        """The next piece. Raises ``Packed``."""
        if self._is_strange and piece:
            raise Packed("it is packed in a way that was not asked for")
        is_first, self._came = self._came == 0, self._came + len(piece)
        if self._unpacker is None:
            self._taken += piece[: self._longest + 1 - len(self._taken)]
            return
        if is_first and piece and self._window == zlib.MAX_WBITS and piece[0] & 0x0F != 8:
            # Some servers send ``deflate`` without the header that the standard asks for.
            self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            self._unpack(self._unpacker, piece)
        except zlib.error:
            raise Packed("it cannot be unpacked") from None

    def _unpack(self, unpacker: "zlib._Decompress", piece: bytes) -> None:
        is_more = True
        while is_more and not unpacker.eof and len(self._taken) <= self._longest:
            grown = unpacker.decompress(piece, _STEP)
            self._taken += grown
            piece = unpacker.unconsumed_tail
            # A full step may leave something inside, also when all that came is consumed.
            is_more = bool(piece) or len(grown) == _STEP
