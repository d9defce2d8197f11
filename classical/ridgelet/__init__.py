"""Classical samplers of hidden nodes, one file each, one protocol: ``Sampler(problem).sample(n, seed)``.

A new sampler is one new file here and one line in `SAMPLERS`. Samplers with settings of their own, whose nodes follow
another law than p* of the whole problem, stand beside them: `SubspaceSampler`, `ResidualSubspaceSampler`,
`RefinedSubspaceSampler` and `CandidateSampler`. `ClusterSampler` draws from p* on the workers of a cluster.
"""

from collections.abc import Callable

from classical.ridgelet.candidates import CandidateSampler
from classical.ridgelet.dequantized import DequantizedSampler
from classical.ridgelet.dequantized.cluster import ClusterSampler
from classical.ridgelet.enumeration import EnumerationSampler
from classical.ridgelet.leverage import LeverageSampler
from classical.ridgelet.marginals import MarginalSampler
from classical.ridgelet.refined import RefinedSubspaceSampler
from classical.ridgelet.rejection import RejectionSampler
from classical.ridgelet.residual import ResidualSubspaceSampler
from classical.ridgelet.subspace import SubspaceSampler
from classical.ridgelet.uniform import UniformSampler
from problems.ridgelet import NodeSampler, RidgeletProblem

__all__ = [
    "SAMPLERS",
    "CandidateSampler",
    "ClusterSampler",
    "DequantizedSampler",
    "EnumerationSampler",
    "LeverageSampler",
    "MarginalSampler",
    "RefinedSubspaceSampler",
    "RejectionSampler",
    "ResidualSubspaceSampler",
    "SubspaceSampler",
    "UniformSampler",
]

SAMPLERS: dict[str, Callable[[RidgeletProblem], NodeSampler]] = {
    "dequantized": DequantizedSampler,
    "enumeration": EnumerationSampler,
    "leverage": LeverageSampler,
    "marginals": MarginalSampler,
    "rejection": RejectionSampler,
    "uniform": UniformSampler,
}
"""The classical samplers by name."""
