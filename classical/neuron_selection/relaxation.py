"""The box relaxation of a convex quadratic loss, its bound and what it fixes: the readable reference, in NumPy.

For z in {0, 1}^N and any x in the box, convexity gives with the gradient g = b + 2 G x at that same x

    loss(z) >= loss(x) + sum_j g_j (z_j - x_j) >= loss(x) - slack(x),   slack(x) = sum_j max(g_j x_j, g_j (x_j - 1)),

so that the bound holds wherever the descent stops, and a neuron that goes against its gradient costs |g_j| more: if the
bound plus that is no better than the best mask known, it is fixed. Taking the gradient at another point than the
bound's would not be a proof.
"""

from typing import Any

import numpy as np

__all__ = ["FREE", "descend", "relax", "relax_residual", "tabu"]

FREE = -1
"""The state of a neuron that is neither kept (1) nor dropped (0)."""

TIGHT = 0.05
"""The descent stops once the slack is below so much of what is missing to the best mask known."""

SMALL = 1e-300
"""A curvature below counts as none."""

ROUNDED = 1e-12
"""By so much of the largest linear term a loss must be below the lowest of a walk: its changes are sums, and a step
back to the lowest is lower or not by their rounding alone."""


def relax(
    quadratic: Any, linear: Any, constant: float, state: Any, x: Any, upper: float, sweeps: int
) -> tuple[float, int]:
    """Minimize over the box by coordinate descent, fixing neurons on the way.

    Parameters
    ----------
    quadratic, linear, constant
        The loss, G being positive semidefinite.
    state
        What is fixed, shape (N,): 0, 1 or `FREE`. Changed where more can be fixed.
    x
        A point of the box that agrees with it, shape (N,). Changed to the last point.
    upper
        Masks of this loss or more are of no interest.
    sweeps
        Sweeps over the free neurons, at most.

    Returns
    -------
    bound, swept
        No mask that agrees with the state, as it was given, has a loss below min(bound, upper); and the sweeps made.
    """
    gradient = linear + 2 * quadratic @ x
    bound, swept = -np.inf, 0
    while swept < sweeps:
        swept += 1
        for j in np.flatnonzero(state == FREE):
            curvature = 2 * quadratic[j, j]
            if curvature > SMALL:
                new = min(max(x[j] - gradient[j] / curvature, 0.0), 1.0)
            else:
                new = 0.0 if gradient[j] > 0 else 1.0
            if new != x[j]:
                gradient += 2 * (new - x[j]) * quadratic[j]
                x[j] = new
        free = state == FREE
        slack = np.sum(np.maximum(gradient * x, gradient * (x - 1))[free])
        here = constant + (linear + gradient) @ x / 2 - slack
        bound = max(bound, here)
        if here >= upper:
            break
        costly = np.flatnonzero(free & (here + np.abs(gradient) >= upper))
        value = (gradient[costly] < 0).astype(float)
        state[costly] = value
        for j, new in zip(costly, value, strict=True):
            if new != x[j]:
                gradient += 2 * (new - x[j]) * quadratic[j]
                x[j] = new
        if slack <= TIGHT * (upper - here) or not np.any(state == FREE):
            break
    return bound, swept


def relax_residual(vectors: Any, target: Any, state: Any, x: Any, upper: float, sweeps: int) -> tuple[float, int]:
    """Do the same for |w - sum_j x_j a_j|^2, whose gradient -2 a_j.(w - sum) keeps its digits near zero.

    Parameters
    ----------
    vectors, target
        a_j as rows, shape (N, r), and w, shape (r,).
    state, x, upper, sweeps
        As in `relax`, and so is what is returned.
    """
    rest = target - x @ vectors
    curvature = 2 * np.sum(vectors**2, axis=1)
    bound, swept = -np.inf, 0
    while swept < sweeps:
        swept += 1
        for j in np.flatnonzero(state == FREE):
            slope = -2 * vectors[j] @ rest
            new = min(max(x[j] - slope / curvature[j], 0.0), 1.0) if curvature[j] > SMALL else 0.0
            if new != x[j]:
                rest -= (new - x[j]) * vectors[j]
                x[j] = new
        free, gradient = state == FREE, -2 * vectors @ rest
        slack = np.sum(np.maximum(gradient * x, gradient * (x - 1))[free])
        here = rest @ rest - slack
        bound = max(bound, here)
        if here >= upper:
            break
        costly = np.flatnonzero(free & (here + np.abs(gradient) >= upper))
        value = (gradient[costly] < 0).astype(float)
        state[costly] = value
        rest -= (value - x[costly]) @ vectors[costly]
        x[costly] = value
        if slack <= TIGHT * (upper - here) or not np.any(state == FREE):
            break
    return bound, swept


def descend(pairs: Any, linear: Any, mask: Any) -> float:
    """Flip the neuron that lowers l.m + sum_(i<j) q_ij m_i m_j most until none does, in place; return by how much.

    Parameters
    ----------
    pairs, linear
        q, symmetric with a diagonal of zeros, shape (N, N), and l, shape (N,).
    mask
        Shape (N,), of 0 and 1.
    """
    field, gained = linear + pairs @ mask, 0.0
    while True:
        change = (1 - 2.0 * mask) * field
        j = int(np.argmin(change))
        if change[j] >= -1e-14 * np.abs(linear).max():
            return gained
        gained += change[j]
        field += (1 - 2.0 * mask[j]) * pairs[j]
        mask[j] = 1 - mask[j]


def tabu(pairs: Any, linear: Any, mask: Any, steps: int, tenure: int) -> None:
    """Change a mask in place to the best one on a tabu walk of so many flips from it (Glover 1989).

    A neuron that was flipped stays as it is for a tenure of so many flips, and somewhat longer by its turn, unless
    flipping it gives the lowest loss so far.
    """
    here, field = mask.astype(float), linear + pairs @ mask
    change_so_far, best, margin = 0.0, 0.0, ROUNDED * np.abs(linear).max()
    barred = np.zeros(len(mask), dtype=np.int64)
    for step in range(steps):
        change = (1 - 2.0 * here) * field
        allowed = (barred <= step) | (change_so_far + change < best - margin)
        if not np.any(allowed):
            continue
        j = int(np.argmin(np.where(allowed, change, np.inf)))
        change_so_far += change[j]
        field += (1 - 2.0 * here[j]) * pairs[j]
        here[j] = 1 - here[j]
        barred[j] = step + tenure + step * 7919 % 10
        if change_so_far < best - margin:
            best = change_so_far
            mask[:] = here
