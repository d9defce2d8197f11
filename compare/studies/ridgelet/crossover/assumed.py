"""Everything that the crossover assumes, as a table."""

from collections.abc import Mapping
from typing import Any

from compare.machines import assumption_rows
from compare.report import Table
from compare.statistics.clocks import ROUNDS
from compare.statistics.scaling import LEAST_ROUNDS
from compare.studies.ridgelet.crossover.sides import Sides

__all__ = ["assumptions"]


def assumptions(sides: Sides, machine: Mapping[str, Any]) -> Table:
    """Return every assumption, its value, its flag and whom it favors."""
    s, device = sides.settings, sides.device
    limited = "".join(f", {name}={value}" for name, value in machine.get("threads", {}).items())
    volume = max((one.volume for one in sides.circuits.values()), default=0.0)
    dimensions, points = (", ".join(map(str, sizes)) for sizes in (s.dimensions, s.loaded_points))
    rows = [
        *([] if device is None else assumption_rows(s, device.gate, volume, device.calibrated, sides.efficiency)),
        _estimated(sides),
        (
            "Classical seconds",
            f"processor seconds on one thread, the fastest of {LEAST_ROUNDS} to {ROUNDS} rounds over all sizes, on "
            f"{machine.get('processor', 'unknown')}, {machine.get('cores', '?')} cores{limited}; {s.samples:,} nodes "
            "at once share one preparation",
            "--samples",
            "nobody: fewer make enumeration slower a node, more make it faster",
        ),
        (
            "Sparse loader",
            "built and counted, without ancillas; its growth with K stands in the table of circuits",
            "none",
            "classical: with ancillas fewer T gates would do",
        ),
        (
            "Circuit",
            f"{s.encoding} encoding, compiled by Qiskit at level 2 with a fixed seed",
            "--encoding",
            "classical, if a better circuit exists",
        ),
        (
            "Problems",
            f"K distinct random points of Z_P^D, normal targets; K = {s.points} while D varies, D = {s.dimension} "
            "while K varies",
            "--points, --features, --prime, --repeats, --seed",
            "quantum over D: enumeration does not gain from few points",
        ),
        (
            "Sizes",
            f"circuits at D = {dimensions} and K = {points}; classical up to D = {s.most_dimensions:,}, "
            f"K = {s.most_points:,}, P = {s.most_prime}, or {s.limit:g} s a size",
            "--counted-features, --loaded-points, --most-features, --most-points, --most-prime, --method, --limit",
            "nobody",
        ),
    ]
    return Table(
        "Every assumption",
        ["assumption", "value", "flag", "favors"],
        rows,
        "Whom an assumption favors, against what could be assumed instead. Those without a flag are rows of the table "
        "of winners, or have no number.",
    )


def _estimated(sides: Sides) -> tuple[str, str, str, str]:
    """Return the row of the estimated machine, or why there is none."""
    s = sides.settings
    what = (
        f"Microsoft's resource estimator: {s.model}, error budget {s.budget:g} in thirds for the code, T states and "
        f"rotations, and the fastest point of its frontier within {s.most_qubits:,} physical qubits; rotations side by "
        "side, or equal ones together where that is faster; the loader with ancillas where they save gates, at K = "
        f"{', '.join(map(str, s.estimated_points))} too. Not continued beyond the sizes that were estimated"
    )
    if not sides.estimates:
        why = "; ".join(reason.rstrip(".") for reason in sides.missing) or "there is no record of it"
        what = f"nothing was estimated: {why}. Error correction stands at the fixed distance alone"
    return (
        "Estimated machine",
        what,
        "--physical, --model, --budget, --most-qubits, --estimated-points",
        "quantum: no such machine exists",
    )
