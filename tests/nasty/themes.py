"""A folder of themes with hostile names, in hostile text."""

import json
from pathlib import Path

from tests.nasty.corpus import MARKUP, SEQUENCES

THEME = """
name = "{name}"
[colors]
primary = "#ffffff"
foreground = "#ffffff"
background = "{background}"
"""


def write_themes(folder: Path) -> None:
    """Theme files with hostile names, in hostile text, and two that are themes."""
    folder.mkdir(parents=True)
    sequence = SEQUENCES["the window's title"]
    for number, text in enumerate([*SEQUENCES.values(), *MARKUP.values()]):
        quoted = json.dumps(text.encode("utf-8", "replace").decode())
        (folder / f"broken-{number}.toml").write_text(
            THEME.format(name="x", background="#000").replace('"#000"', quoted)
        )
    (folder / f"{sequence}[@click=app.quit].toml").write_text(THEME.format(name="taken", background="#000000"))
    (folder / f"{sequence}[@click=app.quit]2.toml").write_text(THEME.format(name="taken", background="#101010"))
    (folder / "\u202etxt.toml").write_text("[" + sequence)
