"""Numbers with intervals, and what they say: estimates, folds, many tests, contrasts, growth and times.

Nothing here knows a problem, a sampler or a study.
"""

from compare.statistics.clocks import clock, mean_seconds, over_rounds
from compare.statistics.constancy import Constancy, constant_counts, constant_numbers
from compare.statistics.contrast import Comparison, Contrast, contrast
from compare.statistics.estimates import (
    CONFIDENCE,
    Z95,
    Cautioned,
    Estimate,
    RecordedEstimate,
    RecordedTest,
    Test,
    mean_difference,
    mean_estimate,
    median_range,
    student,
)
from compare.statistics.fits import EVIDENCE, Curve, FittedGrowth, fit_growth, fit_known_rate
from compare.statistics.folds import SHARED_SAMPLES, Compared, compared, compared_apart, over_folds
from compare.statistics.growth import Grown, Growths, growth
from compare.statistics.multiple import CORRECTIONS, IN_FAMILY, LEVEL, Judged, correct, held_against, judged
from compare.statistics.rows import Row, grouped, in_words, summarize
from compare.statistics.scaling import Scaling, SizeTimes, time_over_sizes
from compare.statistics.skewed import skewed_mean
from compare.statistics.timing import BATCHES, Timing, timed_batches

__all__ = [
    "BATCHES",
    "CONFIDENCE",
    "CORRECTIONS",
    "EVIDENCE",
    "IN_FAMILY",
    "LEVEL",
    "SHARED_SAMPLES",
    "Z95",
    "Cautioned",
    "Compared",
    "Comparison",
    "Constancy",
    "Contrast",
    "Curve",
    "Estimate",
    "FittedGrowth",
    "Grown",
    "Growths",
    "Judged",
    "RecordedEstimate",
    "RecordedTest",
    "Row",
    "Scaling",
    "SizeTimes",
    "Test",
    "Timing",
    "clock",
    "compared",
    "compared_apart",
    "constant_counts",
    "constant_numbers",
    "contrast",
    "correct",
    "fit_growth",
    "fit_known_rate",
    "grouped",
    "growth",
    "held_against",
    "in_words",
    "judged",
    "mean_difference",
    "mean_estimate",
    "mean_seconds",
    "median_range",
    "over_folds",
    "over_rounds",
    "skewed_mean",
    "student",
    "summarize",
    "time_over_sizes",
    "timed_batches",
]
