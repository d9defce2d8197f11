"""Circuits of the quantum inverse on a few real images: what they take, and how close they are; and one with noise."""

from compare.engine import Runs
from compare.report import Section, Table
from compare.report.cells import Cell, count, number, signed
from compare.report.views import Column
from compare.statistics import Row
from compare.statistics.rows import records_of
from compare.studies.kernel_training.study import CIRCUIT, DEVICE, NOISE, Settings

__all__ = ["counted"]


def counted(runs: Runs, settings: Settings) -> Section:
    """Return the section on circuits."""
    tables = [_taken(runs, settings), _errors(runs)] if len(runs[CIRCUIT]) else []
    tables += [_noisy(runs)] if len(runs[NOISE]) else []
    return Section("Circuits", [], [*_said(runs), *_said_of_noise(runs), *_said_of_device(runs)], tables)


def _taken(runs: Runs, settings: Settings) -> Table:
    columns: list[Column | str] = [
        Column("n", "n", count),
        Column("L", "depth", count),
        Column("epsilon", "epsilon", lambda value: number(value, ".0e")),
        Column("condition", "kappa"),
        Column("queries D", "degree", count),
        Column("qubits", "qubits", count),
        Column("CX a query", "cx_query", count),
        Column("CX", "cx", count),
        Column("CX, readout", "cx_readout", count),
        Column("T a query", "t_query", count),
        Column("T", _whole, lambda found: found),
        Column("success", "success", lambda value: number(value, ".3f")),
    ]
    note = (
        "The quantum inverse of the kernel of the first n/2 images of each class, all qubits connected, as it is "
        f"written. T gates: rotations synthesized so that the whole inverse is off by {settings.synthesis_error:g} "
        "at most in operator norm; * follows from its rotations, as it was too large to be synthesized."
    )
    return runs[CIRCUIT].table(columns, "What circuits take", note)


def _noisy(runs: Runs) -> Table:
    cells: list[list[Cell | str]] = [
        [Cell(str(place), place), number(exact, "+.4f"), signed(mean, ".4f")]
        for row in runs[NOISE]
        for place, (exact, mean) in enumerate(zip(row["exact"], row["means"], strict=True), 1)
    ]
    (row,) = list(runs[NOISE])[:1]
    note = (
        f"Means of the readout's qubit, n = {row['n']}, L = {row['depth']}, D = {row['degree']}: without noise, and "
        f"{row['shots']:,} shots with that of {row['backend']}, with 95% intervals."
    )
    records = [records_of(runs[NOISE])]
    return Table("Signs read with noise", ["test image", "without noise", "measured"], cells, note, records=records)


def _said_of_noise(runs: Runs) -> list[str]:
    return [
        f"With the noise of {row['backend']}, {row['right']} of {row['expected']} signs are read right at n = "
        f"{row['n']} and L = {row['depth']} ({_queries(row['degree'])}; {row['cx']} CX, {row['routed']} once it is "
        f"fitted to the device); {row['kept']:.0%} of the signal is left."
        for row in runs[NOISE]
    ]


def _queries(degree: int) -> str:
    return "one query" if degree == 1 else f"{degree} queries"


def _said_of_device(runs: Runs) -> list[str]:
    rows = runs[DEVICE]
    if not len(rows):
        return []
    right = sum(row["right"] for row in rows)
    kept = [row["kept"] for row in rows if row["kept"] is not None]
    share = f"; {sum(kept) / len(kept):.0%} of the signal is left on average" if kept else ""
    return [f"Read on a device, {right} of {len(rows)} signs are right{share}."]


def _whole(row: Row) -> Cell:
    return count(row["t"]) + ("" if row["counted"] else "*")


def _errors(runs: Runs) -> Table:
    columns: list[Column | str] = [
        Column("n", "n", count),
        Column("L", "depth", count),
        Column("block", "block", _small),
        Column("solution", "solution", _small),
        Column("readout", "readout", _small),
        Column("queries", "degree", count),
        Column("HHL: bits", "bits", count),
        Column("HHL: walks", "walks", count),
        Column("HHL: solution", "solution_hhl", _small),
    ]
    note = (
        "Largest differences by state vector: of the block from A / alpha, of the normalized solution from NumPy's "
        "(signs included), of the readout's mean from the closed form. HHL: phase estimation on the same walk, with "
        "the fewest bits at which it is as close."
    )
    return runs[CIRCUIT].table(columns, "How close circuits are", note)


def _said(runs: Runs) -> list[str]:
    rows = runs[CIRCUIT]
    if not len(rows):
        return []
    said = []
    fits = [row for row in rows if row["cx_query"] <= 2 * row["n"] * (row["n"] - 1) + row["n"].bit_length() - 1]
    said.append(
        f"A query takes 2 n (n - 1) + log2 n CX or fewer in {len(fits)} of {len(rows)} circuits; solutions are off "
        f"by {max(row['solution'] for row in rows):.1e} at most, with the right sign, at the relative errors asked "
        "for."
    )
    known = [row for row in rows if row["walks"]]
    if known:
        most = max(known, key=lambda row: row["n"])
        said.append(
            f"As close, phase estimation takes {most['walks']:,} walks where the polynomial takes {most['degree']} "
            f"queries (n = {most['n']})."
        )
    return said


def _small(value: float | None) -> Cell:
    return number(value, ".1e")
