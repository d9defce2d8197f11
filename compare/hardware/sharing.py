"""Jobs that several circuits share: the region of each on the device, and the one circuit that is submitted for all."""

from collections.abc import Sequence
from dataclasses import dataclass

from qiskit import QuantumCircuit
from qiskit.transpiler import Target

from compare.hardware.at_once import AtOnce
from quantum.backends.fitting import FittedCircuit
from quantum.backends.regions import Region, place_circuits
from quantum.backends.together import together

__all__ = ["SharedJob", "composed", "register_of", "share"]


@dataclass(frozen=True, eq=False)
class SharedJob:
    """A circuit's place in a job that it shares.

    Attributes
    ----------
    lead
        The number of the first circuit of the job.
    register
        The circuit's own classical register in the job's circuit.
    region
        Where it stands.
    buffer
        Unused qubits between any two circuits of the job, at least.
    """

    lead: int
    register: str
    region: Region
    buffer: int


def share(
    numbers: Sequence[int], circuits: Sequence[QuantumCircuit], target: Target, backend: str, at_once: AtOnce
) -> list[SharedJob]:
    """Give each circuit of a job its region, or refuse the job.

    Raises
    ------
    InputError
        See `quantum.backends.regions.place_circuits`.
    """
    regions = None if at_once.regions is None else at_once.regions[: len(circuits)]
    placed = place_circuits(circuits, target, backend, at_once.buffer, regions)
    return [
        SharedJob(numbers[0], register_of(number), region, at_once.buffer)
        for number, region in zip(numbers, placed, strict=True)
    ]


def register_of(number: int) -> str:
    """Return the name of a circuit's own register in the circuit of a job that it shares."""
    return f"circuit_{number:03}"


def composed(fitted: Sequence[FittedCircuit], shared: Sequence[SharedJob]) -> QuantumCircuit:
    """Return the one circuit of a job: all its circuits, each in its region."""
    return together([one.circuit for one in fitted], [one.register for one in shared])
