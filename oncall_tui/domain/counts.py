"""How many of what, in words. Pure."""


def counted(number: int, noun: str) -> str:
    """``1 target``, ``12 targets``, ``1,200 targets``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
