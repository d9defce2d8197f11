"""Fitted growth: known laws are told apart, intervals hold what they promise, and doubt is said."""

import numpy as np
import pytest
from scipy import stats

from compare.statistics import EVIDENCE, fit_growth
from problems.errors import InputError
from problems.seeds import spawn

SIZES = np.array([4, 6, 8, 12, 16, 24, 32, 48, 64])


def noisy(values, seed, error=0.05):
    rng = np.random.default_rng(spawn(9, seed))
    return values * np.exp(error * rng.standard_normal(len(values)))


@pytest.mark.parametrize("error", [0.0, 0.03])
@pytest.mark.parametrize(
    ("law", "family", "rate", "overhead"),
    [
        (lambda x: 3 * x, "power", 1.0, False),
        (lambda x: 2e-6 * x**2.0, "power", 2.0, False),
        (lambda x: 5 * x**-0.5, "power", -0.5, False),
        (lambda x: 1e-6 * (10 + x), "power", 1.0, True),
        (lambda x: 2e-7 * np.exp(0.5 * x), "exponential", 0.5, False),
        (lambda x: 1e-4 + 1e-7 * np.exp(0.3 * x), "exponential", 0.3, True),
    ],
)
def test_known_laws_are_found(law, family, rate, overhead, error):
    growth = fit_growth(SIZES, noisy(law(SIZES), 0, error))
    assert growth.verdict == growth.best.family == family
    assert growth.evidence >= EVIDENCE
    found = getattr(growth, family)
    assert found.overhead == overhead
    assert found.rate.low <= rate <= found.rate.high
    assert found.rate.high - found.rate.low < (1e-3 if error == 0 else 1.0) * max(abs(rate), 0.1)
    assert found.rate.samples == growth.sizes == len(SIZES)


def test_a_straight_line_above_a_constant_is_no_exponential():
    """Without the constant among the candidates it would be: 1 + x/50 over these sizes is e^(kx) to 7%."""
    values = 1 + SIZES / 50
    slope = stats.linregress(SIZES, np.log(values))
    power = stats.linregress(np.log(SIZES), np.log(values))
    assert slope.rvalue > power.rvalue
    assert fit_growth(SIZES, values).verdict == "power"


def test_noise_without_growth_is_called_none():
    verdicts = [fit_growth(SIZES, noisy(np.ones(len(SIZES)), seed)).verdict for seed in range(20)]
    # A line through noise is chosen now and then, by AIC's own rule; a law of growth is never claimed often.
    assert verdicts.count("none") >= 14
    assert verdicts.count("power") + verdicts.count("exponential") <= 2


def test_a_beginning_that_could_be_either_is_undecided():
    growth = fit_growth([10, 11, 12, 13], noisy(np.exp(0.2 * np.arange(10, 14)), 1, 0.02))
    assert growth.verdict == "undecided"
    assert 1 <= growth.evidence < EVIDENCE
    far, laws = growth.at(100), [curve.predict([100])[1, 0] for curve in (growth.power, growth.exponential)]
    # The interval holds both laws, so it spans orders of magnitude.
    assert far.low < np.exp(min(laws)) < np.exp(max(laws)) < far.high
    assert far.high / far.low > 100


def test_without_a_constant_the_interval_is_students():
    few = SIZES[:6]  # too few for a constant on top
    values = noisy(2e-6 * few**1.5, 2)
    line = stats.linregress(np.log(few), np.log(values))
    half = stats.t.ppf(0.975, len(few) - 2) * line.stderr
    power = fit_growth(few, values).power
    assert not power.overhead
    assert (power.rate.low, power.rate.best, power.rate.high) == pytest.approx(
        (line.slope - half, line.slope, line.slope + half)
    )
    # The curve's band at a size, too, is the textbook's.
    x = np.log(300)
    spread = np.sum((np.log(few) - np.log(few).mean()) ** 2)
    residuals = np.log(values) - line.intercept - line.slope * np.log(few)
    error = np.sqrt(residuals @ residuals / (len(few) - 2))
    band = stats.t.ppf(0.975, len(few) - 2) * error * np.sqrt(1 / len(few) + (x - np.log(few).mean()) ** 2 / spread)
    low, best, high = power.predict([300])[:, 0]
    assert best == pytest.approx(line.intercept + line.slope * x)
    assert (best - low, high - best) == pytest.approx((band, band), rel=2e-3)


def test_the_interval_reaches_over_a_candidate_that_is_possible_too():
    values = noisy(3 * SIZES, 3)
    growth = fit_growth(SIZES, values)
    plain, topped = (curve for curve in growth.candidates if curve.family == "power")
    assert abs(plain.aicc - topped.aicc) < 2 * np.log(EVIDENCE)
    assert growth.power.rate.low == min(plain.rate.low, topped.rate.low)
    assert growth.power.rate.high == max(plain.rate.high, topped.rate.high) > plain.rate.high
    # One that is refused widens nothing.
    growth = fit_growth(SIZES, noisy(1e-6 * (20 + SIZES), 3, 0.01))
    plain, topped = (curve for curve in growth.candidates if curve.family == "power")
    assert growth.power.rate == topped.rate


def test_evidence_is_the_ratio_of_akaike_weights():
    values = noisy(3 * SIZES, 3)
    n = len(SIZES)

    def aicc(x):
        line = stats.linregress(x, np.log(values))
        squares = np.sum((np.log(values) - line.intercept - line.slope * x) ** 2)
        return n * np.log(squares / n) + 2 * 3 + 2 * 3 * 4 / (n - 4)

    growth = fit_growth(SIZES, values)
    assert growth.power.aicc == pytest.approx(aicc(np.log(SIZES)))
    assert growth.exponential.aicc <= aicc(SIZES)  # with a constant it may be better
    assert growth.evidence == pytest.approx(np.exp((growth.exponential.aicc - growth.power.aicc) / 2))


@pytest.mark.parametrize(
    ("law", "family", "rate"),
    [
        (lambda x: 3.0 * x, "power", 1.0),
        (lambda x: 1e-4 + 1e-7 * np.exp(0.3 * x), "exponential", 0.3),
        (lambda x: 1e-6 * (1 + x / 8), "power", 1.0),
    ],
)
def test_intervals_hold_the_true_rate_in_19_of_20_runs(law, family, rate, record_property):
    runs = 60
    held = 0
    for seed in range(runs):
        # A law's own seeds: with the same noise one bad draw would count for all.
        values = noisy(law(SIZES), 100 + seed + int(1e6 * law(10.0)) % 997 * runs)
        found = getattr(fit_growth(SIZES, values), family).rate
        held += found.low <= rate <= found.high
    record_property("measured", f"growth, {family} {rate}: {held} of {runs} intervals of 95% hold the rate")
    # 57 are expected; fewer than 52 would happen by chance once in 100, and the seeds are fixed.
    assert held >= 52


def test_exact_data_continue_exactly():
    growth = fit_growth(SIZES, 5 + 2 * SIZES)
    found = growth.at(1000)
    assert found.best == pytest.approx(2005, rel=1e-4)
    assert found.low <= found.best <= found.high


def test_extrapolations_widen_with_the_distance():
    growth = fit_growth(SIZES, noisy(1e-6 * SIZES, 4))
    low, best, high = growth.log_range([64, 640, 6400])
    assert np.all(low < best)
    assert np.all(best < high)
    assert np.all(np.diff(high - low) > 0)


def test_an_exponential_leaves_the_floats_without_a_warning():
    assert fit_growth(SIZES, np.exp(0.5 * SIZES)).at(1e6).high == np.inf


def test_repeated_sizes_count_as_values():
    few = SIZES[:6]
    values = noisy(3 * few, 5)
    once, twice = fit_growth(few, values), fit_growth([*few, *few], [*values, *values])
    assert twice.sizes == 2 * once.sizes
    assert twice.power.rate.best == pytest.approx(once.power.rate.best)
    assert twice.power.rate.high < once.power.rate.high


@pytest.mark.parametrize(
    ("sizes", "values", "said"),
    [
        ([1, 2, 3], [1, 2, 3], "3 different sizes do not tell"),
        ([1, 2, 3, 3], [1, 2, 3, 3], "3 different sizes do not tell"),
        ([1, 2, 3, 4], [1, 2, 3], "do not match"),
        ([0, 1, 2, 3], [1, 2, 3, 4], "must be positive"),
        ([1, 2, 3, 4], [1, 2, 0, 4], "must be positive"),
        ([1, 2, 3, 4], [1, 2, np.inf, 4], "must be positive"),
        ([1, 2, 3, 4], [1, 2, np.nan, 4], "must be positive"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_one_line(sizes, values, said):
    with pytest.raises(InputError, match=said) as refused:
        fit_growth(sizes, values)
    assert "\n" not in str(refused.value)
