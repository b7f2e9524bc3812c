"""What has changed in the file of a run, in one line and in full."""

from textual.content import Content

from oncall_tui.domain.text import clean_line
from oncall_tui.runbook.run.differing import Difference

_NAMED = 4
_STYLES = {"+": "$health-up", "-": "$error", "@": "$accent"}


def told(difference: Difference) -> str:
    """In one line, with the key that shows it."""
    if difference.problem:
        return f"{_sentence(difference.problem)}: the run keeps its text."
    touched, added = _names(difference.touched), _names(difference.added)
    what = f" ({touched})" if touched else f" (new: {added})" if added else ", no step of it"
    return f"The file has changed{what}: f shows it, the run keeps its text."


def shown(difference: Difference) -> Content:
    """All of it: the steps that it touches, then the lines."""
    head = []
    if difference.touched:
        head.append(
            Content.assemble(("Other, or gone: ", "$warning"), clean_line(", ".join(difference.touched), 2_000))
        )
    if difference.added:
        head.append(Content.assemble(("New: ", "$warning"), clean_line(", ".join(difference.added), 2_000)))
    if not head:
        head.append(Content.styled(f"{_sentence(difference.problem or 'no step is touched')}.", "$warning"))
    if difference.refused:
        head.append(Content.styled(f"The file has errors now: {clean_line(difference.refused, 400)}.", "$warning"))
    head.append(Content.styled("This run keeps the text it was begun with; a new run reads the file.", "$dim"))
    lines = [Content.styled(one, _STYLES.get(one[:1], "$foreground")) for one in difference.lines]
    return Content("\n").join([*head, *([Content()] if lines else []), *lines])


def _names(ids: tuple[str, ...]) -> str:
    rest = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return clean_line(", ".join(ids[:_NAMED]), 200) + rest if ids else ""


def _sentence(text: str) -> str:
    return clean_line(text[:1].upper() + text[1:], 300)
