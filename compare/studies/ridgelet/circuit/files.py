"""The circuit in files, for whoever counts its gates again."""

import zlib
from collections.abc import Callable

from compare.durable import remove_file, write_file
from compare.engine import Runs
from compare.studies.ridgelet.circuit.study import DRAWING, PIECE, PIECES

__all__ = ["write"]


def write(runs: Runs, say: Callable[[str], object]) -> None:
    """Write each piece as OpenQASM 3 and QPY, and the drawing; files of pieces that are not asked for go."""
    found = {row["piece"]: row for row in runs[PIECE]}
    for piece in PIECES:
        for ending in ("qasm", "qpy"):
            path = runs.folder / f"{piece}.{ending}"
            if piece in found:
                write_file(path, zlib.decompress(found[piece][ending].tobytes()))
            else:
                remove_file(path)
    for row in runs[DRAWING]:
        write_file(runs.folder / "circuit.txt", f"{row['text']}\n".encode())
