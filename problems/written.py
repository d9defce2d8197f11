"""Numbers as users write them: digits 0 to 9, and nothing that Python alone takes for a number."""

__all__ = ["DIGITS", "read_real", "read_whole"]

DIGITS = 18
"""Whole numbers have at most so many digits, in records too."""


def read_whole(text: str) -> int:
    """Return a whole number.

    Raises
    ------
    ValueError
        If the text is none, or has underscores, or digits of other scripts.
    """
    return int(_plain(text), 10)


def read_real(text: str) -> float:
    """Return a real number, which may be written as ``nan`` or ``inf``.

    Raises
    ------
    ValueError
        If the text is none, or has underscores, or digits of other scripts.
    """
    return float(_plain(text))


def _plain(text: str) -> str:
    if "_" in text or not text.isascii():
        raise ValueError(f"{text!r:.80} is no number in digits 0 to 9")
    return text
