"""Enumeration of all P^(D+1) nodes: the naive exp(D) baseline in its best form.

By the Fourier slice theorem, F_b R[f](a, v) = conj(r^(v)) f^(v a) with unitary DFTs: one D-dimensional FFT gives
every probability, in O(P^D D log P + P^(D+1) log P) (arXiv:2301.11936, the discrete ridgelet transform).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from classical.ridgelet.draws import draw
from problems.memory import require_memory
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import ShownSampler, check_count, check_problem
from problems.seeds import Seed, generator

__all__ = ["EnumerationSampler", "check_enumeration", "enumerate_probabilities", "enumerated_bytes"]


def enumerated_bytes(problem: RidgeletProblem) -> int:
    """Predict the peak memory of the enumeration, in bytes."""
    points = problem.node_count // problem.prime
    slices = 16 * points * (problem.prime // 2 + 1)  # half the frequencies: h is real
    # The FFT's input and output over the points; the slices; their inverse FFT; its square; the sum.
    return 32 * points + slices + 3 * 8 * problem.node_count


def check_enumeration(problem: RidgeletProblem) -> None:
    """Refuse a problem whose nodes do not fit in memory, before anything is allocated.

    Raises
    ------
    InputError
        If the predicted memory is not available.
    """
    require_memory(
        enumerated_bytes(problem),
        f"Enumerating {problem.prime}^{problem.dimension + 1} nodes",
        "take fewer features or a smaller prime, or sample with the dequantized sampler, which enumerates nothing",
    )


def enumerate_probabilities(problem: RidgeletProblem) -> NDArray[np.float64]:
    """Return p* of every node, in the order of `Nodes.index`: shape (P^(D+1),), sum 1.

    Raises
    ------
    InputError
        If the predicted memory is not available.
    """
    check_enumeration(problem)
    prime, dimension = problem.prime, problem.dimension
    frequencies = np.arange(prime // 2 + 1)
    ridgelet = fft.rfft(problem.ridgelet, norm="ortho").conj()
    total = np.zeros((prime,) * (dimension + 1))
    for amplitudes in problem.amplitudes.T:
        grid = np.zeros((prime,) * dimension)
        grid[tuple(problem.points.T)] = amplitudes
        spectrum = fft.fftn(grid, norm="ortho", workers=-1)
        slices = np.zeros((prime,) * dimension + (len(frequencies),), dtype=complex)
        for v in frequencies[1:]:
            dilation = np.ix_(*[v * np.arange(prime) % prime] * dimension)
            slices[..., v] = ridgelet[v] * spectrum[dilation]
        total += fft.irfft(slices, n=prime, axis=-1, norm="ortho", workers=-1) ** 2
    return total.reshape(-1)


class EnumerationSampler(ShownSampler):
    """Tabulates p* once, then draws by bisection: O(P^(D+1)) to prepare, O(D log P) a node."""

    check = staticmethod(check_enumeration)

    def __init__(self, problem: RidgeletProblem) -> None:
        self.problem = check_problem(problem)
        self.probabilities = enumerate_probabilities(problem)

    def sample(self, n: int, seed: Seed = None) -> Nodes:
        """Draw `n` independent nodes; see `NodeSampler.sample`."""
        n, rng = check_count(n), generator(seed)
        return Nodes.from_index(draw(rng, self.probabilities, n), self.problem.prime, self.problem.dimension)
