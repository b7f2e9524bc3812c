"""Labels for jump mode: letters for the places and the rows of a view, none the beginning of another."""

from itertools import product

ALPHABET = "asdfghjklqwertyuiopzxcvbnm"
"""Letters by how easily a hand finds them."""


def labels(places: int, rows: int, taken: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Labels for so many places, one letter each, and for so many rows, two letters each where one is not enough.

    Letters of ``taken`` are keys that mean something else. What finds no label has none: the labels are fewer then.
    """
    letters = [letter for letter in ALPHABET if letter not in taken]
    of_places, rest = letters[:places], letters[places:]
    of_rows = rest if rows <= len(rest) else ["".join(pair) for pair in product(rest, repeat=2)]
    return tuple(of_places), tuple(of_rows[:rows])
