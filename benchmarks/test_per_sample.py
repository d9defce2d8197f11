"""The plain Python version draws from p*: what is timed beside the others does their work."""

import numpy as np

from benchmarks.per_sample import PerSampleSampler
from compare.distributions import goodness_of_fit
from problems.ridgelet import RidgeletProblem


def test_per_sample_distribution() -> None:
    """A chi-square test at 4,000 nodes, two outputs, P = 3, D = 3."""
    rng = np.random.default_rng(5)
    x = rng.integers(0, 3, (12, 3))
    problem = RidgeletProblem.from_samples(x, rng.normal(size=(12, 2)), prime=3)
    assert goodness_of_fit(problem, PerSampleSampler(problem).sample(4000, seed=1)).pvalue > 1e-3
