"""Circuits with their rotations made, as they are written: a table of what is in the files."""

from collections.abc import Callable

from compare.engine import Runs
from compare.report import Table
from compare.report.cells import count, number
from compare.report.views import Column
from compare.statistics import Row
from compare.studies.ridgelet.circuit.made import MADE, names_of
from compare.studies.ridgelet.circuit.whole import LABELS
from quantum.names import ROTATION_WAYS

__all__ = ["made_tables"]

COUNTS = {
    "qubits": "qubits",
    "two_qubit": "two-qubit gates",
    "t": "T gates",
    "rotations": "rotations",
    "measurements": "measurements",
}


def made_tables(runs: Runs) -> list[Table]:
    """Return the table with a row for each file; none if nothing was asked for."""
    found = runs[MADE]
    if not found:
        return []
    files = found.of(
        {**row, "file": name, "listed": row[part]}
        for row in found
        for name, part in zip(names_of(row["piece"], row["way"], row["budget"]), ("before", "run"), strict=True)
    )

    def of(key: str) -> Callable[[Row], int]:
        return lambda row: getattr(row["listed"], key)

    table = files.table(
        [
            Column("file", "file"),
            Column("piece", lambda row: LABELS[row["piece"]]),
            Column("error", "budget", lambda value: number(value, "g")),
            Column("rotations are made", lambda row: ROTATION_WAYS[row["way"]]),
            *(Column(heading, of(key), count) for key, heading in COUNTS.items()),
            Column("T in the mean", lambda row: row["cost"].t, count),
        ],
        "With rotations made, as written",
        "OpenQASM 3. Each piece before its rotations are synthesized, RZ being left, and one run in Clifford and T "
        "gates, drawn with the seed. T gates: T, its inverse, and RZ by odd multiples of pi/4; rotations: RZ by no "
        "multiple of pi/4. T in the mean: over runs, in which a rotation is one of two syntheses by chance. Error: "
        "half the diamond distances, added up.",
    )
    return [table]
