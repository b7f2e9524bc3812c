"""What is put into a field of one line."""

from textual.widgets import Input

from oncall_tui.domain.text import clean

_BLANKS = {ord("\t"): " ", ord("\n"): " "}


def tidied(message: Input.Changed) -> bool:
    """Keep the field to one clean line, since what is pasted comes from elsewhere; whether that changed anything."""
    safe = clean(message.value).translate(_BLANKS)
    if safe == message.value:
        return False
    message.input.value = safe
    return True
