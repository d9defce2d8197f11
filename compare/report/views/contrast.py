"""Differences or ratios as a picture: a forest plot, each with its interval beside the line of no difference."""

from compare.report.content import Picture
from compare.report.styles import label, styles
from compare.report.views.forest import Line, forest
from compare.statistics.contrast import OPEN, UNCLEAR, Contrast
from compare.statistics.rows import capital, in_words

__all__ = ["contrast_picture"]


def contrast_picture(found: Contrast, name: str = "contrast", caption: str = "") -> Picture:
    """Draw every comparison of a contrast, a line for each group and method.

    Filled markers are clearly below or above, hollow ones are not; those without a verdict are crosses.

    Parameters
    ----------
    found
        The contrast.
    name, caption
        Of the picture.
    """
    style = styles([found.control, *(one.name for one in found)], found.methods)
    groups = list(dict.fromkeys(in_words(one.within, found.names) for one in found))
    rows = [
        Line(
            in_words(one.within, found.names) or label(one.name, found.methods),
            one.judged,
            label(one.name, found.methods) if any(groups) else None,
            style[one.name],
            hollow=one.verdict in (UNCLEAR, OPEN),
            marker="x" if one.verdict == OPEN else None,
            records=one.records,
        )
        for one in found
        if one.judged is not None
    ]
    said = caption or (
        f"{capital(found.what)}, {found.heading}, {found.how}. Filled: clearly different from "
        f"{found.neutral} (Holm at {found.level:.0%}); hollow: not clearly; crosses: a {found.unit.removesuffix('s')} "
        f"is missing. {found.intervals}"
    )
    axis = f"{found.what}, {found.heading}"
    return forest(rows, name, said, axis, at=found.neutral, scale="log" if found.scale == "ratio" else "linear")
