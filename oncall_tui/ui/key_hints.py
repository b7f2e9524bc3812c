"""The keys that the key line names: those that work now, the most likely first."""

from typing import TYPE_CHECKING

from textual.widgets import Input

if TYPE_CHECKING:
    from oncall_tui.ui.app import OncallApp

Hint = tuple[str, str]
"""A key as people write it, and what it does."""

_IN_FIELD: tuple[Hint, ...] = (("enter", "keep the filter"), ("esc", "leave it"))
"""In a field every letter is typed: no key of a command works there."""


def hints(app: "OncallApp") -> tuple[Hint, ...]:
    """What works on the view that is shown, for where the focus is."""
    if isinstance(app.view.focused, Input):
        return _IN_FIELD
    footer = [one for one in app.keymap.registry.values() if one.rank is not None]
    ranked = sorted(footer, key=lambda one: one.rank or 0)
    shown = ((app.keymap.shown(one.id), one) for one in ranked)
    told: dict[str, str] = {}
    for key, one in shown:
        if key and one.is_available(app):
            # Of two keys that do the same here, as on the line of a group, the first is enough.
            told.setdefault(one.hint(app), key)
    return tuple((key, words) for words, key in told.items())
