"""Amplitude amplification: the good branch of a prepared state grows as sin((2t+1) theta) with t rounds.

Brassard, Hoyer, Mosca and Tapp 2000 (arXiv:quant-ph/0005055), sections 2 and 2.1. With p = sin^2(theta) the
probability of the good branch, a round turns the state by 2 theta towards it. A p of sin^2(pi/(2(2t+1))) ends at
exactly 1 after t rounds; a larger p is lowered to the next such value first.
"""

from collections.abc import Sequence

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import Gate
from qiskit.circuit.library import grover_operator
from qiskit.synthesis import synth_mcx_1_clean_kg24

from problems.errors import InputError, whole_number

__all__ = [
    "AmplitudeAmplification",
    "amplified_probability",
    "exact_probability",
    "exact_rounds",
    "paying_rounds",
    "zero_reflection",
]


def amplified_probability(probability: float, rounds: int) -> float:
    """Return sin^2((2t+1) theta), the good branch's probability after t rounds, where p = sin^2(theta).

    Brassard et al. 2000, section 2.

    Raises
    ------
    InputError
        If the probability is not in [0, 1], or the number of rounds is no whole number of at least 0.
    """
    if not 0 <= probability <= 1:
        raise InputError(f"probability = {probability} is none; give a number in [0, 1].")
    turns = 2 * whole_number("rounds", rounds, 0) + 1
    return float(np.sin(turns * np.arcsin(np.sqrt(probability))) ** 2)


def exact_probability(rounds: int) -> float:
    """Return sin^2(pi/(2(2t+1))), the largest probability that t rounds bring to 1.

    Raises
    ------
    InputError
        If the number of rounds is no whole number of at least 0.
    """
    return float(np.sin(np.pi / (4 * whole_number("rounds", rounds, 0) + 2)) ** 2)


def exact_rounds(probability: float) -> int:
    """Return the smallest t with `exact_probability(t)` <= p: the rounds to reach 1 from p, lowered to it.

    Raises
    ------
    InputError
        If the probability is not in (0, 1].
    """
    if not 0 < probability <= 1:
        raise InputError(f"No number of rounds brings a probability of {probability} to 1; give one in (0, 1].")
    # The allowance keeps rounding from adding a round where p is an exact value already.
    return max(0, int(np.ceil(np.pi / (4 * np.arcsin(np.sqrt(probability))) - 0.5 - 1e-12)))


def paying_rounds(probability: float) -> int:
    """Return the t that makes (2t + 1)/`amplified_probability(p, t)` least: preparations for one good outcome.

    It is 0, plain repetition, from p = (3 - sqrt 3)/4 = 0.317 on.

    Raises
    ------
    InputError
        If the probability is not in (0, 1].
    """
    most = exact_rounds(probability)
    # The least is near tan(a) = 2a for a = (2t + 1) theta, at a = 1.166, below the turning point pi/2.
    near = int(1.166 / (2 * np.arcsin(np.sqrt(probability))))
    candidates = sorted({min(max(t, 0), most) for t in range(near - 2, near + 3)} | {0})
    return min(candidates, key=lambda t: (2 * t + 1) / amplified_probability(probability, t))


class AmplitudeAmplification(Gate):
    """|0...0> -> Q^t A|0...0>, with A a preparation and Q = A (2|0><0| - 1) A^dagger Z_flag.

    Parameters
    ----------
    preparation
        The gate A. Its good branch is the one with the flag in |1>.
    flag
        The flag's place among the qubits of A.
    rounds
        The number of rounds t >= 0.
    scratch
        Qubits of A that are back in |0> after A^dagger Z_flag A (used by A, but emptied by A^dagger). The
        reflection about |0> leaves them out and borrows the first as its clean ancilla.

    Raises
    ------
    InputError
        If the flag or the scratch qubits are not among the qubits of A, the flag is scratch, or the number of
        rounds is no whole number of at least 0.

    Notes
    -----
    Registers: the qubits of A. On |0...0> the flag's probability to be 1 goes from p to
    `amplified_probability(p, t)`, and the good and the bad branch keep their shape. Decomposition: A, then t times
    Qiskit's `grover_operator`. Cost: 2t+1 times A, and t times a NOT with as many controls as there are qubits
    reflected, less one: with k >= 3 controls and a scratch qubit 6k - 6 two-qubit gates (Khattar and Gidney 2024,
    arXiv:2407.17966), without one what Qiskit's synthesis takes.
    """

    def __init__(self, preparation: Gate, flag: int, rounds: int, scratch: Sequence[int] = ()) -> None:
        num_qubits = preparation.num_qubits
        super().__init__("amplitude_amplification", num_qubits, [])
        if not {flag, *scratch} <= set(range(num_qubits)) or flag in scratch:
            raise InputError(
                f"flag = {flag} and scratch = {list(scratch)} must be different qubits among the {num_qubits} of "
                "the preparation, numbered from 0."
            )
        self.preparation, self.flag, self.scratch = preparation, flag, tuple(scratch)
        self.rounds = whole_number("rounds", rounds, 0)

    def _define(self) -> None:
        preparation = QuantumCircuit(self.num_qubits)
        preparation.append(self.preparation, preparation.qubits)
        oracle = QuantumCircuit(self.num_qubits)
        oracle.z(self.flag)
        reflected = [qubit for qubit in range(self.num_qubits) if qubit not in self.scratch]
        a_round = grover_operator(
            oracle,
            preparation,
            zero_reflection=zero_reflection(self.num_qubits, reflected, self.scratch),
            reflection_qubits=reflected,
        )
        self.definition = QuantumCircuit(self.num_qubits, name=self.name)
        self.definition.compose(preparation, inplace=True)
        for _ in range(self.rounds):
            self.definition.compose(a_round, inplace=True)


def zero_reflection(num_qubits: int, reflected: Sequence[int], scratch: Sequence[int]) -> QuantumCircuit | None:
    """Return 1 - 2|0><0| with a clean ancilla; None where Qiskit's own, which knows of none, is as good.

    Parameters
    ----------
    num_qubits
        The width of the circuit.
    reflected
        The qubits whose |0...0> gets the sign -1.
    scratch
        Qubits in |0>, of which the first is borrowed.
    """
    *controls, target = reflected
    if not scratch or len(controls) < 3:
        return None
    circuit = QuantumCircuit(num_qubits)
    circuit.x(reflected)
    circuit.h(target)
    circuit.compose(synth_mcx_1_clean_kg24(len(controls)), [*controls, target, scratch[0]], inplace=True)
    circuit.h(target)
    circuit.x(reflected)
    return circuit
