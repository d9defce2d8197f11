"""The further circuits of a run whose expectation values are mitigated: folded ones, and ones with random gates."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from qiskit import QuantumCircuit
from qiskit.transpiler import Target

from compare.hardware.arm import Arm
from compare.hardware.mitigation import Mitigation
from compare.hardware.payload import Built, find_kind
from problems.errors import InputError
from problems.seeds import integer_seed, named
from quantum.backends.drawing import RandomGates, share_of_shots
from quantum.backends.fitting import FittedCircuit, expect
from quantum.backends.folding import fold
from quantum.backends.readout import ReadoutErrors

if TYPE_CHECKING:
    from compare.hardware.plan import PlannedJob

__all__ = ["Family", "arms_of", "check_arms"]


@dataclass(frozen=True, eq=False)
class Family:
    """A circuit whose expectation values are mitigated, and all that its further circuits are made from.

    Attributes
    ----------
    mitigation
        The ways that are ordered.
    fitted
        The circuit on the device, before its gates get the names of the vendor's.
    target
        The device's calibration.
    recorded
        The circuit that a fitted one becomes before it is recorded, as of `quantum.backends.adapter.RemoteDevice`.
    """

    mitigation: Mitigation
    fitted: FittedCircuit
    target: Target
    recorded: Callable[[QuantumCircuit], QuantumCircuit]


def check_arms(mitigation: Mitigation, built: Built, fitted: FittedCircuit, target: Target, shots: int) -> None:
    """Refuse expectation values that cannot be estimated in the ways that are ordered, before anything is written.

    Raises
    ------
    InputError
        If what is measured is no expectation or has too many bits, an error is not stated, a gate is not folded, or
        there are too few shots.
    """
    if shots < 2:
        raise InputError("shots = 1 have no spread, and an average of them no interval; take more, or no --mitigation.")
    find_kind(built.payload.kind).observables(built.payload, fitted.circuit.num_clbits)
    if set(mitigation.ways) - {"raw"}:
        ReadoutErrors.from_target(fitted.circuit, target)
    if "zne" in mitigation.ways:
        if shots < 2 * len(mitigation.factors):
            raise InputError(
                f"shots = {shots} do not go round {len(mitigation.factors)} folded circuits; take more shots, or fewer "
                "factors."
            )
        fold(fitted.circuit, max(mitigation.factors))
    if "pec" in mitigation.ways:
        share_of_shots(shots, RandomGates.of(fitted.circuit, target).plain, mitigation.pec_circuits)


def arms_of(job: "PlannedJob", name: str, family: Family) -> Iterator["PlannedJob"]:
    """Yield the further circuits of a job, each to be run as it is; every way has as many shots as the job.

    Parameters
    ----------
    job
        The job, whose seed theirs are derived from.
    name
        The name by which errors call it.
    family
        Its circuit, and what is ordered of it.
    """
    ways = family.mitigation.ways
    made = [
        *(_folded(family, job.shots, name) if "zne" in ways else ()),
        *(_random(family, job, name) if "pec" in ways else ()),
    ]
    for number, (arm, shots, circuit) in enumerate(made):
        fitted = expect(circuit, family.target, family.fitted.seed)
        fitted = replace(fitted, circuit=family.recorded(fitted.circuit))
        payload = replace(job.payload, description=f"{job.payload.description}; {arm.told}")
        seed = integer_seed(named("arm", seed=job.seed, way=arm.way, number=number))
        yield replace(job, payload=payload, circuit=fitted.circuit, fitted=fitted, shots=shots, seed=seed, arm=arm)


Made = tuple[Arm, int, QuantumCircuit]


def _folded(family: Family, shots: int, name: str) -> Iterator[Made]:
    """Yield the circuit at every factor, with a share of the shots each."""
    factors: Sequence[int] = family.mitigation.factors
    share, rest = divmod(shots, len(factors))
    for place, factor in enumerate(factors):
        own = share + (rest if place == 0 else 0)
        yield Arm(way="zne", of=name, factor=factor), own, fold(family.fitted.circuit, factor)


def _random(family: Family, job: "PlannedJob", name: str) -> Iterator[Made]:
    """Yield the circuit without random gates, and those with some."""
    gates = RandomGates.of(family.fitted.circuit, family.target)
    count = family.mitigation.pec_circuits
    first, each = share_of_shots(job.shots, gates.plain, count)
    without = Arm(way="pec", of=name, gamma=gates.gamma, plain=gates.plain)
    yield without, first, family.fitted.circuit
    rng = np.random.default_rng(named("random gates", seed=job.seed))
    for drawn in gates.draw(count, rng):
        yield msgspec.structs.replace(without, sign=drawn.sign, paulis=drawn.paulis), each, drawn.circuit
