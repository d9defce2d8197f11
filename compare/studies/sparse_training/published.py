"""The curves that the authors of arXiv:2303.03428 plotted, read from the vector figures beside their code.

Facts to hold ours against, always named as theirs: error proxy and training accuracy of a pruned network of 7 million
weights over steps. `liu_2024.csv` has a row for each point: curve, series, x, y; "points" are markers, "line" is drawn.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

__all__ = ["ACCURACY", "PROXY", "published"]

FILE = Path(__file__).with_name("liu_2024.csv")

PROXY, ACCURACY = "error proxy over steps", "training accuracy over steps"
"""The curves' names."""


@cache
def published() -> Mapping[str, tuple[list[float], list[float]]]:
    """Return the markers of each curve by its name: steps, and values."""
    found: dict[str, tuple[list[float], list[float]]] = {}
    with FILE.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["series"].startswith("points"):
                x, y = found.setdefault(row["curve"], ([], []))
                x.append(float(row["x"]))
                y.append(float(row["y"]))
    return found
