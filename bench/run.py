"""The whole measurement, or a part of it."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure, markdown
from bench.first_data import first_data
from bench.first_paint import first_paint
from bench.idle import idle
from bench.machine import load, machine
from bench.real import real
from bench.refresh import full_refresh
from bench.storm import INCIDENTS, storm
from bench.ten_thousand import ten_thousand

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
"""What a file holds around the figures that ``--write`` replaces."""

MANY = 10_000


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of the table: how they are measured in earnest, and how only to see that it runs."""

    what: str
    earnest: Callable[[], list[Figure]]
    quick: Callable[[], list[Figure]]


PARTS: Mapping[str, Part] = {
    "paint": Part("time to first paint", lambda: [first_paint(25)], lambda: [first_paint(1)]),
    "data": Part("time to first data", lambda: first_data(15), lambda: first_data(1)),
    "refresh": Part("one full refresh", lambda: full_refresh(15), lambda: full_refresh(1)),
    "table": Part("the list alone", lambda: ten_thousand(5, 100, 20), lambda: ten_thousand(1, 10, 2)),
    "real": Part("the whole product", lambda: real(MANY, 3, 40.0), lambda: real(500, 1, 2.0, 0.5)),
    "storm": Part("a page storm", lambda: storm(INCIDENTS, 3), lambda: storm(60, 1)),
    "idle": Part("a quiet night", lambda: idle(90.0, MANY), lambda: idle(1.0, 100, 0.5)),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """``python -m bench``: a Markdown table on stdout, and in a file when asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure side by side, told as ratios.")
    parser.add_argument("--quick", action="store_true", help="few samples: does it run, not how fast is it")
    parser.add_argument("--only", choices=tuple(PARTS), action="append", help="one part of it; may be repeated")
    parser.add_argument("--write", type=Path, metavar="FILE", help="replace the figures in this Markdown file")
    options = parser.parse_args(arguments)
    before = load()
    found: list[Figure] = []
    for name, part in PARTS.items():
        if options.only is None or name in options.only:
            print(f"{part.what} …", file=sys.stderr)
            found += (part.quick if options.quick else part.earnest)()
    report = f"{machine()}. Load average {before} at the beginning, {load()} at the end.\n\n{markdown(found)}"
    print(report)
    if options.write is not None:
        options.write.write_text(replaced(options.write.read_text(encoding="utf-8"), report), encoding="utf-8")


def replaced(text: str, report: str) -> str:
    """``text`` with the report between the two marks.

    Raises:
        ValueError: the marks are not there, or not in this order.
    """
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"there is no {BEGIN} … {END} to write between")
    return f"{head}{begin}\n{report}\n{end}{tail}"
