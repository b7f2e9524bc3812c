"""Tables of names, written as text: a table of hundreds stays readable, and is one line in a review per change."""


def names(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())
