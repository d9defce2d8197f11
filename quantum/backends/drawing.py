"""Probabilistic error cancellation by circuits that any service takes: each drawn here, whole, and run as it is.

The noise is that of `quantum.backends.cancellation`: each two-qubit gate is depolarizing, of the error that the
calibration states. Its inverse leaves the pair alone or follows the gate by one of 15 Pauli operators, whose weight is
negative (Temme, Bravyi, Gambetta 2017, PRL 119:180509). Gates are not twirled: that would take circuits of its own.

The circuit without any random gate is by far the most likely, so it is not left to chance: it runs once, with its exact
probability, and the others are drawn of those that have some. So a few dozen jobs do what takes hundreds otherwise.
(`cancellation` draws on IBM's own programs, which one job holds all of, and which no other service takes.)
"""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, generate_preset_pass_manager
from qiskit.circuit import Operation
from qiskit.transpiler import Target

from problems.errors import InputError
from quantum.backends.cancellation import PAULIS, check_gamma, known_errors

__all__ = ["Drawn", "RandomGates", "canceled_mean", "share_of_shots"]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A circuit with random gates.

    Attributes
    ----------
    circuit
        In the device's gates, on its qubits.
    paulis
        How many of its two-qubit gates are followed by random ones.
    sign
        The sign with which its average counts: -1 for each of them.
    """

    circuit: QuantumCircuit
    paulis: int
    sign: int


@dataclass(frozen=True, eq=False)
class RandomGates:
    """The random gates of a circuit: where they may stand, and how likely.

    Attributes
    ----------
    circuit, target
        In the device's gates, on its qubits; the device's calibration.
    places
        The numbers of the two-qubit gates among the circuit's instructions.
    intact
        For each the probability that no random gate follows: shape (gates,).
    gamma
        The factor of the signed average.
    """

    circuit: QuantumCircuit
    target: Target
    places: tuple[int, ...]
    intact: NDArray[np.float64]
    gamma: float
    _gates: dict[tuple[str, int], list[Operation]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, circuit: QuantumCircuit, target: Target) -> Self:
        """Return the random gates that undo a circuit's noise on average.

        With lambda = 4/3 of a gate's error the weights of the inverse are (1 + 15/(1 - lambda))/16 for the pair as it
        is, and (1 - 1/(1 - lambda))/16 < 0 for each of the 15.

        Parameters
        ----------
        circuit
            In a device's gates, on its qubits.
        target
            The device's description, with the errors of its two-qubit gates.

        Raises
        ------
        InputError
            If the error of a two-qubit gate is not stated, or so large that gamma is beyond 100; there is nothing to
            cancel; or outcomes are fed forward.
        """
        if circuit.has_control_flow_op():
            raise InputError("Gates within feed-forward have no errors canceled; leave feed-forward or pec out.")
        errors = known_errors(circuit, target)
        places, found = [], []
        for place, one in enumerate(circuit.data):
            if len(one.qubits) == 2 and one.name != "barrier":
                first, second = (circuit.find_bit(qubit).index for qubit in one.qubits)
                places.append(place)
                found.append(errors[min(first, second), max(first, second)])
        kept = 1 - 4 * np.array(found) / 3
        alone, negative = (1 + 15 / kept) / 16, 15 * (1 / kept - 1) / 16
        gamma = float(np.prod(alone + negative))
        if gamma == 1:
            raise InputError(
                "No two-qubit gate of the circuit has an error by the calibration, and nothing is canceled; leave pec "
                "out."
            )
        check_gamma(gamma, len(errors))
        return cls(circuit, target, tuple(places), alone / (alone + negative), gamma)

    @property
    def plain(self) -> float:
        """The probability that no gate is followed by any."""
        return float(np.prod(self.intact))

    def draw(self, count: int, rng: np.random.Generator) -> list[Drawn]:
        """Draw circuits, each of those that have at least one random gate, by their probabilities.

        Parameters
        ----------
        count
            How many.
        rng
            Draws them.
        """
        return [self.followed(self.chosen(rng)) for _ in range(count)]

    def chosen(self, rng: np.random.Generator) -> dict[int, str]:
        """Draw where random gates stand, at least one, and which: by the numbers of the gates' instructions."""
        first = np.concatenate([[1.0], np.cumprod(self.intact)[:-1]]) * (1 - self.intact)
        start = int(rng.choice(len(first), p=first / first.sum()))  # the first gate that one follows
        hit = rng.random(len(first)) >= self.intact
        hit[:start], hit[start] = False, True
        which = rng.integers(len(PAULIS), size=len(first))
        return {self.places[gate]: PAULIS[which[gate]] for gate in np.flatnonzero(hit)}

    def followed(self, paulis: dict[int, str]) -> Drawn:
        """Return the circuit with Pauli operators after some gates.

        Parameters
        ----------
        paulis
            By the number of the gate's instruction: two letters of I, X, Y and Z, of its first and second qubit.
        """
        made = self.circuit.copy_empty_like()
        for place, one in enumerate(self.circuit.data):
            made.append(one.operation, one.qubits, one.clbits)
            for letter, qubit in zip(paulis.get(place, ""), one.qubits, strict=False):
                if letter != "I":
                    for gate in self._native(letter, self.circuit.find_bit(qubit).index):
                        made.append(gate, [qubit])
        made._layout = self.circuit.layout
        return Drawn(made, len(paulis), (-1) ** len(paulis))

    def _native(self, letter: str, qubit: int) -> list[Operation]:
        """Return a Pauli operator in the device's own gates, up to a phase."""
        if (letter, qubit) not in self._gates:
            one = QuantumCircuit(1)
            getattr(one, letter.lower())(0)
            passes = generate_preset_pass_manager(
                optimization_level=1, target=self.target, initial_layout=[qubit], seed_transpiler=0
            )
            self._gates[letter, qubit] = [found.operation for found in passes.run(one).data]
        return self._gates[letter, qubit]


def share_of_shots(shots: int, plain: float, count: int) -> tuple[int, int]:
    """Return the shots of the circuit without random gates, and of each of those that have some.

    Parameters
    ----------
    shots
        Of all together.
    plain
        The probability of the first.
    count
        How many others there are.

    Raises
    ------
    InputError
        If there are too few shots for so many circuits.
    """
    if shots < count + 2:
        raise InputError(
            f"shots = {shots} do not go round {count} circuits with random gates and one without; take more shots, or "
            "fewer circuits (--pec-circuits)."
        )
    each = min(max(1, round((1 - plain) * shots / count)), (shots - 2) // count)
    return shots - each * count, each


def canceled_mean(
    plain: NDArray[np.float64], means: NDArray[np.float64], signs: NDArray[np.float64], gamma: float, probability: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return signed averages, shape (observables,), and the standard errors of their two parts, (2, observables).

    gamma (p m_0 + (1 - p) mean_k s_k m_k): stratified by whether there is any random gate. The error of the second part
    is by the spread of its circuits, as shots of one share its sign. They may be few, so that the two errors, which are
    independent, are known to different degrees.

    Parameters
    ----------
    plain
        Values at the shots of the circuit without random gates: shape (observables, shots).
    means, signs
        Mean values of the others, shape (observables, circuits), and their signs, (circuits,).
    gamma, probability
        The factor, and the probability p of the first.
    """
    other = 1 - probability
    signed = means * signs
    values = gamma * (probability * plain.mean(axis=1) + other * signed.mean(axis=1))
    parts = ((probability, plain), (other, signed))
    errors = [gamma * weight * some.std(axis=1, ddof=1) / np.sqrt(some.shape[1]) for weight, some in parts]
    return values, np.array(errors)
