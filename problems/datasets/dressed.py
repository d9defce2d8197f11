"""Numbers and dates in signs that are not read: as categories they would stand in the order of their letters."""

import re
from collections.abc import Sequence

__all__ = ["odd_numbers", "unread_dates"]

SIGN = r"[$€£¥%‰]"
THOUSANDS = r"\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+(?:[.,]\d+)?"
PLAIN = r"\d+(?:[.,]\d+)?"
DRESSED = re.compile(rf"[-+(]? ?{SIGN}? ?[-+]?(?:{THOUSANDS}|{PLAIN}) ?{SIGN}?\)?")
MINUS = re.compile(r"[\u2212\u2013]\d+(?:[.,]\d+)?")
"""A minus that is none of a keyboard's."""

MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|okt|dez"
UNREAD = re.compile(
    rf"(?:\d{{1,2}}[ .-]+(?:{MONTHS})[a-zé]*[ .,-]+(?:\d{{4}}|\d{{2}})|(?:{MONTHS})[a-zé]* \d{{1,2}},? \d{{4}}"
    r"|\d{1,2}([./-])\d{1,2}\1\d{2}|\d{1,2}-\d{1,2}-\d{4}|\d{4}([./-])\d{1,2}\2\d{1,2})(?:[ T].*)?",
    re.IGNORECASE,
)
"""Dates with the name of a month, a year of two digits, the day first between hyphens, or the year first in another way
than 2024-02-01 or before a time that is not read."""


def odd_numbers(words: Sequence[str]) -> list[str]:
    """Return the words that are numbers with signs, if at least half of all are; else none."""
    return _most(words, DRESSED) or _most(words, MINUS)


def unread_dates(words: Sequence[str]) -> list[str]:
    """Return the words that are dates written in a way that is not read, if at least half of all are; else none."""
    return _most(words, UNREAD)


def _most(words: Sequence[str], pattern: re.Pattern[str]) -> list[str]:
    found = [word for word in words if pattern.fullmatch(word)]
    return found if len(found) * 2 >= len(words) else []
