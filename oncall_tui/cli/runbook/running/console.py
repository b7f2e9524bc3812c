"""Questions to whoever sits at the terminal, without keeping the event loop from anything."""

import asyncio
import contextlib
import os
import sys
import termios
from typing import Protocol


class Console(Protocol):
    """Somebody who can be asked."""

    async def ask(self, prompt: str) -> str | None:
        """A line of theirs, without its end; None when there will be no more."""
        ...

    async def ask_unseen(self, prompt: str) -> str | None:
        """A line that nobody sees while it is typed; as ``ask``."""
        ...

    def forget(self) -> None:
        """Drop what was typed before it was asked for: it cannot be the answer to what was not shown yet."""
        ...


class TerminalConsole:
    """The terminal of this process. Prompts go to stderr: stdout may be a file.

    Args:
        typing: the descriptor that is read, of a terminal in its ordinary mode: it gives whole lines.
    """

    def __init__(self, typing: int = 0) -> None:
        self._typing = typing
        self._rest = b""

    async def ask(self, prompt: str) -> str | None:
        """``Console.ask``."""
        sys.stdout.flush()
        sys.stderr.write(prompt)
        sys.stderr.flush()
        while b"\n" not in self._rest:
            await self._readable()
            try:
                piece = os.read(self._typing, 4096)
            except OSError:
                return None  # The terminal is gone.
            if not piece:
                return None
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode("utf-8", "replace").rstrip("\r")

    async def ask_unseen(self, prompt: str) -> str | None:
        """``Console.ask_unseen``."""
        try:
            before = termios.tcgetattr(self._typing)
            unseen = [*before]
            unseen[3] = before[3] & ~termios.ECHO | termios.ECHONL
            termios.tcsetattr(self._typing, termios.TCSANOW, unseen)
        except (termios.error, OSError):
            return None  # The terminal is gone. What is none would show what is typed.
        try:
            # What came before could be read; what is pasted behind the line must be no answer to the next question.
            self.forget()
            return await self.ask(prompt)
        finally:
            self.forget()
            with contextlib.suppress(termios.error, OSError):
                termios.tcsetattr(self._typing, termios.TCSANOW, before)

    def forget(self) -> None:
        """``Console.forget``."""
        self._rest = b""
        with contextlib.suppress(termios.error, OSError):
            termios.tcflush(self._typing, termios.TCIFLUSH)

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        is_readable = asyncio.Event()
        loop.add_reader(self._typing, is_readable.set)
        try:
            await is_readable.wait()
        finally:
            loop.remove_reader(self._typing)
