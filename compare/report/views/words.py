"""The words of a point in a figure: whose it is, where it stands, and its value with its interval."""

import math
import re
from collections.abc import Iterator, Sequence

from compare.report.views.chart import Axis, Points

__all__ = ["plain_label", "said"]


def said(mark: Points, title: str, x: Axis, y: Axis) -> Iterator[tuple[float, float, str, Sequence[str]]]:
    """Yield of each point its place, as the axes' units are drawn, its words, and the hashes of its records."""
    ends: Sequence[tuple[float, float] | None] = [None] * len(mark.best)
    if mark.low is not None and mark.high is not None:
        ends = list(zip(mark.low, mark.high, strict=True))
    stand = mark.x if mark.stand is None else mark.stand
    whose = ", ".join(plain_label(words) for words in (title, mark.label) if words)
    for place, (at, up) in enumerate(zip(mark.x, mark.best, strict=True)):
        if not (math.isfinite(at) and math.isfinite(up)):
            continue
        across = _read(stand[place], x, ends[place] if mark.sideways else None)
        value = _read(up, y, None if mark.sideways else ends[place])
        parts = [value, across] if mark.sideways else [across, value]
        words = f"{whose}: {'; '.join(parts)}" if whose else "; ".join(parts)
        yield _placed(at, x), _placed(up, y), words, mark.records[place] if mark.records else ()


def plain_label(label: str) -> str:
    """Return a label without the marks that Matplotlib reads as mathematics: "P$^{D+1}$" is P^(D+1)."""
    words = re.sub(r"\^\{([^}]*)\}", lambda found: f"^({found[1]})" if len(found[1]) > 1 else f"^{found[1]}", label)
    return re.sub(r"\$|_\{|\}|\\(?:mathrm|mathit)\{", "", words)


def _placed(value: float, axis: Axis) -> float:
    return math.copysign(math.sqrt(abs(value)), value) if axis.scale == "decades" else float(value)


def _read(value: float, axis: Axis, ends: tuple[float, float] | None) -> str:
    """Return what stands at an axis: a tick's own words, or the label with the value and its interval."""
    if ends is None and axis.ticks:
        nearest = min(axis.ticks, key=lambda tick: abs(tick - value))
        words = axis.ticks[nearest]
        if not words.replace(",", "").replace(".", "").isdigit():
            return plain_label(words)
    written = _number(value, axis)
    if ends is not None and all(map(math.isfinite, ends)) and ends[0] != ends[1]:
        written += f" [{_number(ends[0], axis)}, {_number(ends[1], axis)}]"
    return f"{plain_label(axis.label)} {written}".strip()


def _number(value: float, axis: Axis) -> str:
    if axis.scale == "decades":
        return f"10^{value:.3g}"
    return f"{value:,.0f}" if value == int(value) and abs(value) < 1e9 else f"{value:.3g}"
