"""A sampler as somebody else would write one."""

from problems.ridgelet import Nodes
from problems.ridgelet.sampling import check_count, check_problem
from problems.seeds import generator


class SmallWeightsSampler:
    """Draws weights from {-1, 0, 1} and biases uniformly, whatever the data."""

    def __init__(self, problem):
        self.problem = check_problem(problem)

    def sample(self, n, seed=None):
        n, rng, prime = check_count(n), generator(seed), self.problem.prime
        a = rng.integers(-1, 2, (n, self.problem.dimension)) % prime
        return Nodes(a, rng.integers(0, prime, n))
