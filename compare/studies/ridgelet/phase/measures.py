"""One draw of a target, its points and its nodes: how concentrated p* is, and what networks of its nodes are worth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet import DequantizedSampler, UniformSampler
from classical.ridgelet.enumeration import enumerate_probabilities
from compare.distributions import is_enumerable
from compare.engine import Inputs, Seeds
from compare.risk import risk_over_nodes
from compare.studies.ridgelet.phase.bounds import density_bound
from compare.studies.ridgelet.phase.study import Cell, Concentration, Task
from compare.studies.ridgelet.phase.targets import Characters, distinct_points
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.data import Residues

__all__ = ["FRESH", "Draw", "concentration", "draw", "measure", "relative_risks"]

FRESH = 1000
"""Points besides the training points, at most."""

DRAW = ("seed", "prime", "dimension", "points", "directions", "sine", "repeat")
"""Settings that draws depend on: targets of every concentration share points, noise and uniform nodes."""


def measure(task: Task, seeds: Seeds, inputs: Inputs) -> Cell:
    """Measure one target on one draw."""
    rng = np.random.default_rng(seeds("draw", by=DRAW))
    made = draw(task.prime, task.dimension, task.points, task.directions, FRESH, rng, task.sine)
    data = made.data(task.concentration)
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, task.prime, activation=task.activation)
    # Every point is there once, so that no regularization of the problem changes p*.
    optimized = DequantizedSampler(problem).sample(task.samples, seeds("optimized", by=(*DRAW, "concentration")))
    fresh = 0 if made.fresh is made.x else len(made.fresh)
    spread = concentration(problem, made.signal, optimized)
    risks = {}
    if task.points > task.nodes:
        uniform = UniformSampler(problem).sample(task.nodes * task.networks, seeds("uniform", by=DRAW))
        for method, nodes in (("optimized", optimized), ("uniform", uniform)):
            both = relative_risks(problem, data, nodes, task)
            risks[f"empirical_{method}"], risks[f"fresh_{method}"] = both
    return Cell(**vars(spread), bound=density_bound(problem), fresh=fresh, **risks)


@dataclass(frozen=True, eq=False)
class Draw:
    """Points, and everything that targets of any concentration on them share.

    Attributes
    ----------
    signal
        The concentrated part.
    x, fresh
        K training points, and other points of Z_P^D: shapes (K, D) and (n, D). Where no point is left, `fresh` is `x`.
    noise, fresh_noise
        Random signs at them: shapes (K,) and (n,).
    """

    signal: Characters
    x: NDArray[np.int64]
    fresh: NDArray[np.int64]
    noise: NDArray[np.float64]
    fresh_noise: NDArray[np.float64]

    def data(self, concentration: float) -> Residues:
        """Return the data set of sqrt(c) s + sqrt(1 - c) n, with the fresh points held out; 0 <= c <= 1."""
        y, y_fresh = (
            np.sqrt(concentration) * self.signal.values(x) + np.sqrt(1 - concentration) * noise
            for x, noise in ((self.x, self.noise), (self.fresh, self.fresh_noise))
        )
        description = f"Characters along {len(self.signal.phases)} directions, share {concentration} of the variance."
        return Residues("characters", description, self.signal.prime, self.x, self.fresh, y, y_fresh)


def draw(
    prime: int, dimension: int, points: int, directions: int, fresh: int, rng: np.random.Generator, sine: bool = False
) -> Draw:
    """Draw a signal, `points` distinct points and up to `fresh` others; `sine` fixes the signal."""
    signal = Characters.sine(prime, dimension) if sine else Characters.random(prime, dimension, directions, rng)
    left = min(fresh, prime**dimension - points)
    x = distinct_points(prime, dimension, points + left, rng)
    noise = rng.choice([-1.0, 1.0], len(x))
    if left == 0:
        return Draw(signal, x, x, noise, noise)
    return Draw(signal, x[:points], x[points:], noise[:points], noise[points:])


def concentration(problem: RidgeletProblem, signal: Characters, nodes: Nodes) -> Concentration:
    """Measure p*: exactly where it can be enumerated, else from exact samples.

    The nodes on the signal's lines are few, rare and heavy: they are summed exactly at any dimension, and the samples
    stand for the rest alone. O(K D) a node.

    Parameters
    ----------
    problem
        A problem with one output.
    signal
        Its concentrated part.
    nodes
        Independent samples of p*.
    """
    log_count = (problem.dimension + 1) * np.log(problem.prime)
    on_lines = problem.density(signal.tickets())
    tickets = min(1.0, float(np.exp(_log_sum(on_lines) - log_count)))
    if is_enumerable(problem):
        p = enumerate_probabilities(problem)
        w = problem.node_count * p
        return Concentration(float(p @ w), -float(p @ _log(w)), tickets)
    # What the lines add to the mean of a function of w is sum w function(w)/P^(D+1).
    weights = np.exp(np.log(on_lines, where=on_lines > 0, out=np.full(len(on_lines), -np.inf)) - log_count)
    density, log_density = float(weights @ on_lines), float(weights @ _log(on_lines))
    rest = nodes[~signal.hit(nodes)]
    if len(rest) > 0:
        w = problem.density(rest)
        density += (1 - tickets) * float(np.mean(w))
        log_density += (1 - tickets) * float(np.mean(_log(w)))
    return Concentration(density, -log_density, tickets)


def _log(w: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return log w, and 0 where w is 0: there p* is 0 as well."""
    return np.log(w, where=w > 0, out=np.zeros(len(w)))


def _log_sum(values: NDArray[np.float64]) -> float:
    total = float(np.sum(values))
    return float(np.log(total)) if total > 0 else -np.inf


def relative_risks(problem: RidgeletProblem, data: Residues, nodes: Nodes, task: Task) -> tuple[float, float]:
    """Return risks on training and fresh points over those of predicting 0: means over networks of disjoint nodes."""
    curve = risk_over_nodes(problem, data, nodes, (task.nodes,), task.networks, task.ridge)
    empirical = np.mean(curve.empirical) / np.mean(data.y_train**2)
    return float(empirical), float(np.mean(curve.held_out) / np.mean(data.y_test**2))
