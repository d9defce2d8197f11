"""Dates as they are written in tables, as days since 1970-01-01."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

__all__ = ["days_of", "odd_date"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?)?")
WRITTEN = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})( \d{1,2}:\d{2}(:\d{2})?)?")


def days_of(words: Sequence[str]) -> list[float] | None:
    """Return the days since 1970-01-01 of dates, with the part of the day if they have a time; None if one is no date.

    Dates are written as 2024-02-01, with a time after a space or T and a zone (universal time without one), as
    1.2.2024, the day first, or with slashes, if among all of them some number above 12 tells which one is the day.
    """
    if ISO.fullmatch(words[0]):
        return _all(words)
    matches = [WRITTEN.fullmatch(word) for word in words]
    if not all(matches):
        return None
    parts = [match.groups() for match in matches if match]
    day_first = any(part[1] == "." or int(part[0]) > 12 for part in parts)
    month_first = any(part[1] == "/" and int(part[2]) > 12 for part in parts)
    if day_first == month_first:
        return None
    turned = []
    for first, _, second, year, time, _ in parts:
        day, month = (first, second) if day_first else (second, first)
        turned.append(f"{year}-{month:0>2}-{day:0>2}" + (f" {time.strip():0>5}" if time else ""))
    return _all(turned)


def odd_date(words: Sequence[str]) -> tuple[str, str] | None:
    """Return why words are not read as dates though at least half of them look like some: the first such, and why."""
    looks = [bool(ISO.fullmatch(word) or WRITTEN.fullmatch(word)) for word in words]
    if not words or sum(looks) * 2 < len(words):
        return None
    if not all(looks):
        return words[looks.index(False)], "is no date, and other rows have dates there"
    by_style: dict[str, list[str]] = {}
    for word in words:
        match = WRITTEN.fullmatch(word)
        by_style.setdefault(match[2] if match else "-", []).append(word)
    if len(by_style) > 1:
        return min(by_style.values(), key=len)[0], "is a date in another way than other rows have; write them in one"
    wrong = [word for word in words if days_of([word]) is None]
    if "/" in by_style:
        wrong = [word for word in wrong if all(int(part) > 12 for part in word.split("/")[:2])]
        return (wrong or words)[0], "tells not whether day or month stand first; write 2024-02-01"
    return (wrong or words)[0], "is no day of the calendar"


def _all(words: Sequence[str]) -> list[float] | None:
    try:
        return [_iso(word) for word in words]
    except ValueError:
        return None


def _iso(word: str) -> float:
    if not ISO.fullmatch(word):
        raise ValueError(word)
    # Whole microseconds, as the standard library reads them.
    moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", word).replace(" +", "+").replace(" Z", "Z"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - EPOCH) / timedelta(days=1)
