"""The paper's claim of sampling tickets by the ridgelet transform, and what both sides take for a node."""

from compare.claims import ASSUMPTIONS, DOES_NOT_FIT, NEVER_REACHED, Claim, Mark, Number, changes, hashes, joined
from compare.engine import Runs
from compare.machines import LOADERS, MACHINES
from compare.report.cells import compact, number, seconds
from compare.studies.ridgelet.crossover.sides import LARGEST_DIMENSION, Sides
from compare.studies.ridgelet.crossover.study import COUNT, CURVE, RIVALS, Settings

__all__ = ["claim"]

NAMED = 64
"""Data dimension D that the row is about; the largest counted below it where it was not."""

SHOWN = (
    ("one T at a time", "sparse"),
    ("T layers at once", "sparse"),
    ("T layers at once", "free"),
    ("device with errors", "sparse"),
)
"""Machines with loaders that have a mark."""

DECIDING = SHOWN[0]


def claim(runs: Runs, settings: Settings) -> Claim:
    """Return the claim; what was not measured is left out."""
    sides = Sides.of(runs, settings)
    prime = settings.primes[0]
    counted = sides.along("dimension", prime)
    dimension = max((one for one in counted if one <= NAMED), default=NAMED)
    marks = [_mark(runs, sides, prime, dimension, *one) for one in SHOWN]
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
        equal_size=[Number("distribution", None, "the same: both sides draw from p* (tickets compare tests it)")],
        equal_compute=_equal_compute(marks[0]),
        marks=marks,
        deciding=_words(settings, *DECIDING),
        changes=changes(lambda other: _ratio(runs, other, prime, dimension), settings, ASSUMPTIONS),
        omits=(
            "the loader of the data",
            "that p* of K points can be drawn from classically, node for node",
            "preparing again for every node",
        ),
        elsewhere=_elsewhere(runs, sides, prime),
    )


def _words(settings: Settings, machine: str, loader: str) -> str:
    return f"{MACHINES[machine].format(device=settings.device)}, {LOADERS[loader]}"


def _ratio(runs: Runs, settings: Settings, prime: int, dimension: int) -> float | None:
    sides = Sides.of(runs, settings)
    slow = sides._quantum("dimension", prime, *DECIDING)
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
        hashes(runs, COUNT, prime=prime, points=sides.settings.points),
        hashes(runs, CURVE, prime=prime, method=RIVALS[0], varied="dimension"),
    )
    shut = ""
    if quantum is None and counted:
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
        until=None if crossing is None else LARGEST_DIMENSION,
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
        Number("T gates a node", whole, f"{compact(whole)} T a node, {compact(loaded)} of them in the loader", records),
    ]


def _elsewhere(runs: Runs, sides: Sides, prime: int) -> list[Number]:
    """Return from which K on, and against enumeration from which D on, a machine and loader is the earliest."""
    found = []
    settings = sides.settings
    where = {
        ("points", RIVALS[0]): (f"over K, at D = {settings.dimension}", "K"),
        ("dimension", RIVALS[1]): ("against enumeration of all nodes", "D"),
    }
    for (varied, rival), (words, letter) in where.items():
        some = {
            key[2:4]: one for key, one in sides.crossings.items() if (key[0], key[1], key[-1]) == (varied, prime, rival)
        }
        wins = {key: one.start for key, one in some.items() if one.start is not None}
        if not some:
            continue
        records = joined(hashes(runs, COUNT, prime=prime), hashes(runs, CURVE, method=rival, varied=varied))
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


def _equal_compute(mark: Mark) -> list[Number]:
    if mark.ratio is None or mark.quantum is None:
        return []
    nodes = mark.ratio.best
    text = (
        f"in the {seconds(mark.quantum.best)} of a quantum node the classical side draws {number(nodes, compact)} nodes"
    )
    return [Number("classical nodes", nodes, text, mark.records)]
