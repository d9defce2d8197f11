"""QAOA as Qiskit's circuit."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from qiskit import QuantumCircuit
from qiskit.circuit.library import qaoa_ansatz

from problems.errors import InputError
from quantum.neuron_selection.qaoa.costs import cost_operator
from quantum.neuron_selection.qaoa.mixers import mixer_named

__all__ = ["qaoa_circuit"]


def qaoa_circuit(problem: Any, angles: ArrayLike, mixer: str = "x", measured: bool = True) -> QuantumCircuit:
    """Return `qiskit.circuit.library.qaoa_ansatz` of a problem with its angles: the state of `QaoaState`.

    Parameters
    ----------
    problem
        A `MaskProblem` or a `NKProblem`.
    angles
        gamma_1, ..., gamma_p and beta_1, ..., beta_p, shape (2, p).
    mixer
        "x" or "neighborhood".
    measured
        Whether the mask is measured at the end, neuron j into classical bit j.

    Raises
    ------
    InputError
        If the angles have another shape or one is not finite, or there is no such mixer.

    Notes
    -----
    Cost: a layer has the phases of `cost_operator` and the mixer, sum_a X_a with N rotations or X_a P_a with 2^d
    rotations for a neuron of d neighbors. No mask is marked, so there is no oracle whose sign could be wrong.
    """
    given = np.asarray(angles, dtype=float)
    if given.ndim != 2 or len(given) != 2 or not given.size or not np.all(np.isfinite(given)):
        raise InputError(f"angles have shape {given.shape}; give finite gammas and betas, shape (2, p), p >= 1.")
    chosen = mixer_named(mixer, problem)
    ansatz = qaoa_ansatz(
        cost_operator(problem), given.shape[1], initial_state=chosen.initial(), mixer_operator=chosen.operator()
    )
    gammas, betas = given
    # Qiskit sorts them by name: all betas come first.
    circuit = ansatz.assign_parameters([*betas, *gammas])
    if not measured:
        return circuit
    circuit.measure_all()
    return circuit
