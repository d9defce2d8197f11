"""Verdict and intervals of nodes that are drawn from p*: how often they are wrong, and that they never disagree."""

import numpy as np

from classical.ridgelet import DequantizedSampler
from compare.distributions import fidelity, goodness_of_fit
from compare.statistics import LEVEL, RecordedTest
from compare.studies.ridgelet.samplers.rows import Part
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import load_residues

SAMPLERS, TABLES = 7, 150
"""Without a family about 45 of so many tables would be wrong, where at most 15 are let pass."""

SAMPLES = 300, 1000
"""Nodes of a sampler, by turns: if the family failed for one of them alone, some 26 tables would be wrong."""


def tables():
    """Return tables of as many tested samplers as the study has, all of them drawing from p*, as parts of records."""
    data = load_residues("digits", 3, 3, 0)
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, 3)
    nodes, end = DequantizedSampler(problem).sample(SAMPLERS * TABLES * sum(SAMPLES) // len(SAMPLES), 17), 0
    for table in range(TABLES):
        tests = {}
        for sampler in range(SAMPLERS):
            start, end = end, end + SAMPLES[table % len(SAMPLES)]
            drawn = nodes[start:end]
            fit = RecordedTest.of(goodness_of_fit(problem, drawn))
            tests[f"sampler {sampler}"] = {
                "fidelity": fidelity(problem, drawn),
                "goodness_of_fit": fit,
                "two_sample": None,
            }
        yield Part({}, {}, {}, tests, {}, {})


def test_under_p_star_the_chance_of_any_wrong_word_or_interval_in_a_table_is_the_level(record_property):
    told = left_out = alone = 0
    for part in tables():
        wrong = [name for name in part.tests if part.told_apart(name)]
        intervals = {name: part.of_family(name, "fidelity") for name in part.tests}
        outside = [name for name, found in intervals.items() if not found.low <= 1 <= found.high]
        effects = [name for name in part.tests if part.of_family(name, "goodness_of_fit").low > 0]
        # What is said and what is shown never disagree: who is outside is told apart.
        assert set(outside) | set(effects) <= set(wrong)
        told += bool(wrong)
        left_out += bool(outside or effects)
        own = [row["fidelity"] for row in part.tests.values()]
        alone += any(not one.low <= 1 <= one.high for one in own)
    bound = TABLES * LEVEL + 3 * np.sqrt(TABLES * LEVEL * (1 - LEVEL))
    assert left_out <= told <= bound
    # Each by itself, intervals leave 1 out somewhere in a table of seven about as often as 1 - 0.95^7 says.
    assert alone > 0.2 * TABLES
    record_property(
        "measured",
        f"tables of {SAMPLERS} samplers of p*, 300 or 1,000 nodes each: any told apart in {told} of {TABLES}, an "
        f"interval of the family beside its value in {left_out}, of 95% each by itself in {alone}",
    )
