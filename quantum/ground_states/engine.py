"""Circuits of rotations exp(-i theta Y_i Z_j) on |+>^N as real state vectors, with exact gradients.

-i Y_i Z_j is a real matrix, so no amplitude ever leaves the real line. The gradient is the adjoint one: the gates are
undone one by one on the state and on H times the state, which costs as much as two more energies, whatever the number
of angles (Jones and Gacon 2020, arXiv:2009.02823).
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.compiling import why_not_compiled
from problems.errors import InputError
from problems.memory import require_memory

__all__ = ["RealEngine", "State", "check_bonds", "check_state", "turned", "undone"]

State = NDArray[np.float64]
"""Real amplitudes, shape (2^N,): bit k of the index is qubit k."""

MOST_SITES = 26
"""Above it a single energy takes minutes."""


def check_bonds(model: Any) -> None:
    """Refuse what has no bonds for two-qubit rotations to sit on.

    Raises
    ------
    InputError
        If the model has none.
    """
    if not len(getattr(model, "bonds", ())):
        raise InputError(f"{model!r} has no bonds for rotations to sit on; give an IsingModel of at least two sites.")


def check_state(model: Any) -> None:
    """Refuse a model whose state vector takes too long or does not fit in memory, before anything is allocated.

    Raises
    ------
    InputError
        If it is too large.
    """
    if model.sites > MOST_SITES:
        raise InputError(
            f"{model.sites} sites have 2^{model.sites} amplitudes; give at most {MOST_SITES} sites, or measure the "
            "circuit on a device."
        )
    # State, dual and two copies under way, and the sparse matrix: N + 1 entries a row, of 12 bytes.
    require_memory(
        (4 * 16 + 12 * (model.sites + 1)) << model.sites,
        f"A state vector of {model.sites} sites with its Hamiltonian",
        "take a smaller lattice",
    )


class RealEngine:
    """Energies and gradients of rotations on the |+> state of a model.

    Parameters
    ----------
    model
        Has `sites`, `bonds` and `matrix()`, which is real.

    Raises
    ------
    InputError
        If it has no bonds, or its state does not fit in memory.
    """

    def __init__(self, model: Any) -> None:
        check_bonds(model)
        check_state(model)
        self.sites: int = model.sites
        self.matrix = model.matrix()

    def state(self, angles: ArrayLike, gates: NDArray[np.int64]) -> State:
        """Return the state after all gates.

        Parameters
        ----------
        angles
            theta of each gate, in radians, shape (G,).
        gates
            Qubit i of Y and qubit j of Z of each gate, shape (G, 2), the first gate first.

        Raises
        ------
        InputError
            If the angles have another shape or one is not finite.
        """
        return self._state(_checked(angles, gates), gates)

    def energy(self, angles: ArrayLike, gates: NDArray[np.int64]) -> float:
        """Return <H>; see `state`."""
        state = self.state(angles, gates)
        return float(state @ (self.matrix @ state))

    def gradient(self, angles: ArrayLike, gates: NDArray[np.int64]) -> tuple[float, NDArray[np.float64]]:
        """Return <H> and its derivatives by all angles, shape (G,), exactly; see `state`."""
        given = _checked(angles, gates)
        state = self._state(given, gates)
        dual = self.matrix @ state
        energy = float(state @ dual)
        if why_not_compiled() is not None:
            return energy, undone(state, dual, given, gates)
        from quantum.ground_states.kernels import undo

        slopes = np.empty(len(given))
        undo(state, dual, given, gates, slopes)
        return energy, slopes

    def pulls(self, state: State, pool: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return dE/dtheta at theta = 0 of each gate of a pool, shape (P, 2), put behind a state; shape (P,)."""
        dual = self.matrix @ state
        return np.array([_slope(state, dual, *gate) for gate in pool.tolist()])

    def _state(self, angles: NDArray[np.float64], gates: NDArray[np.int64]) -> State:
        start = np.full(1 << self.sites, 2 ** (-self.sites / 2))
        if why_not_compiled() is not None:
            return turned(start, angles, gates)
        from quantum.ground_states.kernels import turn

        turn(start, angles, gates)
        return start


def turned(state: State, angles: NDArray[np.float64], gates: NDArray[np.int64]) -> State:
    """Return a state after all gates, in NumPy: the reference of the compiled code, and its stand-in."""
    for angle, (target, control) in zip(angles.tolist(), gates.tolist(), strict=True):
        state = np.cos(angle) * state + np.sin(angle) * _generated(state, target, control)
    return state


def undone(state: State, dual: State, angles: NDArray[np.float64], gates: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return dE/dtheta, shape (G,), of psi and H psi after all gates, in NumPy; see `turned`."""
    slopes = np.empty(len(angles))
    for k in range(len(angles) - 1, -1, -1):
        slopes[k] = _slope(state, dual, *gates[k].tolist())
        state, dual = (turned(one, -angles[k : k + 1], gates[k : k + 1]) for one in (state, dual))
    return slopes


def _generated(state: State, target: int, control: int) -> State:
    """Return -i Y_target Z_control times a state."""
    index = np.arange(len(state))
    signs = 1.0 - 2 * (index >> control & 1)
    return np.where(index >> target & 1, signs, -signs) * state[index ^ 1 << target]


def _slope(state: State, dual: State, target: int, control: int) -> float:
    return 2 * float(dual @ _generated(state, target, control))


def _checked(angles: ArrayLike, gates: NDArray[np.int64]) -> NDArray[np.float64]:
    given = np.asarray(angles, dtype=float)
    if given.shape != (len(gates),) or not np.all(np.isfinite(given)):
        raise InputError(f"angles have shape {given.shape}; give {len(gates)} finite numbers, one for each gate.")
    return given
