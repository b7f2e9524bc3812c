"""Runbooks that somebody hostile has written, and that fit every alert."""

from pathlib import Path

from oncall_tui.domain.text import clean_line
from tests.nasty.corpus import MARKUP, SEQUENCES, UNICODE
from tests.ui.test_run_hostile import quoted

SAID = "hearkened"
"""The last word of what the step that reads prints. The page itself does not have it."""
_TEXT = " ".join([*SEQUENCES.values(), UNICODE["bidi overrides"], UNICODE["right to left"], *MARKUP.values()])
_PROSE = clean_line(_TEXT, 2_000).replace("`", "'").replace("<!--", "<--")
_OBEYED = ("the window's title", "the clipboard", "a clear screen", "the other screen", "a bell and a null")
_BYTES = "".join(SEQUENCES[one] for one in _OBEYED).encode() + SEQUENCES["C1 in one byte"].encode("latin-1")
_PRINTED = "".join(f"\\{byte:03o}" for byte in _BYTES)
_PAGE = f"""\
---
oncall: 1
id: hostile-NUMBER
title: {quoted(_TEXT[:200])}
owner: {quoted(_TEXT)}
match: [{{severity: "~.+"}}]
params:
  told: {{from: labels.team, help: {quoted(_TEXT)}}}
  asked: {{pattern: "[a-z]+", help: {quoted(_TEXT)}}}
---
# {_PROSE[:200]}

```bash {{#prints danger=read}}
printf '{_PRINTED}\\nhear%s\\n' kened
```

<!-- oncall
confirm: {{show: {quoted(_TEXT.replace("{", "(").replace("}", ")"))}}}
undo: {{none: {quoted(_TEXT)}}}
-->
```bash {{#turns danger=change}}
turn "$asked" # [@click=app.quit]x[/] [bold red
```

## {_PROSE[:200]}

- [ ] {_PROSE} `{_PROSE}` **{_PROSE}**

> {_PROSE}
"""


def write_runbooks(folder: Path) -> None:
    """Two of them, so that one has to be chosen."""
    folder.mkdir()
    for number in "12":
        (folder / f"hostile-{number}.md").write_text(_PAGE.replace("NUMBER", number))
