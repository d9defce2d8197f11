"""Steps of training as a job: u(T) measured on a device, from the whole update that travels with it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from compare.hardware.payload import Built, Decoded, Payload, PayloadKind
from compare.hardware.scores import Scores
from problems.errors import InputError, choose
from problems.sparse_training import PolynomialUpdate
from quantum.backends.readout import distinct_patterns
from quantum.blocks import KernelReflection
from quantum.sparse_training import METHODS, HistorySolver, MarchingSolver, SignedReading

__all__ = ["KIND", "MOST_QUBITS", "WEIGHTS", "solver_of", "update_of", "weights_payload"]

KIND = "training/weights"

MOST_QUBITS = 20
"""Wider circuits than this are lost in any device's noise, and take long to fit to it."""

MARCHING = "marching"


def weights_payload(
    update: PolynomialUpdate,
    start: ArrayLike | None = None,
    steps: int = 2,
    order: int = 1,
    method: str = MARCHING,
    epsilon: float = 0.1,
    scale: float | None = None,
    guess: float | None = None,
    description: str = "an update given in Python",
    origin: Mapping[str, Any] | None = None,
) -> Payload:
    """Return steps of training, read by shots, as a payload.

    Parameters
    ----------
    update
        The polynomial update; all of it goes along.
    start, steps, order, scale
        As `HistorySolver` and `MarchingSolver` take them.
    method
        "marching", which has by far the fewest gates, or a method of `HistorySolver`.
    epsilon, guess
        Of `HistorySolver`; marching has neither.
    description
        What the update is, in words.
    origin
        Where it comes from, plain data for the record.

    Raises
    ------
    InputError
        If the solver refuses something, the circuit is wider than `MOST_QUBITS`, or the constant is too small for
        signed entries.
    """
    choose("method", method, {MARCHING: None, **METHODS})
    if method == MARCHING and guess is not None:
        raise InputError(f"guess = {guess} says nothing to method='marching', which needs no norm; leave it out.")
    solver = _solver(update, start, steps, order, method, epsilon, scale, guess)
    if solver.qubits > MOST_QUBITS:
        raise InputError(
            f"The circuit has {solver.qubits} qubits, more than the {MOST_QUBITS} that are of use on a device; take "
            "fewer weights, steps or a lower order, or simulate."
        )
    solver.require_constant()
    reflection = solver.solver if isinstance(solver, HistorySolver) else None
    settings = {
        "steps": solver.steps,
        "order": solver.order,
        "method": method,
        "epsilon": float(epsilon),
        "scale": solver.scale,
        "guess": reflection.guess if isinstance(reflection, KernelReflection) else None,
        "degree": update.degree,
        "origin": dict(origin or {}),
    }
    arrays: dict[str, NDArray] = {f"f{k}": matrix for k, matrix in enumerate(update.coefficients)}
    arrays["start"] = solver.start
    told = f"{description}, n = {update.dimension}, T = {solver.steps}, N = {solver.order}, {method}"
    return Payload(KIND, settings, arrays, told)


def update_of(payload: Payload) -> PolynomialUpdate:
    """Return the update that a payload carries, exactly as it was."""
    return PolynomialUpdate([payload.arrays[f"f{k}"] for k in range(payload.settings["degree"] + 1)])


def solver_of(payload: Payload) -> HistorySolver | MarchingSolver:
    """Return the solver that a payload stands for."""
    chosen = payload.settings
    names = ("steps", "order", "method", "epsilon", "scale", "guess")
    return _solver(update_of(payload), payload.arrays["start"], *(chosen[name] for name in names))


def _solver(
    update: PolynomialUpdate,
    start: ArrayLike | None,
    steps: int,
    order: int,
    method: str,
    epsilon: float,
    scale: float | None,
    guess: float | None,
) -> HistorySolver | MarchingSolver:
    if method == MARCHING:
        return MarchingSolver(update, start, steps, order, scale)
    return HistorySolver(update, start, steps, order, method, epsilon, scale, guess)


def _build(payload: Payload, device: str | None) -> Built:
    solver: SignedReading = solver_of(payload)
    return Built(payload, solver.measured, solver.rank)


def _decode(payload: Payload, bits: NDArray[np.bool_]) -> Decoded:
    solver = solver_of(payload)
    counts = solver.counts(bits)
    arrays: dict[str, NDArray] = {"counts": counts, "expected": solver.solve()}
    numbers: dict[str, Any] = {"good": int(counts.sum()), "predicted": solver.good * len(bits)}
    try:
        found = solver.read(counts[0], counts[1], len(bits))
    except InputError as refused:
        # Noise may leave nothing to be read: that is a result, and its counts are kept.
        arrays |= dict.fromkeys(("weights", "errors"), np.full(solver.entries, np.nan))
        return Decoded(arrays, {**numbers, "refused": str(refused)}, "nothing that can be read")
    arrays |= {"weights": found.values, "errors": found.errors}
    weights = ", ".join(f"{value:.3g} +- {error:.2g}" for value, error in zip(found.values, found.errors, strict=True))
    return Decoded(arrays, {**numbers, "refused": None}, f"u(T) = ({weights})")


def _scores(payload: Payload, bits: NDArray[np.bool_]) -> Scores:
    solver = solver_of(payload)
    patterns, which = distinct_patterns(bits)
    good = np.array([float(solver.counts(one[None]).sum()) for one in patterns])[which]
    pvalue = float(stats.binomtest(int(good.sum()), len(bits), min(1.0, solver.good)).pvalue)
    return Scores("share of good shots", good, perfect=solver.good, pvalue=pvalue)


WEIGHTS = PayloadKind(_build, _decode, _scores)
"""Weights after T steps: `counts` of signed outcomes (2, M), and `weights`, `errors` and `expected`, (n,) each."""
