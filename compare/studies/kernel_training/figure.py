"""The card: accuracy, condition and queries over the depth, side by side, and the three sentences they come to."""

import math
from collections.abc import Sequence

from compare.engine import Rows
from compare.report import Card, Picture
from compare.report.cells import compact, seconds, so_many
from compare.report.styles import GRAY, Style, label, styles
from compare.report.views import Axis, Chart, Curve, Level, Panel, Points, picture
from compare.statistics import Estimate, grouped
from compare.statistics.rows import records_of
from compare.studies.kernel_training.accuracy import CONTROL, against_none, first, largest, where
from compare.studies.kernel_training.conditioning import middle
from compare.studies.kernel_training.seconds import EXACT, MACHINES, Sides
from compare.studies.kernel_training.study import CASE

__all__ = ["card"]

R_STYLE = Style(GRAY, "X", ":")


def card(sides: Sides) -> Card:
    """Return the card of a run."""
    most = largest(sides.runs, sides.settings)
    if most is None:
        return Card(None, ["No kernel was measured yet."])
    said = [one for one in (_pays(sides, most), _sparse(sides, most), _takes(sides, most)) if one]
    return Card(_picture(sides, most), said or [_measured(sides, most)])


def _measured(sides: Sides, most: int) -> str:
    """Say what was measured where there is nothing to compare with."""
    rows = sides.runs[CASE].where(**first(sides.settings), n=most)
    best = max(rows, key=lambda row: row["sign"])
    return (
        f"{label(best['pattern'], sides.runs.methods)}, L = {best['depth']}, n = {most}: {best['sign']:.1%} of test "
        "images are answered right by sign; nothing to compare it with was asked for."
    )


def _pays(sides: Sides, most: int) -> str:
    """Say where inverting the exact kernel pays."""
    found = against_none(sides.runs, "sign").of("dense", **first(sides.settings), n=most)
    known = [one for one in found if one.judged is not None]
    above = [one for one in known if one.verdict == "above"]
    if not known:
        return ""
    exact = sides.runs[CASE].where(**first(sides.settings), n=most, pattern="dense")
    if not above:
        return f"Inverting the exact kernel of n = {most} images is nowhere clearly better than not inverting anything."
    depths, kappas = [one.within["depth"] for one in above], []
    for depth in depths:
        kappa = middle(exact.where(depth=depth), "kappa")
        kappas += [] if kappa is None else [kappa.best]
    best = max(above, key=lambda one: one.judged.best if one.judged else 0.0)
    rest = [one.within["depth"] for one in known if one.verdict == "not clearly different"]
    end = f", and nothing clearly different at L = {', '.join(map(str, rest))}" if rest else ""
    return (
        f"Inverting the exact kernel of n = {most} images answers up to {_points(best.judged)} points more than "
        f"keeping no pair at L = {', '.join(map(str, depths))}, where its condition number is {_range(kappas)}{end}."
    )


def _range(values: Sequence[float]) -> str:
    if not values:
        return "infinite"
    ends = [compact(value) for value in (min(values), max(values))]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _points(found: Estimate | None) -> str:
    return "" if found is None else f"{found.best:+.1f} [{found.low:+.1f}, {found.high:+.1f}]"


def _sparse(sides: Sides, most: int) -> str:
    """Say what sparse kernels are worth, which is what the paper inverts."""
    found = against_none(sides.runs, "sign").of(**first(sides.settings), n=most)
    sparse = [one for one in found if one.name not in ("dense", CONTROL)]
    if not sparse:
        return ""
    below = [one for one in sparse if one.verdict == "below"]
    above = [one for one in sparse if one.verdict == "above"]
    names = ", ".join(dict.fromkeys(label(one.name, sides.runs.methods) for one in sparse))
    worst = min((one.estimate.best for one in sparse if one.estimate is not None), default=0.0)
    won = f"clearly better in {len(above)}" if above else "nowhere clearly better"
    return (
        f"Sparse kernels ({names}) are {won} and clearly worse in {len(below)} of {len(sparse)} cases than keeping "
        f"no pair, by {abs(worst):.1f} points at worst."
    )


def _takes(sides: Sides, most: int) -> str:
    """Say what one quantum prediction takes, at the depth where that is least of those at which inverting pays."""
    paying, known = sides.paying
    there = {depth: sizes[most] for depth in paying or known if most in (sizes := sides.queries.get(depth, {}))}
    if not there:
        return ""
    depth = min(there, key=lambda depth: there[depth].best)
    queries, fewer = there[depth], sides.amplified.get(depth, {}).get(most)
    less = "" if fewer is None else f" ({compact(fewer.best)} with amplified readout)"
    classical = sides.timed.get(("cholesky", depth), {}).get(most)
    beside = "" if classical is None else f", where Cholesky with all test images takes {seconds(classical.best)}"
    exact = [sides.crossings[key] for key in (("T", name, depth) for name in EXACT) if key in sides.crossings]
    never = exact and all(one.start is None for one in exact)
    least = "where that takes least, " if len(there) > 1 and paying else ""
    return (
        f"At L = {depth}, {least}one prediction takes {compact(queries.best)} queries of the kernel on a quantum "
        f"computer{less}, {seconds(queries.best * sides.settings.step)} at "
        f"{MACHINES['step']}{beside}{'; by its T gates no n at which it is faster was found' if never else ''}."
    )


def _picture(sides: Sides, most: int) -> Picture:
    runs, chosen = sides.runs, first(sides.settings) | {"n": most}
    rows = runs[CASE].where(**chosen)
    style = styles(rows.unique("pattern"), runs.methods)
    found = against_none(runs, "sign").of(**chosen)
    gains: list[Points | Curve | Level] = [Level(0.0)]
    for name in dict.fromkeys(one.name for one in found):
        some = [one for one in found if one.name == name and one.judged is not None]
        ends = [one.judged for one in some if one.judged is not None]
        gains.append(
            Points(
                [one.within["depth"] for one in some],
                [one.best for one in ends],
                [one.low for one in ends],
                [one.high for one in ends],
                label(name, runs.methods),
                style[name],
                records=[one.records for one in some],
            )
        )
    conditions = [_line(rows.where(pattern=name), "kappa", style[name]) for name in style]
    radius = _line(rows.where(pattern="dense"), "radius", R_STYLE, "R of the exact kernel")
    queries = [_line(rows.where(pattern=name), "queries", style[name], label(name, runs.methods)) for name in style]
    depths = sorted(rows.unique("depth"))
    across = Axis("depth L", "log", {depth: str(depth) for depth in depths})
    panels = [
        Panel("accuracy less that of no pairs", gains, across, Axis("points")),
        Panel("condition number, and R", [*_there([*conditions, radius])], across, Axis("", "log")),
        Panel("queries x shots, one prediction", [*_there(queries)], across, Axis("", "log")),
    ]
    caption = (
        f"{where(runs, chosen)}, {so_many(len(rows.unique('seed')), 'split')}. First: accuracy by sign less that "
        f"of the "
        f"diagonal kernel, paired by split; {found.intervals} Second: the condition number of the walk, and R, below "
        "which classical walks read the same from 1 on downwards. Third: queries of the kernel times shots for one "
        "prediction, read with its sign to its own size, at the median test image. Second and third: medians over "
        "splits, between the least and the greatest."
    )
    return picture("depths", Chart(panels, columns=3), caption)


def _line(rows: Rows, value: str, style: Style, name: str | None = None) -> Points | None:
    groups = {depth: group for (depth,), group in sorted(grouped(rows, ["depth"]).items())}
    known = {depth: middle(group, value) for depth, group in groups.items()}
    found = {depth: one for depth, one in known.items() if one is not None and one.low > 0}
    if not found:
        return None
    ends = list(found.values())
    # Splits on which the number is infinite have no place in a figure.
    finite = [one.high if math.isfinite(one.high) else one.best for one in ends]
    records = [records_of(groups[depth]) for depth in found]
    low, best = [one.low for one in ends], [one.best for one in ends]
    return Points(list(found), best, low, finite, name, style, records=records)


def _there(marks: Sequence[Points | None]) -> list[Points]:
    return [one for one in marks if one is not None]
