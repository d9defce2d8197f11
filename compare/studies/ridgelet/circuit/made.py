"""A circuit with its rotations made in one of several ways, to be written and counted again, as tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from compare.engine import Array, Each, Kind, Names, Shape
from compare.studies.data import table_of
from compare.studies.ridgelet.circuit.whole import Whole
from quantum.tolerance import RotationCost

__all__ = ["MADE", "Listed", "Made", "MadeFound", "WaysSetting", "names_of"]


def _ways() -> Mapping[str, Any]:
    from quantum.names import ROTATION_WAYS

    return ROTATION_WAYS


WaysSetting = Annotated[
    tuple[str, ...],
    Each("way"),
    Names(_ways, "write the circuit with its rotations made so too, within --budget: together, measured, ..."),
]


@dataclass(frozen=True)
class Made(Whole):
    """One of the pieces, the way in which its rotations are made, and their error."""

    piece: str
    way: str
    budget: float


@dataclass(frozen=True)
class Listed:
    """Counts of a circuit as it is written; in feed-forward as if each block ran.

    Attributes
    ----------
    qubits, two_qubit, measurements
        Width, gates on two qubits, and measurements.
    t, rotations
        T gates, RZ by odd multiples of pi/4 among them, and RZ by no multiple of pi/4.
    conditioned
        Gates that wait for a measured value.
    """

    qubits: int
    two_qubit: int
    measurements: int
    t: int
    rotations: int
    conditioned: int


@dataclass(frozen=True)
class MadeFound:
    """A piece before its rotations are synthesized, and one run of it in Clifford and T gates.

    Attributes
    ----------
    cost
        T gates in the mean over runs, and the error that is spent.
    before, run
        Counts of both.
    before_qasm, run_qasm
        OpenQASM 3 of both: bytes, compressed by zlib.
    """

    cost: RotationCost
    before: Listed
    run: Listed
    before_qasm: Annotated[Array, Shape("text", of="u")]
    run_qasm: Annotated[Array, Shape("letters", of="u")]


def names_of(piece: str, way: str, budget: float) -> tuple[str, str]:
    """Return the names of the files of a piece: before its rotations are synthesized, and of one run."""
    stem = f"{piece}.{way}-{budget:g}"
    return f"{stem}.qasm", f"{stem}.run.qasm"


MADE = Kind("circuit/made", Made, MadeFound, "compare.studies.ridgelet.circuit.making:make", needs=table_of)
