"""The paper's claim of sampling tickets by the ridgelet transform, and what both sides take for a node."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from compare.claims import (
    ASSUMPTIONS,
    DOES_NOT_FIT,
    NEVER_REACHED,
    Claim,
    Mark,
    Number,
    assumed,
    changes,
    hashes,
    joined,
)
from compare.engine import Runs
from compare.machines import ESTIMATED, LOADERS, machine_name
from compare.report.cells import compact, estimate, seconds, so_many
from compare.statistics import mean_estimate, median_range
from compare.studies.ridgelet.crossover.assumed import assumptions
from compare.studies.ridgelet.crossover.quality import CIRCUIT, CONTROL, NAMED, OTHERS, QUALITY, named_dimension
from compare.studies.ridgelet.crossover.sides import Sides
from compare.studies.ridgelet.crossover.study import COUNT, CURVE, ESTIMATE, RIVALS, Settings

__all__ = ["claim"]

SHOWN = (
    ("one T at a time", "sparse"),
    ("T layers at once", "sparse"),
    ("T layers at once", "free"),
    ("device with errors", "sparse"),
)
"""Machines with loaders that have a mark where nothing was estimated; the first is what the verdict goes by."""

ESTIMATED_SHOWN = ((ESTIMATED, "sparse"), (ESTIMATED, "free"), SHOWN[0], SHOWN[-1])
"""Machines with loaders where the error-corrected one was estimated, which takes rotations of a layer at once."""


def claim(runs: Runs, settings: Settings) -> Claim:
    """Return the claim; what was not measured is left out."""
    sides = Sides.of(runs, settings)
    prime = settings.primes[0]
    counted = sides.along("dimension", prime)
    dimension = named_dimension(list(counted)) if counted else NAMED
    shown = ESTIMATED_SHOWN if sides.estimates else SHOWN
    marks = [_mark(runs, sides, prime, dimension, *one) for one in shown]
    return Claim(
        title="Sampling tickets",
        says="Nodes of a winning ticket are drawn in time linear in D, where classical ones take exponential time",
        paper="2301.11936",
        regime="the discrete ridgelet transform of K points of Z_P^D",
        size=f"D = {dimension}, K = {settings.points}, P = {prime}",
        letter="D",
        quality="a node drawn from p*",
        rival="the dequantized sampler",
        built=_built(runs, sides, prime, dimension),
        equal_size=_equal_size(runs, settings, dimension),
        equal_compute=_equal_compute(runs, settings, dimension, marks[0]),
        marks=marks,
        deciding=_words(settings, *shown[0]),
        changes=changes(lambda other: _ratio(runs, other, prime, dimension, *shown[0]), settings, ASSUMPTIONS),
        omits=_omits(runs, sides, prime, dimension, marks[0]),
        assumes=assumed(assumptions(sides, next((one.line.machine for one in runs.of_kind(CURVE)), {}))),
        elsewhere=_elsewhere(runs, sides, prime),
    )


def _words(settings: Settings, machine: str, loader: str) -> str:
    return f"{machine_name(machine, settings)}, {LOADERS[loader]}"


def _ratio(runs: Runs, settings: Settings, prime: int, dimension: int, machine: str, loader: str) -> float | None:
    sides = Sides.of(runs, settings)
    slow = sides._quantum("dimension", prime, machine, loader)
    fast = sides.classical.get(("dimension", prime, RIVALS[0]))
    found = slow.at(dimension) if slow is not None else None
    known = fast.at(dimension) if fast is not None else None
    return None if found is None or known is None else found.best / known.best


def _mark(runs: Runs, sides: Sides, prime: int, dimension: int, machine: str, loader: str) -> Mark:
    counted = sides.along("dimension", prime)
    quantum = sides._quantum("dimension", prime, machine, loader) if sides.device is not None and counted else None
    classical = sides.classical.get(("dimension", prime, RIVALS[0]))
    found = None if quantum is None else quantum.at(dimension)
    name = _words(sides.settings, machine, loader)
    records = joined(
        hashes(runs, ESTIMATE if machine == ESTIMATED else COUNT, prime=prime, points=sides.settings.points),
        hashes(runs, CURVE, prime=prime, method=RIVALS[0], varied="dimension"),
    )
    shut = ""
    if counted and (quantum is None or (found is None and machine == ESTIMATED)):
        shut = DOES_NOT_FIT
    elif quantum is not None and (found is None or not found.high < float("inf")):
        shut = NEVER_REACHED
    crossing = sides.crossings.get(("dimension", prime, machine, loader, RIVALS[0]))
    return Mark(
        name,
        None if shut else found,
        None if classical is None else classical.at(dimension),
        open=shut,
        beyond=max(1.0, dimension / (dimension if quantum is None else quantum.largest)),
        start=None if crossing is None else crossing.start,
        until=None if crossing is None else crossing.largest,
        records=records,
        now=machine.startswith("device"),
    )


def _built(runs: Runs, sides: Sides, prime: int, dimension: int) -> list[Number]:
    counted = sides.along("dimension", prime).get(dimension)
    if counted is None:
        return []
    records = hashes(runs, COUNT, prime=prime, dimension=dimension, points=sides.settings.points)
    loaded = max((one.t for one in counted.loaders), default=0)
    whole = counted.transform.t + loaded
    return [
        Number("qubits", counted.transform.qubits, f"{counted.transform.qubits:,} qubits", records),
        *_physical(runs, sides, prime, dimension),
        Number("T gates a node", whole, f"{compact(whole)} T a node, {compact(loaded)} of them in the loader", records),
    ]


def _physical(runs: Runs, sides: Sides, prime: int, dimension: int) -> list[Number]:
    """Return the physical qubits of the estimated machine; nothing if there is none."""
    settings = sides.settings
    found = sides.estimates.get((prime, dimension, settings.points))
    points = [] if found is None else [one.within(settings.most_qubits) for one in found.whole]
    qubits = [point[0] for point in points if point is not None]
    if not qubits:
        return []
    middle = median_range(qubits)
    records = hashes(runs, ESTIMATE, prime=prime, dimension=dimension, points=settings.points)
    return [Number("physical qubits", middle, f"{middle.best:,.0f} physical qubits, as estimated", records)]


def _elsewhere(runs: Runs, sides: Sides, prime: int) -> list[Number]:
    """Return from which K on, and against enumeration from which D on, a deciding machine is the earliest."""
    found = []
    settings = sides.settings
    where = {
        ("points", RIVALS[0]): (f"over K, at D = {settings.dimension}", "K"),
        ("dimension", RIVALS[1]): ("against enumeration of all nodes", "D"),
    }
    for (varied, rival), (words, letter) in where.items():
        some = {
            key[2:4]: one
            for key, one in sides.crossings.items()
            if (key[0], key[1], key[-1]) == (varied, prime, rival) and key[2] in sides.deciding
        }
        wins = {key: one.start for key, one in some.items() if one.start is not None}
        if not some:
            continue
        counted = joined(hashes(runs, COUNT, prime=prime), hashes(runs, ESTIMATE, prime=prime))
        records = joined(counted, hashes(runs, CURVE, method=rival, varied=varied))
        if not wins:
            found.append(Number(words, None, f"{words}: never faster, by no machine and loader", records))
            continue
        first = min(wins, key=lambda key: wins[key])
        text = (
            f"{words}: faster by {len(wins)} of {len(some)} machines and loaders, the earliest from {letter} = "
            f"{compact(wins[first])} on ({_words(settings, *first)})"
        )
        found.append(Number(words, float(wins[first]), text, records))
    return found


def _worth(runs: Runs, settings: Settings, dimension: int, side: str, size: int | None = None) -> Number | None:
    """Return the mean over random problems of a side's fidelity, or of the risk of its networks of a size."""
    where: dict[str, Any] = {"dimension": dimension, "points": settings.points, "side": side}
    rows = runs[QUALITY].where(**where)
    values = [
        row["fidelity"].best if size is None else dict(zip(row["sizes"], row["risks"], strict=True)).get(size)
        for row in rows
    ]
    known = [one for one in values if one is not None]
    if not known:
        return None
    mean = mean_estimate(known)
    words = WORDS.get(side, f"the {side} sampler")
    name = f"fidelity with p*, {words}" if size is None else f"risk of {so_many(size, 'node')}, {words}"
    return Number(name, mean, f"{words} {estimate(mean, '.2g' if size else '.2f')}", hashes(runs, QUALITY, **where))


WORDS = {CIRCUIT: "the circuit", CONTROL: "uniform nodes"}
"""Sides in words."""


def _sizes(runs: Runs) -> Sequence[int]:
    return next((tuple(row["sizes"]) for row in runs[QUALITY]), ())


def _equal_size(runs: Runs, settings: Settings, dimension: int) -> list[Number]:
    """Return how nodes of both sides follow p*, and the risks of networks of half as many nodes as there are points."""
    half = max((one for one in _sizes(runs) if 2 * one <= settings.points), default=None)
    found = []
    heads: dict[int | None, str] = {None: "fidelity with p*"}
    if half is not None:
        heads[half] = f"empirical risk of {so_many(half, 'node')} over the targets' variance"
    for size, head in heads.items():
        some = [_worth(runs, settings, dimension, side, size) for side in (CIRCUIT, *OTHERS)]
        for place, one in enumerate([one for one in some if one is not None]):
            found.append(replace(one, text=f"{head}: {one.text}" if place == 0 else one.text))
    return found


def _equal_compute(runs: Runs, settings: Settings, dimension: int, mark: Mark) -> list[Number]:
    """Return how many nodes the classical side draws in the time of one, and what its networks are worth then."""
    if mark.ratio is None or mark.quantum is None:
        return []
    nodes = mark.ratio
    took = seconds(mark.quantum.best)
    text = f"in the {took} of a quantum node the classical side draws {estimate(nodes, compact)} nodes"
    found = [Number("classical nodes", nodes, text, mark.records)]
    sizes = _sizes(runs)
    one = min(sizes, default=None)
    many = max((size for size in sizes if size <= nodes.best), default=None)
    for size, side, head in (
        (one, CIRCUIT, "risk of a network of that node"),
        (many, OTHERS[0], f"of {many} of these"),
    ):
        worth = None if size is None else _worth(runs, settings, dimension, side, size)
        if worth is not None:
            found.append(replace(worth, name=f"{worth.name}, equal compute", text=f"{head}: {worth.text}"))
    return found


def _omits(runs: Runs, sides: Sides, prime: int, dimension: int, mark: Mark) -> list[Number | str]:
    """Return what the claim leaves out: the loader's share of the gates, the classical node, and the preparation."""
    found: list[Number | str] = []
    counted = sides.along("dimension", prime).get(dimension)
    if counted is not None:
        loaded = max((one.t for one in counted.loaders), default=0)
        share = loaded / (loaded + counted.transform.t)
        records = hashes(runs, COUNT, prime=prime, dimension=dimension, points=sides.settings.points)
        text = f"the loader of the data, {share:.0%} of the T gates of a node, again for every node"
        found.append(Number("loader's share of T gates", share, text, records))
    else:
        found.append("the loader of the data, again for every node")
    if mark.classical is not None:
        text = f"that p* of K points can be drawn from classically, in {seconds(mark.classical.best)} a node"
        found.append(Number("a classical node", mark.classical, text, mark.records))
    else:
        found.append("that p* of K points can be drawn from classically")
    return found
