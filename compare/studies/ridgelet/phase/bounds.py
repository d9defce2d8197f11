"""Limits of the optimized distribution: few points cannot make it prefer few nodes.

Let x_1..x_K be the distinct points, h their coefficients (of one output; for several, sum each line over the outputs)
and F(u) = sum_m h_m exp(-2 pi i u.x_m/P). By definition R[h](a,b) = P^(-D/2) sum_m h_m r(a.x_m - b), and
p* = R[h]^2/|h|^2 (arXiv:2301.11936). Every bound is the Cauchy-Schwarz inequality, applied to a sum over the points.

One node. |sum_m h_m r(a.x_m - b)|^2 <= |h|^2 sum_m r(a.x_m - b)^2 <= |h|^2 K max r^2, so that

    w(a,b) = P^(D+1) p*(a,b) <= P sum_m r(a.x_m - b)^2 <= K P max r^2.

Hence E_p*[w] <= K P max r^2; and as the entropy of p* is at least -log max p*, the effective number of nodes
exp(entropy) is at least P^(D+1)/(K P max r^2) = 1/(coverage max r^2), with coverage = K/P^D.

One weight vector. By the Fourier slice theorem and Parseval, with the unitary transform r^ of r, of norm 1 and zero at
v = 0, sum_b R[h](a,b)^2 = P^(-D) sum_v |r^(v)|^2 |F(v a)|^2, and |F(u)|^2 <= K |h|^2. Hence

    sum_b p*(a,b) <= K/P^D, the coverage.

One line. Summed over a = k u, k = 1..P-1, each v runs through the same values of |F|^2, so the sum is
P^(-D) sum_(k != 0) |F(k u)|^2 <= P^(1-D) sum_t |sum_(m: u.x_m = t) h_m|^2 <= P^(1-D) max_t n_t |h|^2, where n_t counts
the points with u.x_m = t. Where they are even, n_t = K/P: a whole direction gets no more than the coverage, either.
"""

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import digamma

if TYPE_CHECKING:
    from problems.ridgelet import RidgeletProblem

__all__ = ["GAUSSIAN_DENSITY", "GAUSSIAN_SHARE", "density_bound"]

GAUSSIAN_DENSITY = 3.0
"""E_p*[w] where R[h] is Gaussian over the nodes: w = z^2 and E[z^4] = 3. What random labels give."""

GAUSSIAN_SHARE = float(np.exp(-digamma(1.5)) / 2)
"""exp(entropy)/P^(D+1) there, 0.482: exp(-E[z^2 log z^2]), and E[z^2 log z^2] = digamma(3/2) + log 2."""


def density_bound(problem: "RidgeletProblem") -> float:
    """Return K P max r^2, which P^(D+1) p* exceeds at no node: a number of at least 1."""
    return float(len(problem.data) * problem.prime * np.max(problem.ridgelet**2))
