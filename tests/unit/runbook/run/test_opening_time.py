"""A runbook of 2,000 lines is readable soon: counted in CPU time, which neighbours on the machine do not stretch."""

import gc
import time
from pathlib import Path

import pytest

from oncall_tui.runbook.catalogue.places import Places
from oncall_tui.runbook.classify import judge
from oncall_tui.runbook.library import BOOKS_KEPT, Library
from oncall_tui.runbook.model import Mode
from oncall_tui.runbook.reading.read import read
from oncall_tui.runbook.run.run import Run
from oncall_tui.ui.present.runbook.document import Document
from oncall_tui.ui.present.runbook.scene import Scene
from tests.unit.builders import NOW
from tests.unit.runbook.run.helpers import Bench

LINES = 2_000
MOST_S = 1.0
"""Ten times what it takes: the machine of the checks is slower, and its neighbours share its caches. What grows with
the square takes longer still."""
NATIVE = """\
---
oncall: 1
id: long
title: Long
owner: team
match: [{alertname: Long}]
params:
  service: {from: labels.service, pattern: "[a-z]+"}
---
# Long
"""
SECTION = """
## Section {n}

Some prose with *emphasis*, `code` and a [link](https://example.org/{n}).
A second line of it.

- one
- two

```bash{attributes}
kubectl get pods -n {namespace} -l app=a{n} | grep -v Run{n}
aws ecs describe-services --cluster main{n} --query services
```

Expected is that nothing is there.
"""


def long_text(mode: Mode, word: str = "") -> bytes:
    """A runbook of so many lines, each of its commands another one."""
    is_native = mode is Mode.NATIVE
    text, number = NATIVE if is_native else "# Long\n", 0
    while text.count("\n") < LINES:
        number += 1
        attributes = f" {{#s_{number} danger=read}}" if is_native else ""
        namespace = '"$service"' if is_native else "<namespace>"
        text += SECTION.format(n=f"{number}{word}", attributes=attributes, namespace=namespace)
    return text.encode()


@pytest.mark.parametrize("mode", list(Mode))
async def test_a_long_runbook_is_read_judged_and_laid_out_within_its_time(bench: Bench, mode: Mode) -> None:
    run = await bench.opened(read(long_text(mode, "y"), Path("/nowhere/long.md"), judge))
    gc.collect()
    gc.disable()  # What other tests have left in memory is not gone through on this one's account.
    try:
        took = min(_took(mode, str(number), run) for number in range(2))
    finally:
        gc.enable()
    assert took < MOST_S


def _took(mode: Mode, word: str, run: Run) -> float:
    """Seconds of CPU time to read and lay out what was never read before."""
    text = long_text(mode, f"z{word}")
    begun = time.thread_time()
    book = read(text, Path("/nowhere/long.md"), judge)
    laid = Document(book).lay_out(Scene(run, run.known(), NOW), 100)
    took = time.thread_time() - begun
    assert not book.errors and len(book.steps) > 100 and laid.height > LINES / 2
    return took


def test_a_file_that_is_read_again_is_read_once_and_a_change_is_never_missed(tmp_path: Path) -> None:
    file = tmp_path / "long.md"
    file.write_bytes(b"# One\n\n```bash\necho 1\n```\n")
    library = Library(Places(()))
    first = library.read(file)
    assert library.read(file) is first
    file.write_bytes(
        b"# Two\n\n```bash\necho 2\n```\n"
    )  # As long as before, and maybe within the same tick of the clock.
    assert library.read(file).title == "Two"
    assert library.read_kept(b"# One\n\n```bash\necho 1\n```\n", file) is first
    for number in range(BOOKS_KEPT):
        file.write_bytes(b"# %d\n" % number)
        library.read(file)
    assert library.read_kept(b"# One\n\n```bash\necho 1\n```\n", file) is not first
