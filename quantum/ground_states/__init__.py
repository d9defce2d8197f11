"""Ground states by circuits: dense, shared and sparse ones, with exact gradients, by shots and under noise.

The paper that the study is about (Barton et al., arXiv:2505.22734) has no circuits; what stands here is the quantum
counterpart of its sparse networks. A new family of circuits is one new file with `circuit(angles)` and `fit`.
"""

from quantum.ground_states.adapt import AdaptResult, adapt
from quantum.ground_states.costs import CircuitCost, circuit_cost
from quantum.ground_states.fitting import Fitted
from quantum.ground_states.hamiltonian import HamiltonianAnsatz
from quantum.ground_states.noise import NoisyEnergy, noisy_energy
from quantum.ground_states.pruning import (
    ARMS,
    ArmsRound,
    PrunedRound,
    bonds_covered,
    four_arms,
    prune_rotations,
    random_mask,
    rounds_of,
    train_arm,
)
from quantum.ground_states.rotations import RotationCircuit
from quantum.ground_states.settings import (
    SETTINGS,
    MeasuredEnergy,
    energy_of_bits,
    measure_energy,
    setting_circuit,
    setting_energies,
    setting_variances,
    shots_for_error,
)
from quantum.ground_states.stabilizers import noisy_clifford_energy
from quantum.ground_states.tickets import disjoint_gain, disjoint_ticket
from quantum.ground_states.toric import toric_circuit

__all__ = [
    "ARMS",
    "SETTINGS",
    "AdaptResult",
    "ArmsRound",
    "CircuitCost",
    "Fitted",
    "HamiltonianAnsatz",
    "MeasuredEnergy",
    "NoisyEnergy",
    "PrunedRound",
    "RotationCircuit",
    "adapt",
    "bonds_covered",
    "circuit_cost",
    "disjoint_gain",
    "disjoint_ticket",
    "energy_of_bits",
    "four_arms",
    "measure_energy",
    "noisy_clifford_energy",
    "noisy_energy",
    "prune_rotations",
    "random_mask",
    "rounds_of",
    "setting_circuit",
    "setting_energies",
    "setting_variances",
    "shots_for_error",
    "toric_circuit",
    "train_arm",
]
