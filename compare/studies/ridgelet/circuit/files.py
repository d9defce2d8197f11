"""The circuit in files, for whoever counts its gates again."""

import zlib
from collections.abc import Callable

from compare.durable import remove_file, write_file
from compare.engine import Runs
from compare.studies.ridgelet.circuit.made import names_of
from compare.studies.ridgelet.circuit.study import DRAWING, MADE, PIECE, PIECES

__all__ = ["write"]


def write(runs: Runs, say: Callable[[str], object]) -> None:
    """Write each piece as OpenQASM 3 and QPY, with rotations made too, and the drawing; what is not asked for goes."""
    found = {row["piece"]: row for row in runs[PIECE]}
    for piece in PIECES:
        for ending in ("qasm", "qpy"):
            path = runs.folder / f"{piece}.{ending}"
            if piece in found:
                write_file(path, zlib.decompress(found[piece][ending].tobytes()))
            else:
                remove_file(path)
    made = {
        name: row[part]
        for row in runs[MADE]
        for name, part in zip(
            names_of(row["piece"], row["way"], row["budget"]), ("before_qasm", "run_qasm"), strict=True
        )
    }
    for path in runs.folder.glob("*.*.qasm"):
        if path.name not in made and path.name.split(".")[0] in PIECES:
            remove_file(path)
    for name, text in made.items():
        write_file(runs.folder / name, zlib.decompress(text.tobytes()))
    for row in runs[DRAWING]:
        write_file(runs.folder / "circuit.txt", f"{row['text']}\n".encode())
