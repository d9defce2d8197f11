"""The density of all P nodes that share their a: the line over b."""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from problems.finite_field import row_blocks, scalar_products
from problems.ridgelet import RidgeletProblem

__all__ = ["line_density"]


def line_density(problem: RidgeletProblem, a: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return P^(D+1) p*(a, b) for every b: shape (n, P).

    With H(t) the sum of amplitudes over the points of a.x = t, the amplitude at b is the cyclic correlation
    sum_t H(t) r(t - b): all P nodes of a line cost one pass over the points, O(K D + P log P).

    Parameters
    ----------
    problem
        Any problem.
    a
        Weights, shape (n, D), whole numbers 0..P-1.
    """
    prime, outputs = problem.prime, problem.outputs
    ridgelet = fft.rfft(problem.ridgelet).conj()
    density = np.empty((len(a), prime))
    widest = max(prime * outputs, min(len(problem.data), 4096), problem.dimension)
    for rows in row_blocks(len(a), widest):
        n = rows.stop - rows.start
        sums = np.zeros((outputs, n * prime))
        for block in row_blocks(len(problem.data), max(problem.data.entries_in_a_row, 512)):
            products = scalar_products(a[rows], problem.data.take(block), prime)
            where = (products + prime * np.arange(n)[:, None]).ravel()
            for output, amplitudes in enumerate(problem.amplitudes[block].T):
                weights = np.broadcast_to(amplitudes, products.shape).ravel()
                sums[output] += np.bincount(where, weights=weights, minlength=n * prime)
        values = fft.irfft(fft.rfft(sums.reshape(outputs, n, prime)) * ridgelet, n=prime)
        density[rows] = prime * np.sum(values**2, axis=0)
    return density
