"""Mixers of QAOA: what they do to a state, its gradient, and their operators for the circuit."""

from collections.abc import Callable
from itertools import combinations
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.quantum_info import SparsePauliOp
from scipy.linalg import hadamard

from problems.errors import choose
from quantum.neuron_selection.qaoa.graph import independent_sets, neighbors

__all__ = ["MIXERS", "Mixer", "NeighborhoodMixer", "State", "XMixer", "mixer_named"]

State = NDArray[np.complex128]
"""Amplitudes of the masks that a mixer reaches, last axis."""


TOGETHER = 5
"""Hadamards on so many neurons are one matrix."""


class Mixer(Protocol):
    """A mixer U(beta) on the masks that it reaches from its start."""

    @property
    def masks(self) -> NDArray[np.int64] | slice:
        """The masks reached, of all 2^N."""
        ...

    def start(self) -> State:
        """Return the state before the first layer."""
        ...

    def forward(self, state: State, beta: float) -> State:
        """Return U(beta) applied to a state, which may be overwritten."""
        ...

    def backward(self, pair: State, beta: float) -> tuple[State, float]:
        """Undo U(beta) on a state and its dual, shape (2, n), and return 2 Re <dual| dU/dbeta U^-1 |state> as well."""
        ...

    def operator(self) -> SparsePauliOp:
        """Return B, whose terms are exponentiated in their order: U(beta) = ... exp(-i beta B_1) exp(-i beta B_0)."""
        ...

    def initial(self) -> QuantumCircuit | None:
        """Return the preparation of the start; None for Hadamards."""
        ...


class XMixer:
    """exp(-i beta sum_a X_a) from |s>: it reaches all masks (Farhi et al. 2014, arXiv:1411.4028).

    Parameters
    ----------
    problem
        Has the number of neurons.
    """

    masks = slice(None)

    def __init__(self, problem: Any) -> None:
        self.neurons = problem.neurons
        ones = np.zeros(1, dtype=np.int64)
        for _ in range(self.neurons):
            ones = np.concatenate([ones, ones + 1])
        self.eigenvalues = (self.neurons - 2 * ones).astype(float)
        """Eigenvalues of sum_a X_a, in the Hadamard basis."""
        sizes = [len(part) for part in np.array_split(np.arange(self.neurons), -(-self.neurons // TOGETHER))]
        self.hadamards = [hadamard(1 << size) / 2 ** (size / 2) for size in sizes]

    def start(self) -> State:
        """Return |s> = 2^(-N/2) sum_m |m>."""
        return np.full(1 << self.neurons, 2 ** (-self.neurons / 2), dtype=complex)

    def forward(self, state: State, beta: float) -> State:
        """Return U(beta) applied to a state, which may be overwritten."""
        turned = self._hadamard(state) * np.exp(-1j * beta * self.eigenvalues)
        return self._hadamard(turned)

    def backward(self, pair: State, beta: float) -> tuple[State, float]:
        """Undo U(beta) on a state and its dual; see `Mixer.backward`."""
        turned = np.stack([self._hadamard(state) for state in pair])
        slope = 2 * float(np.sum(np.imag(np.conj(turned[1]) * turned[0]) * self.eigenvalues))
        turned *= np.exp(1j * beta * self.eigenvalues)
        return np.stack([self._hadamard(state) for state in turned]), slope

    def operator(self) -> SparsePauliOp:
        """Return sum_a X_a."""
        return SparsePauliOp.from_sparse_list([("X", [a], 1.0) for a in range(self.neurons)], self.neurons)

    def initial(self) -> None:
        """Return None: Hadamards prepare the start."""

    def _hadamard(self, state: State) -> State:
        """Return H on all neurons, a few at a time: each product moves them behind the others."""
        for some in self.hadamards:
            rows = np.ascontiguousarray(state).reshape(len(some), -1)
            state = (some @ rows.view(float)).view(complex).T.reshape(-1)
        return state


class NeighborhoodMixer:
    """The paper's mixer, from |0...0>: X_a acts only where all neighbors of a are off.

    Whitaker, arXiv:2302.05984, after Hadfield et al. 2019 (arXiv:1709.03489). U(beta) = prod_a
    exp(-i beta X_a P_a), P_a the projector on masks with all neighbors of a off, a = 0 acting first: every factor is a
    rotation with controls, so that the circuit leaves the independent sets of the graph as little as the sum would.

    Parameters
    ----------
    problem
        Has the graph; see `neighbors`.

    Raises
    ------
    InputError
        If it has more than 28 neurons.
    """

    def __init__(self, problem: Any) -> None:
        self.adjacent = neighbors(problem)
        self.masks = independent_sets(self.adjacent)
        # Of each neuron, where it may act: the reached masks without it, and those with it.
        self.places = []
        for a in range(len(self.adjacent)):
            having = np.flatnonzero(self.masks >> a & 1)
            self.places.append((np.searchsorted(self.masks, self.masks[having] ^ 1 << a), having))

    def start(self) -> State:
        """Return |0...0>."""
        state = np.zeros(len(self.masks), dtype=complex)
        state[0] = 1
        return state

    def forward(self, state: State, beta: float) -> State:
        """Return U(beta) applied to a state, which is overwritten."""
        for place in self.places:
            _rotate(state, place, beta)
        return state

    def backward(self, pair: State, beta: float) -> tuple[State, float]:
        """Undo U(beta) on a state and its dual; see `Mixer.backward`."""
        slope = 0.0
        for off, on in reversed(self.places):
            slope += 2 * float(np.imag(np.vdot(pair[1, off], pair[0, on]) + np.vdot(pair[1, on], pair[0, off])))
            _rotate(pair, (off, on), -beta)
        return pair, slope

    def operator(self) -> SparsePauliOp:
        """Return sum_a X_a P_a, with P_a = prod_b (1 + Z_b)/2 multiplied out: 2^(neighbors) terms a neuron."""
        terms = []
        for a, row in enumerate(self.adjacent):
            around = np.flatnonzero(row).tolist()
            subsets = [group for size in range(len(around) + 1) for group in combinations(around, size)]
            terms += [("X" + "Z" * len(group), [a, *group], 1 / len(subsets)) for group in subsets]
        return SparsePauliOp.from_sparse_list(terms, len(self.adjacent))

    def initial(self) -> QuantumCircuit:
        """Return a circuit without gates, which leaves |0...0>."""
        return QuantumCircuit(len(self.adjacent))


MIXERS: dict[str, Callable[[Any], Mixer]] = {"x": XMixer, "neighborhood": NeighborhoodMixer}
"""Mixers by name."""


def mixer_named(name: str, problem: Any) -> Mixer:
    """Return a mixer of `MIXERS` for a problem.

    Raises
    ------
    InputError
        If there is no such mixer, or the problem is too large for it.
    """
    return choose("mixer", name, MIXERS)(problem)


def _rotate(state: State, place: tuple[NDArray[np.int64], NDArray[np.int64]], beta: float) -> None:
    off, on = place
    before, after = state[..., off], state[..., on]
    state[..., off] = np.cos(beta) * before - 1j * np.sin(beta) * after
    state[..., on] = np.cos(beta) * after - 1j * np.sin(beta) * before
