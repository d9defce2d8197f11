"""Classical samplers of hidden nodes, one file each, one protocol: ``Sampler(problem).sample(n, seed)``.

A new sampler is one new file here and one line in `SAMPLERS`.
"""

from collections.abc import Callable

from classical.ridgelet.dequantized import DequantizedSampler
from classical.ridgelet.enumeration import EnumerationSampler
from classical.ridgelet.leverage import LeverageSampler
from classical.ridgelet.marginals import MarginalSampler
from classical.ridgelet.rejection import RejectionSampler
from classical.ridgelet.uniform import UniformSampler
from problems.ridgelet import NodeSampler, RidgeletProblem

__all__ = [
    "SAMPLERS",
    "DequantizedSampler",
    "EnumerationSampler",
    "LeverageSampler",
    "MarginalSampler",
    "RejectionSampler",
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
