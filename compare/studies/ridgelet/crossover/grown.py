"""How both sides grow, as tables: samplers' seconds, preparation apart, and counts of circuits."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from compare.report import Table
from compare.report.cells import MISSING, Cell, estimate, number, seconds
from compare.report.styles import label
from compare.statistics import Estimate, SizeTimes, median_range
from compare.statistics.growth import Grown, evidence, growth, rate
from compare.statistics.rows import grouped
from compare.studies.ridgelet.crossover.sides import Sides
from compare.studies.ridgelet.crossover.study import RIVALS, Circuits
from compare.studies.ridgelet.settings import LETTERS

__all__ = ["growth_of_circuits", "growth_of_seconds"]


def growth_of_seconds(sides: Sides) -> Iterator[tuple[list[str], Table]]:
    """Yield how samplers' seconds grow along each axis, preparation apart: what is said of the rivals, and a table."""
    axes = ("varied", "prime", "dimension", "points")
    methods = sides.curves.methods
    for (varied, *fixed), curves in grouped(sides.curves, axes).items():
        at = ", ".join(f"{LETTERS[name]} = {value}" for name, value in zip(axes[1:], fixed, strict=True) if value)
        rows = [{"method": curve["method"], **vars(one)} for curve in curves for one in curve["rows"]]
        drawn, prepared = (
            growth(
                rows,
                value,
                over="size",
                what=f"processor seconds {what} at {at}",
                letter=LETTERS[varied],
                methods=methods,
            )
            for value, what in (("per_sample", "a sample"), ("prepare", "of preparation"))
        )
        table = drawn.table(
            f"Growth of seconds over {LETTERS[varied]}, {at}",
            f"Processor seconds on one core, medians of up to {sides.settings.draws} random problems at each size, "
            f"from the fastest to the slowest in its slowest round; {sides.settings.samples:,} nodes a draw. Wall: "
            "seconds of the wall's clock, preparation included, over those of the processor, at the largest "
            f"{LETTERS[varied]}. A method goes as far as a draw takes {sides.settings.limit:g} s, or as it takes the "
            "problem.",
            seconds,
        )
        last = {curve["method"]: curve["rows"][-1] for curve in curves if curve["rows"]}
        cells = [[*row, _law(one), _wall(last[one.name])] for row, one in zip(table.rows, prepared, strict=True)]
        cells += [
            [label(curve["method"], methods), Cell("none (0)", 0), _reason(curve["stopped"]), *[MISSING] * 5]
            for curve in curves
            if not curve["rows"]
        ]
        said = [
            sentence
            for found in (drawn, prepared)
            for sentence in replace(found, grown=tuple(one for one in found if one.name in RIVALS)).sentences()
        ]
        yield said, replace(table, columns=[*table.columns, "preparation grows as", "wall"], rows=cells)


def _wall(one: SizeTimes) -> Cell:
    return number(one.wall.best / one.total.best, ".2f") if one.total.best > 0 else Cell("-")


def _law(one: Grown) -> str:
    if one.fit is None or one.fit.verdict not in ("power", "exponential"):
        return one.law
    curve = one.fit.power if one.fit.verdict == "power" else one.fit.exponential
    return f"{one.law} ({evidence(one.fit)}), k = {rate(curve)}"


def _reason(stopped: str) -> str:
    """Return the first clause of why a method took no size."""
    said = stopped.split("refused: ", 1)[-1]
    for end in (":", ";", ". "):
        said = said.split(end)[0]
    return f"not taken: {said}"


COUNTED: Mapping[str, Callable[[Circuits], Sequence[float]]] = {
    "T gates, transform": lambda found: [found.transform.t],
    "T layers, transform": lambda found: [found.transform.t_depth],
    "duration on the device, transform": lambda found: [
        one.duration for one in (found.transform_on_device,) if one is not None
    ],
    "-ln fidelity on the device, whole": lambda found: [
        -math.log(one.fidelity) for one in found.whole_on_device if 0 < one.fidelity < 1
    ],
    "T gates, sparse loader": lambda found: [part.t for part in found.loaders],
    "two-qubit gates, sparse loader": lambda found: [part.two_qubit for part in found.loaders],
    "duration on the device, whole": lambda found: [one.duration for one in found.whole_on_device],
}
"""Columns that are counted of a circuit, for each random problem that it depends on."""

OVER_POINTS = ("T gates, sparse loader", "two-qubit gates, sparse loader", "duration on the device, whole")
"""Columns that are asked over K."""


def growth_of_circuits(sides: Sides, varied: str) -> Table:
    """Return how counts and durations of the circuits grow over D or K."""
    asked = {name: read for name, read in COUNTED.items() if varied == "dimension" or name in OVER_POINTS}
    rows = [
        {"count": name, "P": prime, "size": size, "value": median_range(values)}
        for prime in sides.settings.primes
        for name, read in asked.items()
        for size, found in sides.along(varied, prime).items()
        if (values := read(found)) and min(values) > 0
    ]
    letter = LETTERS[varied]
    found = growth(rows, "value", over="size", by="count", within=("P",), what="counts of circuits", letter=letter)
    note = (
        f"At {sides.fixed(varied)}; medians of {sides.settings.draws} random problems between the least and "
        "the greatest. The transform does not depend on the data, its counts are exact. Durations in seconds; what the "
        "device does not hold is left out."
    )
    return found.table(f"Growth of the circuits over {letter}", note, _count)


def _count(found: Estimate) -> Cell:
    if found.samples == 1:
        return Cell(f"{_number(found.best)} (exact)", found.best)
    return estimate(found, _number) + f" ({found.samples})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
