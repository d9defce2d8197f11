"""Tables that several tests read."""

import random


def table_of(rows, seed=0):
    """Return a CSV with a number, a category and a date, of which two tell the class."""
    rng = random.Random(seed)
    lines = ["size,color,day,kind"]
    for row in range(rows):
        size, color = rng.random(), rng.choice(["red", "green", "blue"])
        kind = "big" if size + (color == "red") > 0.8 else "small"
        lines.append(f"{size:.3f},{color},2024-01-{1 + row % 28:02},{kind}")
    return "\n".join(lines) + "\n"
