"""Rejection sampling from sample-and-query access to the data, in the style of Tang (STOC 2019).

A proposal mixes the ridgelets of single points: m with probability |h_m|/||h||_1, a uniform, t with probability
r(t)^2, b = a.x_m - t. By the Cauchy-Schwarz inequality it is accepted with probability
|sum_m h_m r_m|^2/(||h||_1 sum_m |h_m| r_m^2), r_m = r(a.x_m - b). Exact; ||h||_1^2/||h||_2^2 <= K trials a node
on average, each O(K D).
"""

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.draws import draw
from problems.errors import OutOfReach
from problems.finite_field import scalar_products
from problems.memory import require_memory
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import ShownSampler, check_count, check_problem
from problems.seeds import Seed, generator

__all__ = ["RejectionSampler"]

BLOCK_ENTRIES = 2**20
"""Trials x points handled at once: bounds the memory."""

MULTIPLY, LOOK_UP, PATIENCE = 2.5e-11, 1.5e-8, 3600.0
"""Seconds of a multiply-add, and of all else for a trial and a point, about; and the most that are spent."""


class RejectionSampler(ShownSampler):
    """Draws nodes by rejection: O(K^2 D) a node in the worst case."""

    def __init__(self, problem: RidgeletProblem) -> None:
        self.problem = check_problem(problem)
        amplitudes = problem.amplitudes
        self._output_weights = np.sum(amplitudes**2, axis=0)
        self._one_norms = np.sum(np.abs(amplitudes), axis=0)

    def sample(self, n: int, seed: Seed = None) -> Nodes:
        """Draw `n` independent nodes; see `NodeSampler.sample`."""
        n, rng = check_count(n), generator(seed)
        self._check_time(n)
        output = draw(rng, self._output_weights, n)
        a = np.empty((n, self.problem.dimension), dtype=np.int64)
        b = np.empty(n, dtype=np.int64)
        for c in np.unique(output):
            wanted = np.flatnonzero(output == c)
            a[wanted], b[wanted] = self._accepted(rng, int(c), len(wanted))
        return Nodes(a, b)

    def _check_time(self, n: int) -> None:
        """Refuse what would take more than an hour, or more memory than there is, before any trial.

        Raises
        ------
        OutOfReach
            With the predicted hours, or bytes.
        """
        count, dimension = self.problem.data.shape
        # An output is drawn by its share of the squares, and then takes this many trials a node.
        trials = float(np.sum(self._one_norms**2)) / float(np.sum(self._output_weights))
        seconds = n * trials * count * (dimension * MULTIPLY + LOOK_UP)
        if seconds > PATIENCE:
            raise OutOfReach(
                f"Rejection takes {trials:,.0f} trials a node on average here, each of {count} points in D = "
                f"{dimension}: about {seconds / 3600:,.0f} hours for {n} nodes; draw fewer, or take the "
                "dequantized sampler."
            )
        require_memory(8 * self.problem.data.stored, f"Rejection on {count} points", "take the dequantized sampler")

    def _accepted(self, rng: np.random.Generator, c: int, n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        problem = self.problem
        used = np.flatnonzero(problem.amplitudes[:, c])
        points, h = problem.points[used], problem.amplitudes[used, c]
        one_norm, trials_a_node = self._one_norms[c], self._one_norms[c] ** 2 / self._output_weights[c]
        block = max(1, BLOCK_ENTRIES // len(points))
        kept_a: list[NDArray[np.int64]] = []
        kept_b: list[NDArray[np.int64]] = []
        missing = n
        while missing > 0:
            trials = min(block, int(missing * trials_a_node) + 16)
            a = rng.integers(0, problem.prime, (trials, problem.dimension))
            products = scalar_products(a, points, problem.prime)
            m = draw(rng, np.abs(h), trials)
            b = (products[np.arange(trials), m] - draw(rng, problem.ridgelet**2, trials)) % problem.prime
            r = problem.ridgelet[(products - b[:, None]) % problem.prime]
            accepted = rng.random(trials) * one_norm * (r**2 @ np.abs(h)) < (r @ h) ** 2
            # A fixed number is kept from the front: cutting the last block short biases nothing.
            kept_a.append(a[accepted][:missing])
            kept_b.append(b[accepted][:missing])
            missing -= len(kept_b[-1])
        return np.concatenate(kept_a), np.concatenate(kept_b)
