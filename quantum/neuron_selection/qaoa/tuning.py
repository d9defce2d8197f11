"""Angles of QAOA, layer by layer, and what their tuning would cost on a quantum computer."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from problems.errors import InputError, whole_number
from problems.seeds import Seed, generator
from problems.showing import Shows
from quantum.neuron_selection.qaoa.state import QaoaState

__all__ = ["QaoaResult", "tune_qaoa"]

GRID = 12
"""Gammas, and betas, of the first layer that are tried."""

STARTS = 3
"""The best of them from which the first layer is tuned."""

STEPS = 400
"""Steps of each tuning at most."""

RESTARTS = {"x": 0, "neighborhood": 12}
"""Random starts of each number of layers. The neighborhood mixer begins in one mask, where grown angles stay stuck:
every mask that it moves to as a whole is a stationary point."""


@dataclass(frozen=True, eq=False, repr=False)
class QaoaResult(Shows):
    """QAOA of p layers, tuned.

    Attributes
    ----------
    depth
        p.
    mixer
        Its name.
    angles
        gamma_1, ..., gamma_p and beta_1, ..., beta_p, shape (2, p).
    energy, variance
        Mean and variance of the loss of an outcome.
    ratio
        (max - E) / (max - min) over all masks: 1 for the minimum alone.
    success
        The probability that an outcome has the minimum; 0 where the mixer cannot reach it.
    evaluations
        Exact energies with gradients that the tuning took so far, all layers up to this one.
    energies
        Mean losses that it would take on a quantum computer: a gradient of p layers is 4p of them, by differences.
    spread
        The sum of their variances, in units of (max - min)^2.
    """

    depth: int
    mixer: str
    angles: NDArray[np.float64]
    energy: float
    variance: float
    ratio: float
    success: float
    evaluations: int
    energies: int
    spread: float

    def _facts(self) -> Mapping[str, object]:
        known = {"layers p": self.depth, "mixer": self.mixer, "ratio": f"{self.ratio:.3f}"}
        return {**known, "probability of the minimum": f"{self.success:.3f}"}

    def shots(self, confidence: float = 0.99) -> float:
        """Return the shots that show the minimum at least once with this probability; infinite where it has none.

        Raises
        ------
        InputError
            If the confidence is not between 0 and 1.
        """
        if not 0 < confidence < 1:
            raise InputError(f"confidence = {confidence} is no probability below 1; give one, as 0.99.")
        if self.success <= 0:
            return math.inf
        if self.success >= 1:
            return 1.0
        return float(max(1, math.ceil(math.log(1 - confidence) / math.log1p(-self.success))))

    def tuning_shots(self, error: float = 0.01) -> int:
        """Return the shots of the whole tuning, each mean to a standard error of this part of max - min.

        Raises
        ------
        InputError
            If the error is not above 0.
        """
        if not error > 0:
            raise InputError(f"error = {error} asks for infinitely many shots; give one above 0, as 0.01.")
        return max(self.energies, math.ceil(self.spread / error**2))


class _Counted:
    """An energy that is minimized, and how often it was asked for."""

    def __init__(self, state: QaoaState) -> None:
        self.state = state
        # Angles in which both parts of a layer turn about as fast: the loss in units of its deviation.
        self.unit = float(np.std(state.losses)) or 1.0
        self.evaluations = self.energies = 0
        self.spread = 0.0

    def count(self, energies: int, variance: float) -> None:
        self.evaluations += 1
        self.energies += energies
        self.spread += energies * variance / self.state.range**2

    def value(self, gamma: float, beta: float) -> float:
        energy, variance = self.state.energy([[gamma / self.unit], [beta]])
        self.count(1, variance)
        return energy

    def scaled(self, angles: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return angles in the problem's units, shape (2, p), of those that are tuned, shape (2p,)."""
        return angles.reshape(2, -1) / np.array([[self.unit], [1.0]])

    def gradient(self, angles: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        energy, variance, slopes = self.state.gradient(self.scaled(angles))
        self.count(1 + 2 * angles.size, variance)
        return energy / self.state.range, self.scaled(slopes.ravel()).ravel() / self.state.range

    def tuned(self, start: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        found = minimize(
            self.gradient, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "ftol": 1e-13}
        )
        return float(found.fun), found.x.reshape(2, -1)


def tune_qaoa(problem: Any, depth: int, mixer: str = "x", seed: Seed = 0) -> list[QaoaResult]:
    """Tune QAOA of 1, ..., p layers, each from the one before, by exact gradients.

    The first layer is tuned from the best points of a grid. Each further one starts twice: from the angles stretched
    over one more layer (Zhou et al. 2020, arXiv:1812.01041, appendix B), and from those with a layer that does nothing,
    so that the energy never rises. The neighborhood mixer has random starts besides.

    Parameters
    ----------
    problem
        Has `neurons` and `table()`.
    depth
        p, the most layers.
    mixer
        "x" or "neighborhood".
    seed
        Of the random starts, where there are any.

    Returns
    -------
    list of QaoaResult
        One for each number of layers.

    Raises
    ------
    InputError
        If p is no whole number of at least 1, or as `QaoaState` does.
    """
    layers, rng = whole_number("depth", depth, 1), generator(seed)
    state = QaoaState(problem, mixer)
    counted = _Counted(state)
    results: list[QaoaResult] = []
    starts = _first(counted)
    for level in range(1, layers + 1):
        random = [rng.uniform(-1, 1, (2, level)) for _ in range(RESTARTS[mixer])]
        _, angles = min((counted.tuned(start) for start in [*starts, *random]), key=lambda one: one[0])
        results.append(_result(counted, angles, level, mixer))
        starts = [_stretched(angles), np.pad(angles, ((0, 0), (0, 1)))]
    return results


def _first(counted: _Counted) -> list[NDArray[np.float64]]:
    """Return the best points of a grid over one layer."""
    gammas = np.linspace(-np.pi / 2, np.pi / 2, GRID + 1)[1:]
    betas = np.linspace(0, np.pi / 2, GRID + 1)[1:]
    grid = [(counted.value(gamma, beta), gamma, beta) for gamma in gammas for beta in betas]
    return [np.array([[gamma], [beta]]) for _, gamma, beta in sorted(grid)[:STARTS]]


def _stretched(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return angles of one more layer, on the same curve over the layers."""
    depth = angles.shape[1]
    place = np.arange(depth + 1) / depth
    padded = np.pad(angles, ((0, 0), (1, 1)))
    return place * padded[:, :-1] + (1 - place) * padded[:, 1:]


def _result(counted: _Counted, angles: NDArray[np.float64], depth: int, mixer: str) -> QaoaResult:
    state, given = counted.state, counted.scaled(angles)
    energy, variance = state.energy(given)
    return QaoaResult(
        depth,
        mixer,
        given,
        energy,
        variance,
        (state.highest - energy) / state.range,
        state.success(given),
        counted.evaluations,
        counted.energies,
        counted.spread,
    )
