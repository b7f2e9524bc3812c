"""What is kept of an output, and what it costs."""

import errno
import hashlib
import os
import stat
import time
from pathlib import Path

import pytest

from oncall_tui.runbook.execution import Stream
from oncall_tui.runbook.process.keeping import PLAIN, Keeping
from oncall_tui.runbook.process.screening import redactor
from tests.pace import pace


class _Heard:
    def __init__(self) -> None:
        self.text = ""

    def __call__(self, stream: Stream, text: str) -> None:
        self.text += text


def _keeping(folder: Path | None, limit: int = 1000, head: int = 20, tail: int = 30) -> tuple[Keeping, _Heard]:
    heard = _Heard()
    return Keeping(redactor(["hunter2"]), folder, heard, limit, head, tail), heard


def test_short_output_is_kept_whole(tmp_path: Path) -> None:
    keeping, heard = _keeping(tmp_path)
    keeping.feed(Stream.OUT, b"one\n")
    keeping.feed(Stream.ERR, b"two\n")
    keeping.finish()
    assert (keeping.text(Stream.OUT), keeping.text(Stream.ERR), heard.text) == ("one\n", "two\n", "one\ntwo\n")
    assert not keeping.is_truncated
    assert keeping.count == 8
    assert keeping.sha256 == hashlib.sha256(b"one\ntwo\n").hexdigest()


def test_of_a_long_output_head_and_tail_stay_in_memory_and_all_of_it_in_the_file(tmp_path: Path) -> None:
    keeping, _ = _keeping(tmp_path)
    lines = "".join(f"line {number:03}\n" for number in range(50))
    for line in lines.splitlines(keepends=True):
        keeping.feed(Stream.OUT, line.encode())
    keeping.finish()
    text = keeping.text(Stream.OUT)
    assert text.startswith(lines[:20])
    assert text.endswith(lines[-30:])
    assert "left out" in text
    assert keeping.is_truncated
    assert keeping.file is not None
    assert keeping.file.read_text() == lines


def test_beyond_the_limit_only_the_end_is_kept_and_the_screen_is_told_once(tmp_path: Path) -> None:
    keeping, heard = _keeping(tmp_path, limit=100)
    for number in range(1000):
        keeping.feed(Stream.OUT, f"line {number:04}\n".encode())
    keeping.finish()
    assert keeping.text(Stream.OUT).endswith("line 0998\nline 0999\n")
    assert heard.text.count("is not shown") == 1
    assert "line 0500" not in heard.text
    assert keeping.count == 10_000
    assert keeping.is_truncated
    assert keeping.file is not None
    assert keeping.file.stat().st_size < 300


def test_a_secret_beyond_the_limit_is_hidden_as_well(tmp_path: Path) -> None:
    keeping, _ = _keeping(tmp_path, limit=10, tail=40)
    keeping.feed(Stream.OUT, b"x" * 11)
    keeping.feed(Stream.OUT, b"\nhunter2 was it\n")
    keeping.finish()
    assert "hunter2" not in keeping.text(Stream.OUT)
    assert "was it" in keeping.text(Stream.OUT)


def test_a_secret_that_the_cut_goes_through_does_not_show_its_rest() -> None:
    keeping, _ = _keeping(None, limit=1, head=5, tail=40)
    keeping.feed(Stream.OUT, b"hunter2" + b"z" * 36 + b"\nend\n")
    keeping.feed(Stream.OUT, b"y" * 60 + b"\nlast line\n")
    keeping.finish()
    text = keeping.text(Stream.OUT)
    assert "unter2" not in text
    assert text.endswith("last line\n")


def test_the_file_is_private_and_named_by_its_content(tmp_path: Path) -> None:
    folder = tmp_path / "outputs"
    keeping, _ = _keeping(folder)
    keeping.feed(Stream.OUT, b"hunter2 is out\n")
    keeping.finish()
    assert keeping.file is not None
    content = keeping.file.read_bytes()
    assert content == b"[redacted secret] is out\n"
    assert keeping.file.name == f"{hashlib.sha256(content).hexdigest()}.txt"
    assert stat.S_IMODE(keeping.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_without_a_folder_nothing_is_written(tmp_path: Path) -> None:
    keeping, heard = _keeping(None)
    keeping.feed(Stream.OUT, b"x\n")
    keeping.finish()
    assert (keeping.file, keeping.trouble, heard.text) == (None, "", "x\n")


def test_a_full_disk_is_told_and_the_rest_is_shown_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping, heard = _keeping(tmp_path)
    keeping.feed(Stream.OUT, b"before\n")

    def full(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        keeping.feed(Stream.OUT, b"after\n")
    keeping.feed(Stream.OUT, b"later\n")
    keeping.finish()
    assert heard.text == "before\nafter\nlater\n"
    assert keeping.text(Stream.OUT) == heard.text
    assert "No space left on device" in keeping.trouble
    assert keeping.file is not None
    assert keeping.file.read_text() == "before\n"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    keeping, heard = _keeping(tmp_path / "taken")
    keeping.feed(Stream.OUT, b"x\n")
    keeping.finish()
    assert (keeping.file, heard.text) == (None, "x\n")
    assert str(tmp_path / "taken") in keeping.trouble


def test_what_can_be_captured_is_as_it_was_printed() -> None:
    keeping, _ = _keeping(None)
    keeping.feed(Stream.OUT, b"hunter2 8.8.8.8\n")
    assert keeping.plain == "hunter2 8.8.8.8\n"


def test_what_is_too_long_or_no_text_cannot_be_captured() -> None:
    long, _ = _keeping(None, limit=10 * PLAIN)
    long.feed(Stream.OUT, b"x" * (PLAIN + 1))
    broken, _ = _keeping(None)
    broken.feed(Stream.OUT, b"\xff\n")
    assert (long.plain, broken.plain) == (None, None)


LINES = "".join(f"{number}\n" for number in range(1_000_000, 1_000_000 + 4 * 1024 * 1024 // 8)).encode()
LIMIT_S = 0.55
"""For 4 MiB of short lines, twice what they take on two crowded cores: 64 MiB took 12 s once, and take 4 s."""


def test_short_lines_are_kept_as_fast_as_they_come(tmp_path: Path) -> None:
    took = []
    for number in range(3):
        keeping = Keeping(redactor(()), tmp_path / str(number), lambda stream, text: None)
        before = time.process_time()
        for at in range(0, len(LINES), 64 * 1024):
            keeping.feed(Stream.OUT, LINES[at : at + 64 * 1024])
        keeping.finish()
        took.append(time.process_time() - before)
        assert keeping.file is not None and keeping.file.stat().st_size == len(LINES)
    assert min(took) < LIMIT_S * pace(), f"{min(took):.2f} s"
