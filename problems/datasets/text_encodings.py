"""Which encoding a text file is in: by its byte order mark, by the zeros of two-byte characters, or by trying."""

import codecs
from typing import NamedTuple

from problems.errors import InputError

__all__ = ["Encoding", "encoding_of"]

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # Those of four bytes begin as those of two do.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, and the codec that reads and drops each."""

SAMPLE, PART = 4096, 2**20
"""Bytes looked at for zeros, and decoded at a time."""


class Encoding(NamedTuple):
    """How a file is decoded.

    Attributes
    ----------
    codec
        Python's name of it.
    note
        A sentence for the reader where it was guessed; else empty.
    """

    codec: str
    note: str = ""


def encoding_of(name: str, content: bytes) -> Encoding:
    """Return the encoding of a text.

    UTF-8, UTF-16 and UTF-32 with a byte order mark, UTF-16 without one, and UTF-8 are told for sure; what is none of
    these is read as Windows-1252, which Latin-1 text is as well, with a note.

    Raises
    ------
    InputError
        If the bytes are no text: the row, counted by line breaks, and the byte are named.
    """
    for mark, codec in MARKS:
        if content.startswith(mark):
            _check(name, content, codec)
            return Encoding(codec)
    sample = content[:SAMPLE]
    for codec, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        # Every second byte of most alphabets' first pages is zero, and text of one-byte characters has no zeros.
        if len(sample) > 1 and high.count(0) * 2 > len(high):
            _check(name, content, codec)
            return Encoding(codec)
    zero = content.find(b"\0")
    if zero >= 0:
        raise InputError(
            f"{name}, row {_row(content, zero)}: there is a zero byte, so this is no text; save the table as CSV."
        )
    place = _invalid(content, "utf-8")
    if place is None:
        return Encoding("utf-8")
    _check(name, content, "cp1252")
    guessed = f"Byte {content[place]} in row {_row(content, place)} is no UTF-8: the file is read as Windows-1252."
    return Encoding("cp1252", guessed)


def _check(name: str, content: bytes, codec: str) -> None:
    place = _invalid(content, codec)
    if place is not None:
        known = "in UTF-8, nor in Windows-1252" if codec == "cp1252" else f"in {codec.upper().removesuffix('-SIG')}"
        byte = f"byte {content[place]}" if place < len(content) else "the last character"
        raise InputError(f"{name}, row {_row(content, place)}: {byte} is no text {known}; save the table in UTF-8.")


def _invalid(content: bytes, codec: str) -> int | None:
    """Return where the first byte stands that is no text; part by part, for the text itself takes memory."""
    decoder = codecs.getincrementaldecoder(codec)()
    for start in range(0, max(len(content), 1), PART):
        part = content[start : start + PART]
        kept = len(decoder.getstate()[0])
        try:
            decoder.decode(part, final=start + PART >= len(content))
        except UnicodeDecodeError as error:
            return start - kept + error.start
    return None


def _row(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1
