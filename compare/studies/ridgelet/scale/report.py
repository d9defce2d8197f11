"""The report on times over a grid: how samplers grow, and which is fastest where."""

from collections.abc import Sequence
from typing import Any

from compare.engine import Rows, Runs
from compare.report import Card, Report, Section, Table
from compare.report.cells import count, estimate, seconds, span
from compare.report.styles import label
from compare.report.views import Column, lines, table
from compare.statistics import median_range
from compare.statistics.clocks import ROUNDS
from compare.statistics.contrast import contrast
from compare.statistics.growth import Growths, growth
from compare.statistics.rows import Row, grouped, in_words
from compare.studies.ridgelet.scale.study import STUDY, TIME, Settings
from compare.studies.ridgelet.settings import LETTERS

__all__ = ["report"]

AXES = ("dimension", "distinct", "prime")
"""Sizes that times grow with; points are those that there were."""

SETTINGS = ("dimension", "prime", "points", "samples")
"""Settings that tell combinations apart besides the method, repeats aside."""

CAPTION = (
    "Processor seconds a sample over {letter}, its share of the preparation included; median over repeats, each with a "
    "problem of its own, between the least and the greatest."
)


def report(runs: Runs, settings: Settings) -> Report:
    """Return the report of a grid of times."""
    found = runs[TIME]
    methods = found.unique("method")
    rows = found.of(sorted(found, key=lambda row: [methods.index(row["method"]), *(row[name] for name in SETTINGS)]))
    axes = _axes(rows)
    grown = [_growth(rows, axis) for axis in axes]
    pictures = [
        lines(
            rows,
            "seconds",
            over=axis,
            panels=_others(rows, axis),
            name=f"scale-{axis}",
            caption=CAPTION.format(letter=LETTERS[axis]),
            middle="median",
            y="processor seconds a sample",
            y_scale="log",
            methods=rows.methods,
            names=LETTERS,
        )
        for axis in axes
    ]
    constant = {name: rows[0][name] for name in SETTINGS if name not in _varying(rows)} if rows else {}
    what = (
        "Random problems of K distinct points of Z_P^D, the same for all samplers. A sampler is made and then draws in "
        "five batches, on one thread, after a short run that compiles what is compiled; all of it in up to "
        f"{ROUNDS} rounds, of which the one with the fewest processor seconds counts. "
        f"{in_words(constant, LETTERS)}.".replace(" .", "")
    )
    said = _fastest(rows)
    fits = [sentence for one in grown for sentence in one.sentences()]
    return Report(
        STUDY.title,
        Card(pictures[0] if pictures else None, [*said, *fits][:3]),
        [
            Section(
                "Times",
                [what],
                [*said, *fits],
                [_times(rows), *(one.table(f"Growth over {one.letter}") for one in grown if one.sentences())],
                pictures[1:],
            )
        ],
    )


def _varying(rows: Sequence[Row]) -> list[str]:
    return [name for name in SETTINGS if len({row[name] for row in rows}) > 1]


def _others(rows: Sequence[Row], axis: str) -> list[str]:
    """Return the settings that vary beside an axis."""
    return [name for name in _varying(rows) if name != ("points" if axis == "distinct" else axis)]


def _axes(rows: Sequence[Row]) -> list[str]:
    """Return what is swept over: settings of three values or more, or else the one that has two."""
    counts = {axis: len({row[axis] for row in rows}) for axis in AXES}
    # Few points of a small D are fewer without having been asked for.
    counts["distinct"] = min(counts["distinct"], len({row["points"] for row in rows}))
    most = max(counts.values(), default=0)
    return [axis for axis, values in counts.items() if values > 1 and (values > 2 or values == most)]


def _kept(rows: Rows) -> Rows:
    """Return what has a logarithm: a clock may see no time pass."""
    return rows.where(lambda row: row["seconds"] > 0)


def _growth(rows: Rows, axis: str) -> Growths:
    return growth(
        _kept(rows), "seconds", over=axis, within=_others(rows, axis), what="seconds a sample", letter=LETTERS[axis],
        methods=rows.methods, names=LETTERS,
    )  # fmt: skip


def _times(rows: Rows) -> Table:
    names = ["method", *_varying(rows)]

    def middle(value: Any) -> Any:
        return lambda group: median_range([value(row) for row in group])

    columns: list[Column | str] = [
        *names,
        Column("seconds a sample", middle(lambda row: row["seconds"]), seconds),
        Column("drawing", lambda group: median_range([row["per_sample"].best for row in group]).best, seconds),
        Column("preparation", lambda group: median_range([row["prepare"] for row in group]).best, seconds),
        Column("wall", lambda group: median_range([row["wall"] for row in group]).best, seconds),
        Column("density", middle(lambda row: row["density"].best), lambda found: estimate(found, ".2f")),
        Column("repeats", len, count),
    ]
    note = (
        "Medians over repeats [least, greatest]. Processor seconds: drawing and the share of the preparation; wall: "
        "the same on the wall's clock. Density: the mean of P^(D+1) p* over the nodes, 1 for uniform nodes and the "
        "same for all samplers of p*."
    )
    return table(rows, columns, "Seconds a sample", note, group_by=names, methods=rows.methods, names=LETTERS)


def _fastest(rows: Rows) -> list[str]:
    """Name the fastest sampler at the largest size that several have, and how many times longer the others take."""
    several = [found for found in grouped(_kept(rows), SETTINGS).values() if len({row["method"] for row in found}) > 1]
    if not several:
        return []
    largest = max(several, key=lambda found: [found[0][name] for name in SETTINGS])
    middle = {
        name: median_range([row["seconds"] for row in group]).best
        for (name,), group in grouped(largest, ["method"]).items()
    }
    first = min(middle, key=lambda name: middle[name])
    where = in_words({name: largest[0][name] for name in SETTINGS}, LETTERS)
    ratios = contrast(
        largest, "seconds", control=first, pair_by=("seed", "repeat"), scale="ratio", what="seconds a sample",
        methods=rows.methods,
    )  # fmt: skip
    said = f"At {where}, {label(first, rows.methods)} is the fastest with {span(middle[first])} a sample (median)."
    return [said, *ratios.sentences(1)]
