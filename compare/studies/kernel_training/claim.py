"""The paper's claim of kernel training, and what both sides take for one prediction that is read to its own size."""

import math

from compare.claims import (
    ASSUMPTIONS,
    LOST,
    NEVER_REACHED,
    Claim,
    Mark,
    Number,
    assumed,
    changes,
    hashes,
    joined,
    reading_error,
)
from compare.engine import Runs
from compare.machines import Line
from compare.report.cells import compact, estimate, seconds
from compare.statistics import Estimate, mean_estimate, median_range
from compare.studies.kernel_training.accuracy import CONTROL, first, largest
from compare.studies.kernel_training.seconds import EXACT, LARGEST, MACHINES, Sides, assumptions
from compare.studies.kernel_training.study import CASE, CIRCUIT, NOISE, TIMING, Settings

__all__ = ["claim"]

DEPTH = 4
"""Hidden layers L of the network that the row is about: inverting its kernel pays."""


def claim(runs: Runs, settings: Settings) -> Claim:
    """Return the claim; what was not measured is left out."""
    sides = Sides(runs, settings)
    depth = DEPTH if DEPTH in settings.depths else min(settings.depths)
    n = largest(runs, settings) or max(settings.training)
    return Claim(
        title="Kernel training",
        says="Wide and deep networks are trained in time O(log n) by a quantum inverse of their kernel",
        paper="2107.09200",
        regime="depths at which the kernel is well conditioned and sparse",
        size=f"n = {n} images, L = {depth}",
        letter="n",
        quality="one prediction of the exact kernel, read to its own size",
        rival="Cholesky or conjugate gradients, with all test images",
        built=_built(sides, depth, n),
        equal_size=_accuracies(runs, settings, depth, n),
        equal_compute=_equal_compute(sides, depth, n),
        marks=[*(_mark(sides, machine, depth, n) for machine in MACHINES), *_device(sides, depth, n)],
        deciding=MACHINES["T"],
        changes=changes(lambda other: _ratio(Sides(runs, other), depth, n), settings, ASSUMPTIONS),
        omits=_omits(runs, settings, depth, n),
        assumes=assumed(assumptions(sides)),
    )


OMITTED = (
    ("tries", "loading |k*> and |y>: {} tries until |k*> is kept, at the published scale", "tries of |k*>"),
    ("readout", "the readout of a small overlap: {} shots to its own size", "shots of a readout"),
    ("kappa", "the condition number where inverting pays: {} as the walk meets it", "condition number"),
)
"""Columns of cases that the claim leaves out, in words, and their names."""


def _omits(runs: Runs, settings: Settings, depth: int, n: int) -> list[Number | str]:
    """Return what the claim leaves out, as counted at the size of the row: medians over splits, with their range."""
    rows = runs[CASE].where(**first(settings), depth=depth, n=n, pattern="dense")
    found: list[Number | str] = []
    for column, words, name in OMITTED:
        known = [row[column] for row in rows if row[column] is not None]
        if known:
            value = median_range(known)
            text = words.format(estimate(value, compact))
            found.append(Number(name, value, text, _cases(runs, settings, depth, n)))
        else:
            found.append(words.partition(":")[0])
    return [*found, "the sign of a prediction, which a swap test loses"]


def _ratio(sides: Sides, depth: int, n: int) -> float | None:
    slow, fast = sides.quantum.get(("T", depth)), _best(sides, depth, n)
    found = slow.at(n) if slow is not None else None
    return None if found is None or fast is None else found.best / fast.best


def _best(sides: Sides, depth: int, n: int) -> Estimate | None:
    lines: list[Line] = [sides.classical[name, depth] for name in EXACT if (name, depth) in sides.classical]
    known = [found for line in lines if (found := line.at(n)) is not None]
    return min(known, key=lambda one: one.best, default=None)


def _mark(sides: Sides, machine: str, depth: int, n: int) -> Mark:
    line = sides.quantum.get((machine, depth))
    counted = max((row["n"] for row in sides.runs[CIRCUIT]), default=n)
    found = [sides.crossings[machine, name, depth] for name in EXACT if (machine, name, depth) in sides.crossings]
    starts = [one.start for one in found]
    known = [one for one in starts if one is not None]
    timed = joined(*(hashes(sides.runs, TIMING, method=name, depth=depth, n=n) for name in EXACT))
    circuits = hashes(sides.runs, CIRCUIT) if machine == "T" else ()
    return Mark(
        MACHINES[machine],
        None if line is None else line.at(n),
        _best(sides, depth, n),
        beyond=max(1.0, n / counted) if machine == "T" else 1.0,
        # Faster than the best of them: than both.
        start=max(known) if known and len(known) == len(starts) else None,
        until=LARGEST if found else None,
        records=joined(timed, circuits, _cases(sides.runs, sides.settings, depth, n)),
    )


def _cases(runs: Runs, settings: Settings, depth: int, n: int, pattern: str = "dense") -> tuple[str, ...]:
    return hashes(runs, CASE, **first(settings), depth=depth, n=n, pattern=pattern)


def _built(sides: Sides, depth: int, n: int) -> list[Number]:
    rows = sides.runs[CIRCUIT].where(depth=depth)
    found = []
    if len(rows):
        row = max(rows, key=lambda one: one["n"])
        records = hashes(sides.runs, CIRCUIT, depth=depth, n=row["n"])
        text = f"{row['qubits']} qubits, {row['cx']:,} CX and {compact(row['t'])} T at n = {row['n']}"
        found.append(Number("circuit of the inverse", row["t"], text, records))
    queries = sides.queries.get(depth, {}).get(n)
    if queries is not None:
        text = f"{compact(queries.best)} queries a prediction, all shots"
        found.append(Number("queries x shots", queries, text, _cases(sides.runs, sides.settings, depth, n)))
    return found


def _accuracies(runs: Runs, settings: Settings, depth: int, n: int) -> list[Number]:
    found = []
    for pattern, words in (("dense", "exact kernel, either side"), (CONTROL, "no inverse at all")):
        rows = runs[CASE].where(**first(settings), depth=depth, n=n, pattern=pattern)
        if len(rows):
            mean = mean_estimate([row["sign"] for row in rows])
            found.append(
                Number(words, mean, f"{words}: {estimate(mean, '.3f')}", _cases(runs, settings, depth, n, pattern))
            )
    return found


def _equal_compute(sides: Sides, depth: int, n: int) -> list[Number]:
    """Return how many times its own size a prediction's error is, read for as long as the classical side takes."""
    mark = _mark(sides, "step", depth, n)
    if mark.ratio is None or mark.classical is None:
        return []
    error = reading_error(1.0, mark.ratio)
    text = (
        f"in the {seconds(mark.classical.best)} of the classical side a prediction is read with an error of "
        f"{estimate(error, compact)} times its size, at one step a query"
    )
    return [Number("error of a reading", error, text, mark.records)]


def _device(sides: Sides, depth: int, n: int) -> list[Mark]:
    """Return the mark of a device with its errors: what a gate keeps of the signal, for as many as there are."""
    noisy = list(sides.runs[NOISE])
    gates = {row["n"]: row["cx_query"] for row in sides.runs[CIRCUIT].where(depth=depth)}
    degrees = [row["degree"] for row in sides.runs[CASE].where(**first(sides.settings), depth=depth, n=n)]
    known = [one for one in degrees if one is not None]
    if not noisy or len(gates) < 2 or not known:
        return []
    row, (small, large) = noisy[0], sorted(gates)[-2:]
    exponent = math.log(gates[large] / gates[small]) / math.log(large / small)
    every = gates[large] * (n / large) ** exponent * median_range(known).best
    lost = math.inf if row["kept"] <= 0 else -math.log10(min(row["kept"], 1.0)) / row["cx"] * every
    if lost <= LOST:
        return []
    name = f"{sides.settings.device}, with its errors"
    return [Mark(name, open=NEVER_REACHED, beyond=n / large, records=joined(hashes(sides.runs, NOISE)), now=True)]
