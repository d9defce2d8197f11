"""How long samples take: a sampler's timed batches, times over the size of the problem, and how they grow."""

from compare.runtimes.growth import EVIDENCE, Curve, FittedGrowth, fit_growth, fit_known_rate
from compare.runtimes.sampling import BATCHES, SamplingTime, timed_sample
from compare.runtimes.scaling import Scaling, SizeTimes, median_range, time_over_sizes

__all__ = [
    "BATCHES",
    "EVIDENCE",
    "Curve",
    "FittedGrowth",
    "SamplingTime",
    "Scaling",
    "SizeTimes",
    "fit_growth",
    "fit_known_rate",
    "median_range",
    "time_over_sizes",
    "timed_sample",
]
