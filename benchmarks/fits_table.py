"""The table of tests and fits on many points."""

from collections.abc import Sequence

from benchmarks.records import Row
from compare.report import Table
from compare.report.cells import seconds

__all__ = ["fits_table"]


def fits_table(rows: Sequence[Row]) -> list[Table]:
    """Tabulate what judging and fitting take."""
    return [
        Table(
            "Tests and fits on many points",
            ("what", "K", "D", "P", "N", "processor seconds", "wall", "threads", "over the product", "MiB", "asked"),
            [
                (
                    row["what"],
                    *(f"{row[size]:,}" for size in "KDPN"),
                    seconds(row["seconds"]).text,
                    seconds(row["wall"]).text,
                    str(row["threads"]),
                    f"{row['ratio']:.2f}" if "ratio" in row else "-",
                    f"{row['mib']:,.0f}" if "mib" in row else "-",
                    _asked(row),
                )
                for row in rows
            ],
            "Once each. The product: nodes with points in single precision, on one thread; over it, at most what was "
            "asked. Processor seconds are of all threads. MiB: taken beside problem and nodes, at most at once.",
        )
    ]


def _asked(row: Row) -> str:
    if "reach" not in row:
        return "-"
    return f"{row['reach']:g}" + ("" if "ratio" in row else " s of wall on two cores")
