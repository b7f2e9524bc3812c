"""What a changed file says against the text that is run: lines, and the steps that they touch."""

import os
from pathlib import Path

import pytest

from oncall_tui.runbook.catalogue.places import Places
from oncall_tui.runbook.library import Library
from oncall_tui.runbook.model import Runbook
from oncall_tui.runbook.reading.read import read
from oncall_tui.runbook.run.differing import GUARDS, MOST_COMPARED, MOST_SHOWN, difference
from tests.unit.runbook.run.helpers import TEXT, judge

PLAIN = "# Plain\n\n```bash\nps aux\n```\n\nThen:\n\n```bash\ndf -h\n```\n"


def _book(text: str) -> Runbook:
    return read(text.encode("utf-8", "surrogateescape"), Path("/nowhere/slow.md"), judge)


@pytest.mark.parametrize(
    ("old", "new", "touched"),
    [
        ("change everything", "change something", ("deploy",)),
        ("guard: target <= max_tasks", "guard: target < max_tasks", ("scale_out",)),
        (
            'pattern: "[a-z][a-z0-9-]{1,39}"',
            'pattern: "[a-z-]+"',
            ("cpu", "count", "scale_out", "scale_back", "deploy"),
        ),
        ("count.desired + 2", "count.desired + 3", ("scale_out",)),
        ("Only when all else fails.", "Only when\nall else\nfails.", ()),
        ("owner: team\n", "# Who looks after it.\nowner: team\n", ()),
        ("let:\n", "guards:\n  - {require: [aws]}\nlet:\n", (GUARDS,)),
        ("- [ ] Look at the traces.", "- [ ] Look at the logs.", ("s1",)),
    ],
)
def test_the_steps_that_a_change_touches_are_named(old: str, new: str, touched: tuple[str, ...]) -> None:
    begun = _book(TEXT)
    found = difference(begun, _book(TEXT.replace(old, new)))
    manual = next(one.id for one in begun.steps if not one.commands)
    assert found.touched == tuple(manual if one == "s1" else one for one in touched)
    assert any(line.startswith("+") for line in found.lines)
    assert not found.added and not found.problem


def test_what_is_added_or_taken_away_is_named_and_numbers_that_move_touch_nothing() -> None:
    more = PLAIN.replace("Then:", "```bash\nuptime\n```\n\nThen:")
    assert difference(_book(PLAIN), _book(more)).touched == ()
    assert difference(_book(PLAIN), _book(more)).added == ()  # Steps without a name are numbered: only lines tell.
    less = difference(_book(PLAIN), _book(PLAIN.replace("```bash\nps aux\n```\n\n", "")))
    assert less.touched == ("s1",)
    named = TEXT + "\n```bash {#extra danger=read}\nshow\n```\n"
    assert difference(_book(TEXT), _book(named)).added == ("extra",)
    assert difference(_book(named), _book(TEXT)).touched == ("extra",)


def test_what_is_foreign_or_long_is_cleaned_and_bounded() -> None:
    found = difference(_book(PLAIN), _book(PLAIN + "\x1b]0;PWNED\x07 \u202e [/red]\n"))
    assert not any(char in line for line in found.lines for char in "\x1b\x07\u202e")
    long = difference(_book(PLAIN), _book(PLAIN + "line\n" * (MOST_SHOWN + 50)))
    assert len(long.lines) == MOST_SHOWN + 1 and long.lines[-1].endswith("lines more")
    other = "".join(f"{number}\n" for number in range(MOST_COMPARED + 10))
    assert "too many to compare" in difference(_book(PLAIN), _book(other)).problem


def test_a_file_that_stays_as_it_is_is_read_no_more_and_a_change_is_never_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "plain.md"
    file.write_text(PLAIN)
    library = Library(Places(()))
    begun = library.read(file)
    reads: list[Path] = []

    def read(path: Path) -> Runbook:
        reads.append(path)
        return Library.read(library, path)

    monkeypatch.setattr(library, "read", read)

    def looked(words: str, tick: int) -> tuple[bool, int]:
        file.write_text(PLAIN.replace("ps aux", words))
        os.utime(file, (tick, tick))
        return library.difference(begun) is not None, len(reads)

    assert looked("ps aux", 100) == (False, 1)
    assert looked("ps axu", 100) == (True, 2), "as long as before, and within one tick of the clock"
    assert looked("ps axu", 100) == (True, 2)
    assert looked("ps uax", 101) == (True, 3)
    assert looked("ps uax", 101) == (True, 4)
    assert looked("ps uax", 101) == (True, 4)
    file.unlink()
    gone = library.difference(begun)
    assert gone is not None and gone.problem == "the file is gone"
    file.write_text(PLAIN)
    assert library.difference(begun) is None
