"""Cells as text, as studies wrote them before cells had values; goes with the last of these studies."""

from collections.abc import Mapping
from typing import Any

from compare.report.cells import estimate, pvalue, seconds
from compare.report.table import Table
from compare.report.terminal import for_terminal

__all__ = ["Table", "for_terminal", "interval", "pvalue_text", "seconds_text"]


def interval(found: Mapping[str, Any], digits: int = 3) -> str:
    """Write an estimate as best [low, high]."""
    return estimate(found, f".{digits}f").text


def seconds_text(value: float) -> str:
    """Write a time with a fitting unit, to three digits and without powers of ten."""
    return seconds(value).text


def pvalue_text(test: Mapping[str, Any]) -> str:
    """Write a test's p-value."""
    return pvalue(test["pvalue"]).text
