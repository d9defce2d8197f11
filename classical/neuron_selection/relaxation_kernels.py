"""`relaxation` compiled: the same steps in the same order, loop by loop."""

from typing import Any

import numpy as np

from classical.neuron_selection.relaxation import FREE, ROUNDED, SMALL, TIGHT
from problems.compiling import compiled

__all__ = ["descend", "relax", "relax_residual", "tabu"]

# Sums may be made in vectors; a bound is used with a margin for rounding in any order.
FAST = {"reassoc", "nsz", "contract"}


@compiled(fastmath=FAST)
def relax(
    quadratic: Any, linear: Any, constant: float, state: Any, x: Any, upper: float, sweeps: int
) -> tuple[float, int]:
    """Minimize over the box; see `relaxation.relax`."""
    neurons = len(linear)
    gradient, free = linear.copy(), np.empty(neurons, dtype=np.int64)
    for j in range(neurons):
        if x[j] != 0:
            _add(gradient, 2 * x[j], quadratic[j])
    count = _list_free(state, free)
    bound, swept = -np.inf, 0
    while swept < sweeps:
        swept += 1
        for place in range(count):
            j = free[place]
            curvature = 2 * quadratic[j, j]
            if curvature > SMALL:
                new = min(max(x[j] - gradient[j] / curvature, 0.0), 1.0)
            else:
                new = 0.0 if gradient[j] > 0 else 1.0
            if new != x[j]:
                _add(gradient, 2 * (new - x[j]), quadratic[j])
                x[j] = new
        slack, value = 0.0, 0.0
        for place in range(count):
            j = free[place]
            slack += max(gradient[j] * x[j], gradient[j] * (x[j] - 1))
        for j in range(neurons):
            value += (linear[j] + gradient[j]) * x[j]
        here = constant + value / 2 - slack
        bound = max(bound, here)
        if here >= upper:
            break
        # All are judged by the gradient at the bound's own point, and moved afterwards.
        left = _fix(free, count, gradient, here, upper, state)
        if left < count:
            for j in range(neurons):
                if state[j] != FREE and x[j] != state[j]:
                    _add(gradient, 2 * (state[j] - x[j]), quadratic[j])
                    x[j] = state[j]
            count = left
        if slack <= TIGHT * (upper - here) or count == 0:
            break
    return bound, swept


@compiled(fastmath=FAST)
def relax_residual(vectors: Any, target: Any, state: Any, x: Any, upper: float, sweeps: int) -> tuple[float, int]:
    """Minimize a residual over the box; see `relaxation.relax_residual`."""
    neurons = len(x)
    rest, free, gradient = target.copy(), np.empty(neurons, dtype=np.int64), np.empty(neurons)
    count = _list_free(state, free)
    for j in range(neurons):
        if x[j] != 0:
            _add(rest, -x[j], vectors[j])
    bound, swept = -np.inf, 0
    while swept < sweeps:
        swept += 1
        for place in range(count):
            j = free[place]
            curvature = 2 * _dot(vectors[j], vectors[j])
            new = 0.0
            if curvature > SMALL:
                new = min(max(x[j] + 2 * _dot(vectors[j], rest) / curvature, 0.0), 1.0)
            if new != x[j]:
                _add(rest, x[j] - new, vectors[j])
                x[j] = new
        slack = 0.0
        for place in range(count):
            j = free[place]
            gradient[j] = -2 * _dot(vectors[j], rest)
            slack += max(gradient[j] * x[j], gradient[j] * (x[j] - 1))
        here = _dot(rest, rest) - slack
        bound = max(bound, here)
        if here >= upper:
            break
        left = _fix(free, count, gradient, here, upper, state)
        if left < count:
            for j in range(neurons):
                if state[j] != FREE and x[j] != state[j]:
                    _add(rest, x[j] - state[j], vectors[j])
                    x[j] = state[j]
            count = left
        if slack <= TIGHT * (upper - here) or count == 0:
            break
    return bound, swept


@compiled(fastmath=FAST)
def descend(pairs: Any, linear: Any, mask: Any) -> float:
    """Flip neurons until no flip helps; see `relaxation.descend`."""
    neurons = len(linear)
    field, largest, gained = linear.copy(), 0.0, 0.0
    for j in range(neurons):
        largest = max(largest, abs(linear[j]))
        if mask[j]:
            _add(field, 1.0, pairs[j])
    while True:
        best, found = np.inf, 0
        for j in range(neurons):
            change = -field[j] if mask[j] else field[j]
            if change < best:
                best, found = change, j
        if best >= -1e-14 * largest:
            return gained
        gained += best
        _add(field, -1.0 if mask[found] else 1.0, pairs[found])
        mask[found] = 1 - mask[found]


@compiled(fastmath=FAST)
def tabu(pairs: Any, linear: Any, mask: Any, steps: int, tenure: int) -> None:
    """Walk from a mask and keep the best one; see `relaxation.tabu`."""
    neurons = len(linear)
    here, field, largest = mask.copy(), linear.copy(), 0.0
    for j in range(neurons):
        largest = max(largest, abs(linear[j]))
        if mask[j]:
            _add(field, 1.0, pairs[j])
    so_far, lowest, margin = 0.0, 0.0, ROUNDED * largest
    barred = np.zeros(neurons, dtype=np.int64)
    for step in range(steps):
        best, found = np.inf, -1
        for j in range(neurons):
            change = -field[j] if here[j] else field[j]
            if change < best and (barred[j] <= step or so_far + change < lowest - margin):
                best, found = change, j
        if found < 0:
            continue
        so_far += best
        _add(field, -1.0 if here[found] else 1.0, pairs[found])
        here[found] = 1 - here[found]
        barred[found] = step + tenure + step * 7919 % 10
        if so_far < lowest - margin:
            lowest = so_far
            for j in range(neurons):  # an assigned array would take as long to compile as everything else
                mask[j] = here[j]


@compiled(inner=True)
def _list_free(state: Any, free: Any) -> int:
    """List the neurons that are free, and return how many there are."""
    count = 0
    for j in range(len(state)):
        if state[j] == FREE:
            free[count] = j
            count += 1
    return count


@compiled(inner=True)
def _fix(free: Any, count: int, gradient: Any, here: float, upper: float, state: Any) -> int:
    """Fix each free neuron whose other value takes the bound `here` to `upper`; return how many stay free.

    No point is moved here: all neurons are judged by the gradient at the bound's own point.
    """
    left = 0
    for place in range(count):
        j = free[place]
        if here + abs(gradient[j]) >= upper:
            state[j] = 1 if gradient[j] < 0 else 0
        else:
            free[left] = j
            left += 1
    return left


@compiled(inner=True, fastmath=FAST)
def _add(to: Any, factor: float, row: Any) -> None:
    for i in range(len(to)):
        to[i] += factor * row[i]


@compiled(inner=True, fastmath=FAST)
def _dot(one: Any, other: Any) -> float:
    value = 0.0
    for i in range(len(one)):
        value += one[i] * other[i]
    return value
