"""Tables of circuits: sparse loaders of many points, and simulators that draw shots of the same circuit."""

from collections.abc import Sequence

from benchmarks.records import Row
from compare.report import Table
from compare.report.cells import MISSING, Cell, seconds
from quantum.names import ROTATION_WAYS

__all__ = ["circuits_tables", "estimates_tables", "loaders_tables", "rotations_tables"]


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


def rotations_tables(rows: Sequence[Row]) -> list[Table]:
    """Tabulate the T gates of transforms, their rotations made in several ways."""
    return [
        Table(
            f"T gates of the transform at error {row['of']:g}: P = {row['P']}, D = {row['D']}",
            ("rotations", "T gates", "T depth", "ancillas", "synthesized", "to make"),
            [
                (
                    ROTATION_WAYS[one["way"]],
                    f"{one['t']:,}",
                    f"{one['t_depth']:,}",
                    f"{one['ancillas']:,}",
                    f"{one['rotations']:,}",
                    seconds(one["seconds"]).text,
                )
                for one in row["ways"]
            ],
            "Error: half the diamond distances of all rotations, added up. T gates in the mean over runs. To make: "
            f"processor time, one run; what one way synthesized the next may use. Asked, at P = 17, D = 64: at most "
            f"{row['most']:,} T gates with equal rotations together.",
        )
        for row in rows
    ]


def estimates_tables(rows: Sequence[Row]) -> list[Table]:
    """Tabulate what the estimator makes of whole circuits, and the time that it takes."""

    def point(found: Sequence[float] | None) -> Cell | str:
        return MISSING if found is None else f"{seconds(found[1]).text} on {found[0]:,}"

    return [
        Table(
            f"Physical qubits and seconds: P = {row['P']}, D = {row['D']}, K = {row['K']}, {row['qubits']} qubits",
            ("given", "rotations", "their depth", "fastest", f"within {row['most']:,}", "to count", "to estimate"),
            [
                (
                    one["form"],
                    f"{one['rotations']:,}",
                    f"{one['depth']:,}",
                    point(one["fastest"]),
                    point(one["held"]),
                    seconds(one["count"]).text,
                    seconds(one["estimate"]).text,
                )
                for one in row["forms"]
            ],
            f"The whole circuit with its sparse loader; {row['model']}, error budget {row['budget']:g}. To count: "
            "compiling, processor time; to estimate: the whole frontier.",
        )
        for row in rows
    ]
