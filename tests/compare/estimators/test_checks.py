"""scikit-learn's own checks, each of them seen: one is skipped only for the reason that stands here."""

from unittest import SkipTest

from sklearn.datasets import make_regression
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks

from compare.estimators import TicketClassifier, TicketRegressor
from compare.studies.ridgelet.methods import FEW

SAMPLERS = ("dequantized", "uniform", "leverage", "subspace-1")

SKIPPED = {
    # Neither is among this project's dependencies; the same check with arrays is run.
    "check_classifier_data_not_an_array": "pandas is not installed: not checking estimators for pandas objects.",
    "check_regressor_data_not_an_array": "pandas is not installed: not checking estimators for pandas objects.",
    # Concerns estimators that compute with arrays of other libraries; NumPy's are taken, as by most of scikit-learn.
    "check_array_api_input": "SCIPY_ARRAY_API is not set: not checking array_api input",
}
"""Checks that scikit-learn may skip by itself, and what it says then."""

CLASSES = (TicketClassifier, TicketRegressor)
ESTIMATORS = [cls() for cls in CLASSES] + [cls(sampler=sampler) for sampler in SAMPLERS for cls in CLASSES]


@parametrize_with_checks(ESTIMATORS)
def test_check_of_scikit_learn(estimator, check):
    reason = None
    try:
        check(estimator)
    except SkipTest as skipped:
        reason = str(skipped)
    assert reason in (None, SKIPPED.get(check.func.__name__))


def test_every_estimator_is_checked_fifty_times_and_more():
    for estimator in ESTIMATORS:
        assert len(list(estimator_checks_generator(estimator))) >= 50


def test_regressors_whose_fit_is_poor_say_so_and_are_those_whose_nodes_ignore_the_targets():
    """Poor as scikit-learn defines it: R^2 below 0.5 on its own data of ten features, of which one matters."""
    x, y = make_regression(200, 10, n_informative=1, bias=5.0, noise=20, random_state=42)
    for sampler in ("uniform", "leverage", "dequantized", *FEW):
        regressor = TicketRegressor(sampler=sampler, random_state=0)
        tagged = get_tags(regressor).regressor_tags.poor_score
        # Pruning by magnitude looks at the targets, whatever drew the candidates.
        blind = sampler.endswith("uniform") and not sampler.startswith("magnitude")
        assert tagged == (sampler == "leverage" or blind)
        assert tagged or regressor.fit(x, y).score(x, y) > 0.5
    assert TicketRegressor(sampler="uniform", random_state=0).fit(x, y).score(x, y) < 0.5
