"""The whole measurement, or a part of it."""

import argparse
import os
import platform
import sys
from importlib.metadata import version

from bench.figures import Comparison, markdown
from bench.first_paint import first_paint
from bench.ten_thousand import ten_thousand


def main() -> None:
    """``python -m bench [--quick] [--only paint|table]``: a Markdown table on stdout."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure side by side, told as ratios.")
    parser.add_argument("--quick", action="store_true", help="few samples: does it run, not how fast is it")
    parser.add_argument("--only", choices=("paint", "table"), help="one part of it")
    options = parser.parse_args()
    found: list[Comparison] = []
    if options.only != "table":
        print("time to first paint …", file=sys.stderr)
        found.append(first_paint(3 if options.quick else 25))
    if options.only != "paint":
        print("10,000 alerts …", file=sys.stderr)
        found += ten_thousand(*((1, 20, 3) if options.quick else (5, 100, 20)))
    print(machine())
    print()
    print(markdown(found))


def machine() -> str:
    """What it was measured on."""
    return (
        f"Python {platform.python_version()}, Textual {version('textual')}, {platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} cores."
    )
