import numpy as np
import pytest

from compare.studies.ridgelet.tickets.task import Settings, check, measure
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem, SparseNetwork
from problems.ridgelet.data import load_residues
from problems.seeds import named


def test_a_ticket_is_judged_as_by_hand():
    settings = Settings("breast-cancer", 5, 4, "enumeration", nodes=30, seed=3, repeat=2)
    result = measure(settings)
    data = load_residues("breast-cancer", 5, 4, named("split", seed=3, dataset="breast-cancer", fold=2))
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, 5, 1e-3, "relu")
    assert result["points"] == len(problem.data)
    assert result["coverage"] == problem.coverage
    assert result["ratio"] == len(data.x_test) / len(data.x_train)
    assert result["zero"] == pytest.approx(np.mean(data.y_train**2))
    assert result["held_out_zero"] == pytest.approx(np.mean(data.y_test**2))
    # The whole network of all nodes is not reached, and predicting the mean is beaten.
    assert 0 < result["empirical"] < result["zero"]
    assert 0.5 < result["accuracy"] <= 1
    assert 0.5 < result["held_out_accuracy"] <= 1


def test_nodes_are_those_of_the_method_and_a_better_fit_has_more_of_them():
    risks = [measure(Settings(method="dequantized", nodes=nodes))["empirical"] for nodes in (5, 20, 80)]
    assert risks == sorted(risks, reverse=True)


def test_nodes_of_few_coordinates_can_be_asked_for():
    optimized, uniform = (
        measure(Settings("digits", 17, None, method, 60, 0.1))["held_out_accuracy"]
        for method in ("refined-2", "uniform")
    )
    assert optimized > uniform + 0.1


def test_the_split_is_the_same_for_all_methods_and_another_for_each_repeat():
    zeros = [
        measure(Settings("iris", 3, 2, method, 4, repeat=repeat))["held_out_zero"]
        for method, repeat in (("uniform", 0), ("dequantized", 0), ("uniform", 1))
    ]
    assert zeros[0] == zeros[1]
    # All classes have as many held-out samples in each split, up to one.
    points = [measure(Settings("iris", 5, 3, "uniform", 4, repeat=repeat))["coverage"] for repeat in range(4)]
    assert len(set(points)) > 1


def test_where_nothing_is_held_out_there_is_no_such_number():
    result = measure(Settings("sine", 3, 2, "uniform", 4))
    assert result["held_out"] is None
    assert result["held_out_accuracy"] is None
    assert result["ratio"] == 0
    assert np.isnan(result["accuracy"])


def test_several_outputs_and_regression_are_judged():
    classes = measure(Settings("wine", 5, 4, "dequantized", 40))
    assert classes["held_out_accuracy"] > 0.6
    regression = measure(Settings("diabetes", 5, 4, "dequantized", 40))
    assert np.isnan(regression["held_out_accuracy"])
    assert regression["empirical"] < regression["zero"]


def test_the_network_is_that_of_the_nodes(monkeypatch):
    fitted = []
    real = SparseNetwork.fit
    monkeypatch.setattr(
        SparseNetwork, "fit", classmethod(lambda cls, *arguments: fitted.append(arguments) or real(*arguments))
    )
    measure(Settings("iris", 3, 2, "uniform", 7, ridge=0.25))
    ((_, nodes, _, _, ridge),) = fitted
    assert len(nodes) == 7
    assert ridge == 0.25


@pytest.mark.parametrize(
    "settings",
    [
        Settings(dataset="mnist"),
        Settings(method="none"),
        Settings(activation="none"),
        Settings(prime=9),
        Settings(nodes=0),
        Settings(features=0),
        Settings(ridge=-1.0),
        Settings(regularization=float("nan")),
        Settings(seed=-1),
    ],
)
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(InputError):
        check(settings)


def test_features_that_a_data_set_does_not_have_are_refused_by_the_task():
    with pytest.raises(InputError, match="iris"):
        measure(Settings("iris", features=9))
