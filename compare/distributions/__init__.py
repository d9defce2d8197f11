"""Are these nodes drawn from p*? Tests and distances against the exact distribution.

The exact probability of any node is computable at any dimension, so a sampler is tested against p* itself; two-sample
tests serve where a sampler is a black box. With w = P^(D+1) p*: the cross-entropy fidelity is
(mean of w over the samples - 1)/(E_p*[w] - 1), and E_p*[w] = E_uniform[w^2].

Every test returns a statistic, a p-value, the number of samples, and an effect with its interval; `samples_needed` says
beforehand how many samples find an error of a stated size, and `correct` serves a table that holds many tests.
"""

from compare.distributions.cross_entropy import UNIFORM_NODES, Excess, fidelity, ideal_excess
from compare.distributions.distances import Distance, TotalVariation, hellinger, kl_divergence, total_variation
from compare.distributions.exact import ENUMERABLE, is_enumerable
from compare.distributions.goodness import METHODS, goodness_of_fit
from compare.distributions.pooled import MIN_EXPECTED
from compare.distributions.power import samples_needed
from compare.distributions.two_sample import MAX_TESTED, two_sample_test
from compare.statistics.multiple import CORRECTIONS, correct

__all__ = [
    "CORRECTIONS",
    "ENUMERABLE",
    "MAX_TESTED",
    "METHODS",
    "MIN_EXPECTED",
    "UNIFORM_NODES",
    "Distance",
    "Excess",
    "TotalVariation",
    "correct",
    "fidelity",
    "goodness_of_fit",
    "hellinger",
    "ideal_excess",
    "is_enumerable",
    "kl_divergence",
    "samples_needed",
    "total_variation",
    "two_sample_test",
]
