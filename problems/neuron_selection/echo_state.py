"""NK landscapes from an echo-state network on NARMA-10: which probes of a reservoir each output keeps.

A random reservoir of 50 units (Jaeger 2001) is driven by u uniform on (0, 1/2), and has to follow

    y(t+1) = 0.3 y(t) + 0.05 y(t) sum_{i=0..9} y(t-i) + 1.5 u(t) u(t-9) + 0.1.

N probes P = reservoir times standard normal (50, N) are the neurons. Output i is tanh(sum_j V_ij P_j) over the kept
ones of its K neighbors, and all outputs have the one target. As arXiv:2302.05984 prints it, f_i is a mean squared
error; the best mask then keeps almost nothing, because scale and offset of the outputs are arbitrary. With both fitted
for each output and mask, f_i = 1 - corr(output, target)^2.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import choose, whole_number
from problems.neuron_selection.nk import NKProblem, random_neighbours, ring

__all__ = ["EchoStateProblem", "echo_state_problem", "narma"]

UNITS, RADIUS, WEIGHT = 50, 0.9, 0.5
"""Units of the reservoir, its spectral radius, and the largest weight before it is scaled and of the input."""

STEPS, WASHED_OUT, ORDER = 2200, 200, 10
"""Steps of the series, those left out at its start, and the order of NARMA; half of the rest is held out."""


@dataclass(frozen=True, eq=False, repr=False)
class EchoStateProblem(NKProblem):
    """An `NKProblem` with the same functions on the held-out half of the series.

    Attributes
    ----------
    held_out
        f_i on the second half, shape (M, 2^K).
    """

    held_out: NDArray[np.float64]

    def held_out_loss(self, mask: ArrayLike) -> float:
        """Return the mean of f_i on the second half of the series, at one mask, shape (N,)."""
        return float(self._mean(self.held_out, mask))

    def accuracy(self, mask: ArrayLike) -> float:
        """Return 1 minus the held-out loss: with fitted outputs, the mean squared correlation with the target."""
        return 1 - self.held_out_loss(mask)


def echo_state_problem(
    neurons: int,
    degree: int,
    seed: int,
    neighbours: Literal["ring", "random"] = "ring",
    fitted: bool = True,
) -> EchoStateProblem:
    """Return which probes to keep.

    Parameters
    ----------
    neurons, degree
        N probes and as many outputs, of K neighbors each.
    seed
        A whole number; everything is drawn with [seed, N, K].
    neighbours
        "ring": (i + k) mod N. "random": i and K - 1 others.
    fitted
        Whether scale and offset are fitted for each output and mask; else f_i is the mean squared error.

    Raises
    ------
    InputError
        If a number is not what it has to be, or K > N.
    """
    choose("kind of neighbours", neighbours, {"ring": None, "random": None})
    degree = whole_number("neighbors K", degree, 1)
    rng = np.random.default_rng([whole_number("seed", seed, 0), whole_number("neurons N", neurons, 1), degree])
    seen = ring(neurons, degree) if neighbours == "ring" else random_neighbours(neurons, degree, rng)
    series, target = _reservoir(rng)
    probes = series @ rng.standard_normal((UNITS, neurons))
    probes = (probes - probes.mean(axis=0)) / probes.std(axis=0)
    weights = rng.standard_normal((neurons, degree)) / np.sqrt(degree)
    bits = (np.arange(2**degree)[:, None] >> np.arange(degree) & 1).astype(float)
    tables = np.empty((2, neurons, 2**degree))
    half = len(target) // 2
    for i in range(neurons):
        outputs = np.tanh((probes[:, seen[i]] * weights[i]) @ bits.T)
        for part, rows in enumerate((slice(None, half), slice(half, None))):
            measure = _unexplained if fitted else _squared_error
            tables[part, i] = measure(outputs[rows], target[rows])
    tables.flags.writeable = False
    return EchoStateProblem(tables[0], seen, tables[1])


def narma(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the series y of NARMA-10 that inputs u, shape (T,), drive, starting from zero."""
    y = np.zeros(len(u))
    with np.errstate(over="ignore", invalid="ignore"):  # some inputs drive it to infinity
        for t in range(ORDER - 1, len(u) - 1):
            y[t + 1] = 0.3 * y[t] + 0.05 * y[t] * np.sum(y[t - ORDER + 1 : t + 1]) + 1.5 * u[t - ORDER + 1] * u[t] + 0.1
    return y


def _reservoir(rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the reservoir's states, shape (T, 50), and the target, shape (T,), after the wash-out.

    Inputs are drawn anew if they drive NARMA-10 to infinity, as few do.
    """
    inner = rng.uniform(-WEIGHT, WEIGHT, (UNITS, UNITS))
    inner *= RADIUS / np.max(np.abs(np.linalg.eigvals(inner)))
    into = rng.uniform(-WEIGHT, WEIGHT, UNITS)
    target = np.array([np.inf])
    while not np.all(np.isfinite(target)):
        u = rng.uniform(0, 0.5, STEPS)
        target = narma(u)
    states = np.zeros((STEPS, UNITS))
    for t in range(1, STEPS):
        states[t] = np.tanh(inner @ states[t - 1] + into * u[t - 1])
    return states[WASHED_OUT:], target[WASHED_OUT:]


def _unexplained(outputs: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 - corr^2 of each column with the target; a constant column explains nothing."""
    outputs = outputs - outputs.mean(axis=0)
    target = target - target.mean()
    power = np.sum(outputs**2, axis=0)
    explained = np.divide((target @ outputs) ** 2, power, out=np.zeros_like(power), where=power > 1e-12)
    return 1 - explained / (target @ target)


def _squared_error(outputs: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.mean((outputs - target[:, None]) ** 2, axis=0)
