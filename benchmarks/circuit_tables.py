"""Tables of circuits: sparse loaders of many points, and simulators that draw shots of the same circuit."""

from collections.abc import Sequence

from benchmarks.records import Row
from compare.report import Table
from compare.report.cells import seconds

__all__ = ["circuits_tables", "loaders_tables"]


def loaders_tables(rows: Sequence[Row]) -> list[Table]:
    """Tabulate the gates of sparse loaders and the time to build them."""
    found = Table(
        "The sparse loader of random points",
        ("K", "n", "ancillas", "CX", "CX/(K n)", "asked", "ancillas measured", "by counting", "to build", "asked"),
        [
            (
                f"{row['K']:,}",
                str(row["n"]),
                str(row["ancillas"]),
                f"{row['cx']:,}",
                f"{row['ratio']:.2f}",
                f"<= {row['reach']:g}",
                f"{row['measured']:.2f}",
                f"{row['bound']:.2f}",
                seconds(row["seconds"]).text,
                f"<= {row['most']:g} s",
            )
            for row in rows
        ],
        "Compiled to CX and gates on one qubit, all qubits connected. By counting: 1/(2 log2 n), about what loaders of "
        "most sets of points take at least. To build: processor time, one run.",
    )
    return [found] if rows else []


def circuits_tables(rows: Sequence[Row]) -> list[Table]:
    """Tabulate what simulators take for shots of a circuit."""
    return [
        Table(
            f"{row['of']:,} shots of {row['qubits']} qubits: D = {row['D']}, K = {row['K']}, P = {row['P']}",
            ("simulator", "evolve", "draw a shot", "in all", "over ours", "shots drawn"),
            [
                (
                    rival["rival"],
                    seconds(rival["evolve"]).text,
                    seconds(rival["draw"] / rival["shots"]).text,
                    seconds(rival["seconds"]).text,
                    f"{rival['seconds'] / row['rivals'][0]['seconds']:.1f}",
                    f"{rival['shots']:,}",
                )
                for rival in row["rivals"]
            ],
            "Processor time on one thread, one run each; the same gates on a line, from the same loaded state, and the "
            f"same state in the end. Fewer shots are scaled. Asked: {row['times']:g} times quimb's speed.",
        )
        for row in rows
    ]
