"""Rotation circuits pruned and controlled, and tickets of few gates with a device's noise or on a device."""

from typing import Any, cast, get_args

import numpy as np
from numpy.typing import NDArray

from compare.engine import Inputs, Seeds
from compare.hardware.payload import Ordered
from compare.studies.ground_states.jobs import energy_payload
from compare.studies.ground_states.lattices import MODELS, made
from compare.studies.ground_states.records import (
    Circuit,
    CircuitArm,
    Ground,
    Noise,
    Noisy,
    Pruning,
    Shots,
)
from problems.errors import InputError, choose
from problems.ground_states import IsingModel, ToricCode
from quantum.ground_states import (
    HamiltonianAnsatz,
    RotationCircuit,
    adapt,
    bonds_covered,
    disjoint_ticket,
    noisy_clifford_energy,
    noisy_energy,
    prune_rotations,
    toric_circuit,
)
from quantum.ground_states import train_arm as train_mask
from quantum.ground_states.engine import RealEngine
from quantum.ground_states.pruning import Rewind
from quantum.ground_states.rotations import rotation_circuit

__all__ = ["measure_noisy", "order", "prune_circuit", "train_circuit"]

GROWN = {"grown-half": 0.5, "grown-whole": 1.0}
"""Gates of ADAPT a site."""

DRAWN = ("lattice", "p", "seed")
"""Settings on which first angles depend."""


def prune_circuit(task: Circuit, seeds: Seeds, inputs: Inputs) -> Pruning:
    """Prune a rotation circuit gate by gate."""
    circuit = RotationCircuit(made(task), task.p)
    rewind = cast(Rewind, choose("rewinding", task.rewind, {name: name for name in get_args(Rewind)}))
    rounds = prune_rotations(circuit, seeds("angles", by=DRAWN), rewind, task.least)
    return Pruning(
        tuple(one.gates for one in rounds),
        tuple(one.fitted.error for one in rounds),
        tuple(one.overlap for one in rounds),
        tuple(bonds_covered(circuit, one.mask) for one in rounds),
        np.stack([one.mask for one in rounds]),
    )


def train_circuit(task: CircuitArm, seeds: Seeds, inputs: Inputs) -> Ground:
    """Train the masks of all rounds, or random ones as large, in isolation."""
    circuit = RotationCircuit(made(task), task.p)
    masks, initial = inputs["circuit"][0].array("masks"), circuit.start(seeds("angles", by=DRAWN))
    errors = [
        train_mask(circuit, task.arm, mask, initial, seeds("arm", by=(*DRAWN, "arm"), round=number)).error
        for number, mask in enumerate(masks)
    ]
    return Ground(tuple(int(mask.sum()) for mask in masks), tuple(errors))


def measure_noisy(task: Noise, seeds: Seeds, inputs: Inputs) -> Noisy:
    """Find a ticket's energy with the noise of a snapshot, and that of |+>^N on the same qubits.

    Raises
    ------
    InputError
        If there is no such ticket or snapshot.
    """
    model = made(task)
    if isinstance(model, ToricCode):
        found = noisy_clifford_energy(toric_circuit(model), model, task.device)
        ideal = 0.0
    else:
        name, angles, gates = _ticket(task.ticket, model)
        if name == "hamiltonian":
            ansatz = HamiltonianAnsatz(model, angles.size // 2)
            circuit, ideal = ansatz.circuit(angles), ansatz.error(angles)
        else:
            circuit = rotation_circuit(model.sites, list(zip(angles.tolist(), gates.tolist(), strict=True)), short=True)
            ideal = model.relative_error(RealEngine(model).energy(angles, gates))
        found = noisy_energy(circuit, model, task.device)
    errors = found.error, found.error_of_product, found.unread, found.unread_of_product
    return Noisy(ideal, *errors, found.two_qubit_gates)


def order(task: Shots, seeds: Seeds, inputs: Inputs) -> Ordered:
    """Say what a device is to run for one setting of a ticket's energy.

    Raises
    ------
    InputError
        If there is no such ticket.
    """
    model = made(task)
    circuit, angles, gates = ("toric", np.zeros(0), np.zeros((0, 2), dtype=np.int64))
    if isinstance(model, IsingModel):
        circuit, angles, gates = _ticket(task.ticket, model)
    told = f"{MODELS[task.model]}: {task.ticket}"
    payload = energy_payload(model, task.setting, circuit, angles, gates, told)  # type: ignore[arg-type]
    return Ordered(payload, task.shots, seeds("shots", by=("lattice", "ticket", "setting", "seed")))


def _ticket(name: str, model: Any) -> tuple[str, NDArray[np.float64], NDArray[np.int64]]:
    """Return the family of a ticket's circuit, its angles and its gates; "none" is |+>^N."""
    if name == "none":
        return "rotations", np.zeros(0), np.zeros((0, 2), dtype=np.int64)
    if name == "hva":
        return "hamiltonian", HamiltonianAnsatz(model, 1).optimize().angles, np.zeros((0, 2), dtype=np.int64)
    if name in GROWN:
        grown = adapt(model, max(1, int(GROWN[name] * model.sites)))
        return "rotations", grown.fitted.angles, grown.gates
    circuit = RotationCircuit(model, 1)
    if name == "layer":
        mask = np.arange(circuit.parameters) < len(model.bonds)
        angles = circuit.fit(circuit.start(0), mask).angles  # every start leads to the same minimum
    elif name in ("1-gate", "all-disjoint"):
        angles, mask = disjoint_ticket(circuit, 1 if name == "1-gate" else model.sites // 2)
    else:
        raise InputError(f"There is no ticket {name!r}; give a name in TICKETS.")
    return "rotations", angles[mask], circuit.gates[mask]
