"""The work of circuits for fault-tolerant machines, and what machines it takes, as plain data known without Qiskit.

`quantum.resources` counts and estimates them; records and reports hold them.
"""

from dataclasses import dataclass
from typing import Self

__all__ = ["Estimate", "LogicalCounts", "PhysicalEstimate", "RotationCost"]


@dataclass(frozen=True)
class LogicalCounts:
    """The work of a circuit in error correction; Clifford gates are not counted.

    Attributes
    ----------
    qubits
        Width.
    t
        T gates that stand in the circuit, rotations not among them.
    ccz
        Toffoli gates, and CCZ.
    ands
        ANDs that are taken back by measurement.
    rotations, rotation_depth
        Rotations by no multiple of pi/4, and how many of them are on the longest path.
    measurements
        Their number.
    conditioned
        How many T gates, Toffoli gates and rotations wait for a measured value: no estimator takes such.
    """

    qubits: int
    t: int
    ccz: int
    ands: int
    rotations: int
    rotation_depth: int
    measurements: int
    conditioned: int

    def beside(self, other: "LogicalCounts") -> Self:
        """Return the counts of both, one after the other, on the qubits of the larger."""
        added = {name: getattr(self, name) + getattr(other, name) for name in LogicalCounts.__dataclass_fields__}
        return type(self)(**(added | {"qubits": max(self.qubits, other.qubits)}))


@dataclass(frozen=True)
class RotationCost:
    """The cost of a circuit in Clifford and T gates, its rotations made in one way.

    Attributes
    ----------
    way
        A name in `quantum.names.ROTATION_WAYS`.
    qubits, ancillas
        Width, and how many of these qubits are there for the rotations alone.
    t, t_depth
        T gates in the mean over runs, rounded up, and those on the longest path of one run.
    ands
        ANDs among them, each of 4 T, and 4 more to take it back where it is not measured away.
    rotations, angles
        Rotations that are synthesized, and how many different ones.
    measurements
        On the way, of ANDs.
    error
        Half the diamond distances of all rotations, added up: the total variation of what is measured is at most that.
    """

    way: str
    qubits: int
    ancillas: int
    t: int
    t_depth: int
    ands: int
    rotations: int
    angles: int
    measurements: int
    error: float


@dataclass(frozen=True)
class Estimate:
    """A machine that an estimator found for a circuit.

    Attributes
    ----------
    scheme
        The code.
    logical_error, t_error, rotation_error
        The error budget, split among the code, distilled T states and synthesized rotations.
    qubits, seconds
        Physical qubits, and the time of one run.
    cycle
        Seconds of a logical cycle.
    distance
        The code's.
    logical_qubits, logical_depth
        Qubits once laid out, and logical cycles.
    t_states, t_per_rotation
        T states in all, and what each rotation takes of them; 0 without rotations.
    factories, factory_qubits
        T factories, and their physical qubits together.
    """

    scheme: str
    logical_error: float
    t_error: float
    rotation_error: float
    qubits: int
    seconds: float
    cycle: float
    distance: int
    logical_qubits: int
    logical_depth: int
    t_states: int
    t_per_rotation: int
    factories: int
    factory_qubits: int


@dataclass(frozen=True)
class PhysicalEstimate(Estimate):
    """A machine that an estimator found, with the qubits that it is made of; see `Estimate`.

    Attributes
    ----------
    model
        A name in `quantum.names.QUBIT_MODELS`.
    """

    model: str
