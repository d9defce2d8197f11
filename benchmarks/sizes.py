"""Full sizes, or tiny ones: with ``BENCH_SMOKE=1`` in the environment everything runs, and no number means anything."""

import os
from typing import TypeVar

__all__ = ["SMOKE", "sized"]

SMOKE = os.environ.get("BENCH_SMOKE", "0") not in ("", "0")
"""Whether this is a smoke run."""

Size = TypeVar("Size")


def sized(full: Size, smoke: Size) -> Size:
    """Return the full size, or the tiny one in a smoke run."""
    return smoke if SMOKE else full
