"""What the times of a sweep say: how samplers grow, and which is the fastest where."""

import itertools
from collections.abc import Sequence

from compare.records import plain
from compare.report import Picture, Section
from compare.statistics import EVIDENCE, FittedGrowth, fit_growth, median_range
from compare.statistics.fits import LEAST_SIZES
from compare.studies.ridgelet.scale.plots import times_figure
from compare.studies.ridgelet.scale.reading import panels, seconds, size
from compare.sweeps.cells import LETTERS, Cell, cells, constant, in_words, varying
from compare.sweeps.record import Record
from compare.tables import Table, interval, seconds_text
from problems.errors import InputError

__all__ = ["TITLE", "sections", "verdict"]

TITLE = "Seconds a sample"

AXES = ("dimension", "points", "prime")
"""What times grow with; points are those that there were."""

CAPTION = (
    "Seconds a sample over {axis}, its share of the preparation included; median over repeats, each with a problem of "
    "its own, between the least and the greatest."
)


def verdict(records: Sequence[Record]) -> list[str]:
    """Say which sampler is the fastest at the largest size, and how each grows."""
    found = cells(records)
    return [*_fastest(found), *(sentence for axis in _axes(found) for sentence in _grown(found, axis))]


def sections(records: Sequence[Record]) -> list[Section]:
    """Return times, growth and figures."""
    found = cells(records)
    if not found:
        return []
    growths = [table for axis in _axes(found) if (table := _growth_table(found, axis)).rows]
    pictures = [
        Picture(
            f"scale-{axis}",
            times_figure(groups, axis),
            CAPTION.format(axis=f"{axis} {LETTERS[axis]}"),
            times_figure(groups, axis, narrow=True),
        )
        for axis in _axes(found)
        if (groups := panels(found, axis))
    ]
    what = (
        "Random problems of K distinct points of Z_P^D, the same for all samplers. A sampler is made and then draws in "
        f"five batches, on one thread, after a short run that compiles what is compiled. {constant(found)}."
    )
    return [Section("Times", [what], [], [_times(found), *growths], pictures)]


def _axes(found: Sequence[Cell]) -> list[str]:
    """Return what is swept over: settings of three values or more, or else the one that has two."""
    counts = {axis: len({cell.settings[axis] for cell in found}) for axis in AXES}
    most = max(counts.values(), default=0)
    return [axis for axis, count in counts.items() if count > 1 and (count > 2 or count == most)]


def _times(found: Sequence[Cell]) -> Table:
    names = ["method", *(name for name in varying(found) if name != "method")]
    rows = []
    for cell in found:
        times = median_range(cell.values(seconds))
        rows.append(
            [
                *(f"{cell.settings[name]:,}" if name != "method" else cell.settings[name] for name in names),
                f"{seconds_text(times.best)} [{seconds_text(times.low)}, {seconds_text(times.high)}]",
                seconds_text(median_range(cell.values(lambda result: result["seconds_per_sample"]["best"])).best),
                seconds_text(median_range(cell.values(lambda result: result["prepare_seconds"])).best),
                interval(plain(median_range(cell.values(lambda result: result["density"]["best"]))), 2),
                str(len(cell.records)),
            ]
        )
    note = (
        "Medians over repeats [least, greatest]. Seconds: drawing and the share of the preparation. Density: the mean "
        "of P^(D+1) p* over the nodes, 1 for uniform nodes and the same for all samplers of p*."
    )
    columns = [*(LETTERS.get(name, name) for name in names), "seconds a sample", "drawing", "preparation", "density"]
    return Table("Seconds a sample", [*columns, "repeats"], rows, note)


def _fits(found: Sequence[Cell], axis: str) -> list[tuple[str, str, FittedGrowth]]:
    """Return panel, method and growth, where there are enough sizes."""
    fits = []
    for words, lines in panels(found, axis).items():
        for method, line in lines.items():
            points = [(size(cell, axis), value) for cell in line for value in cell.values(seconds)]
            if len({x for x, _ in points}) < LEAST_SIZES:
                continue
            try:
                fits.append((words, method, fit_growth(*zip(*points, strict=True))))
            except InputError:  # a clock that saw no time pass
                continue
    return fits


def _growth_table(found: Sequence[Cell], axis: str) -> Table:
    rows = []
    for words, method, fit in _fits(found, axis):
        power, exponential = fit.power.rate, fit.exponential.rate
        assert power is not None  # only constants have none
        assert exponential is not None
        grows = {"power": "as a power", "exponential": "exponentially", "none": "not seen", "undecided": "undecided"}
        rows.append(
            [
                method,
                words or "-",
                f"{fit.smallest:,g} to {fit.largest:,g}",
                grows[fit.verdict],
                interval(plain(power), 2),
                interval(plain(exponential), 2),
                f"{fit.evidence:,.3g}",
            ]
        )
    letter = LETTERS[axis]
    note = (
        f"Fits of c {letter}^k and c e^(k{letter}), with a constant on top where there are enough sizes, compared by "
        f"AICc; one is named where it is {EVIDENCE:g} times likelier than the other. 95% intervals of k."
    )
    columns = ["method", "at", letter, "grows", f"k of {letter}^k", f"k of e^(k{letter})", "evidence"]
    return Table(f"Growth over {letter}", columns, rows, note)


def _grown(found: Sequence[Cell], axis: str) -> list[str]:
    letter, sentences = LETTERS[axis], []
    for words, method, fit in _fits(found, axis):
        at = f" at {words}" if words else ""
        power, exponential = fit.power.rate, fit.exponential.rate
        assert power is not None  # only constants have none
        assert exponential is not None
        said = {
            "power": f"grow as {letter}^{interval(plain(power), 2)}",
            "exponential": f"grow as e^(k {letter}) with k = {interval(plain(exponential), 2)}",
            "none": f"show no growth that could be told from none (k of {letter}^k: {interval(plain(power), 2)})",
            "undecided": f"leave open whether a power or an exponential of {letter} grows",
        }[fit.verdict]
        sentences.append(f"{method}{at}: seconds a sample {said}, {letter} from {fit.smallest:,g} to {fit.largest:,g}.")
    return sentences


def _fastest(found: Sequence[Cell]) -> list[str]:
    """Name the fastest sampler at the largest size that several have, and how many times longer the others take."""
    groups: dict[str, list[Cell]] = {}
    for cell in found:
        words = in_words({name: value for name, value in cell.settings.items() if name != "method"})
        groups.setdefault(words, []).append(cell)
    several = {words: group for words, group in groups.items() if len(group) > 1}
    if not several:
        return []
    words, group = list(several.items())[-1]
    first, *others = sorted(group, key=lambda cell: median_range(cell.values(seconds)).best)
    clauses = []
    for other in others:
        own = dict(zip(first.keys(), first.values(seconds), strict=True))
        pairs = [
            value / own[key] for key, value in zip(other.keys(), other.values(seconds), strict=True) if own.get(key)
        ]
        if pairs:
            ratio = median_range(pairs)
            clauses.append(
                f"{other.settings['method']} takes {ratio.best:.3g} [{ratio.low:.3g}, {ratio.high:.3g}] times as long"
            )
    best = seconds_text(median_range(first.values(seconds)).best)
    listed = "; ".join(itertools.chain([f"{first.settings['method']} is the fastest with {best} a sample"], clauses))
    return [f"At {words}, {listed} (medians over repeats, least and greatest)."]
