"""The study's run: what is planned, what is measured, what a resumed run finds again, and what is refused."""

import shutil
from dataclasses import asdict

import numpy as np
import pytest

from classical.ridgelet import UniformSampler
from compare.records import RunFolder
from compare.studies.ridgelet.risk import study
from compare.studies.ridgelet.risk.cases import CASES
from compare.studies.ridgelet.risk.folds import load_fold
from compare.studies.ridgelet.risk.methods import METHODS, Method
from compare.studies.ridgelet.risk.study import (
    CHOSEN,
    FIXED,
    MEASURES,
    PENALTIES,
    Settings,
    load_results,
    plan,
    run,
    stream,
)
from problems.errors import InputError
from problems.ridgelet import SparseNetwork
from problems.seeds import named
from tests.compare.studies.ridgelet.risk import SMALL, small_run

SIZES = {"iris": (4, 8, 16), "digits-tiny": (1, 2, 4), "sine": (2, 4, 8)}
EMPIRICAL, HELD_OUT, ACCURACY, HELD_OUT_ACCURACY = range(4)


@pytest.fixture(scope="module")
def results():
    return small_run()[1]


def test_the_default_plan_has_at_least_six_data_sets_with_held_out_samples_and_known_functions():
    settings = Settings()
    assert {"digits", "digits-raw", "breast-cancer", "wine", "iris", "diabetes", "sine", "ridge"} <= set(
        settings.datasets
    )
    assert set(settings.methods) == set(METHODS)
    assert settings.sizes("digits-raw") == (50, 100, 200)
    for name in ("digits", "digits-raw"):
        fold = load_fold(name, 0, 0, 1e-3, "relu")
        assert (fold.problem.prime, fold.problem.dimension) == ((5, 4) if name == "digits" else (17, 64))


def test_sizes_end_at_the_quoted_number_of_nodes():
    for name, sizes in SIZES.items():
        assert Settings(**SMALL).sizes(name) == sizes
        assert sizes[-1] == SMALL["nodes"] * CASES[name].scale
    assert Settings(nodes=1).sizes("iris") == (1,)


def test_every_method_has_every_number(results):
    for name, sizes in SIZES.items():
        refused = results.refused[name]
        assert list(results.values[name]) == [method for method in SMALL["methods"] if method not in refused]
        for method, values in results.values[name].items():
            assert values.shape == (3, 2, 4, 2, len(sizes))
            own = method == "rbf"
            assert np.all(np.isnan(values[:, FIXED])) == own
            if not own:
                assert np.all(np.isfinite(values[:, FIXED, EMPIRICAL]))
            # Nothing is held out of a function that is known everywhere, so no penalty is chosen.
            known = CHOSEN if own or name != "sine" else FIXED
            assert np.all(np.isfinite(values[:, known, HELD_OUT])) == (name != "sine")
            assert np.all(np.isfinite(values[:, known, HELD_OUT_ACCURACY])) == (name != "sine")
    assert MEASURES[HELD_OUT] == "held_out"


def test_no_method_is_dropped(results):
    for name in SIZES:
        assert set(results.values[name]) | set(results.refused[name]) == set(SMALL["methods"])


@pytest.mark.parametrize("name", ["iris", "digits-tiny"])
def test_the_numbers_are_those_of_networks_fitted_one_by_one(results, name):
    fold = load_fold(name, 1, SMALL["seed"], 1e-3, "relu")
    for draw in range(2):
        for i, size in enumerate(SIZES[name]):
            seed = named("nodes", **stream(SMALL["seed"], fold, "uniform"), draw=draw)
            nodes = UniformSampler(fold.problem).sample(SIZES[name][-1], seed)[:size]
            chosen = results.choices[name][1]["uniform"]["penalties"][i]
            for penalty, ridge in ((FIXED, 1e-4), (CHOSEN, chosen)):
                network = SparseNetwork.fit(fold.problem, nodes, fold.data.x_train, fold.data.y_train, ridge)
                values = results.values[name]["uniform"][1, penalty, :, draw, i]
                assert values[EMPIRICAL] == pytest.approx(network.risk(fold.data.x_train, fold.data.y_train))
                assert values[HELD_OUT] == pytest.approx(network.risk(fold.data.x_test, fold.data.y_test))


def test_peers_are_fitted_on_the_same_fold(results):
    fold = load_fold("iris", 2, SMALL["seed"], 1e-3, "relu")
    seed = named("nodes", **stream(SMALL["seed"], fold, "rbf"), draw=1, nodes=16)
    predicted = METHODS["rbf"].peer(fold.problem).fit(fold.data.x_train, fold.data.y_train, 16, seed)
    risk = np.mean(np.sum((fold.data.y_test - predicted.predict(fold.data.x_test)) ** 2, axis=1))
    assert results.values["iris"]["rbf"][2, CHOSEN, HELD_OUT, 1, -1] == pytest.approx(risk)


def test_penalties_are_chosen_with_nodes_that_do_not_know_the_inner_held_out_labels():
    """A sampler that notes which problems it is made for."""
    fold, made = load_fold("iris", 0, 0, 1e-3, "relu"), []

    def sampler(problem):
        made.append(problem)
        return UniformSampler(problem)

    values, choice = study._measure(
        Settings(**SMALL), fold, Method("noting", lambda problem, nodes: None, sampler=sampler), (2, 8), {}
    )
    assert [problem.samples for problem in made] == [74, 75, 75, 112]
    assert made[-1] is fold.problem
    assert all(penalty in PENALTIES for penalty in choice.penalties)
    assert values.shape == (2, 4, 2, 2)


def test_the_chosen_penalty_tames_what_the_fixed_one_does_not(results):
    values = results.values["iris"]["uniform"][..., -1].mean(axis=(0, 3))
    assert values[CHOSEN, HELD_OUT] < values[FIXED, HELD_OUT]
    assert values[FIXED, EMPIRICAL] <= values[CHOSEN, EMPIRICAL]


def test_known_answer_optimized_nodes_win_by_an_order_of_magnitude_on_the_sine(results, record_property):
    """sin(2 pi sum(x)/5) on all of Z_5^3 with 8 nodes; p* lies on one line of nodes."""
    risks = {name: results.values["sine"][name][:, FIXED, EMPIRICAL, :, -1] for name in ("dequantized", "uniform")}
    record_property(
        "measured", f"sine, 8 nodes, 6 draws: {risks['dequantized'].max():.1e}, {risks['uniform'].min():.2f}"
    )
    assert 10 * risks["dequantized"].max() < risks["uniform"].min()


def test_every_fold_is_announced():
    ((title, steps, done),) = small_run()[2]
    assert (title, len(done)) == ("Folds", steps)
    assert sorted(done) == sorted(f"{name}-{number:02}" for name in SMALL["datasets"] for number in range(3))


def test_a_run_that_lost_steps_finds_the_same_again_with_two_workers(tmp_path, results):
    shutil.copytree(small_run()[0], tmp_path / "run")
    for key in ("iris-01", "sine-02"):
        (tmp_path / "run" / f"{key}.json").unlink()
    settings, done = Settings(**SMALL), []
    folder = RunFolder(tmp_path / "run", "risk", asdict(settings))
    again = run(plan(settings), folder, lambda *_: done.append, workers=2)
    assert again.choices == results.choices
    for name, methods in results.values.items():
        for method, values in methods.items():
            np.testing.assert_array_equal(again.values[name][method], values)
    assert sorted(done) == ["iris-01", *["read"] * 7, "sine-02"]


def test_a_finished_run_is_read_and_an_unfinished_one_is_refused(tmp_path, results):
    assert load_results(RunFolder.open(small_run()[0])).choices == results.choices
    shutil.copytree(small_run()[0], tmp_path / "run")
    (tmp_path / "run" / "sine-00.json").unlink()
    with pytest.raises(InputError, match="'sine-00' has no record"):
        load_results(RunFolder.open(tmp_path / "run"))


def test_numbers_do_not_depend_on_what_else_is_compared(tmp_path, results):
    settings = Settings(**SMALL | {"datasets": ("sine",), "methods": ("uniform", "dequantized")})
    alone = run(plan(settings), RunFolder(tmp_path, "risk", asdict(settings)))
    np.testing.assert_array_equal(alone.values["sine"]["uniform"], results.values["sine"]["uniform"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"datasets": ()}, "no data set to compare"),
        ({"datasets": ("iris", "irish")}, "no data set 'irish'. Did you mean 'iris'"),
        ({"datasets": ("iris", "iris")}, "'iris' is there 2 times"),
        ({"methods": ("rfb",)}, "no method 'rfb'"),
        ({"folds": 1}, "folds = 1 is too small"),
        ({"seeds": 0}, "seeds = 0"),
        ({"nodes": 0}, "nodes = 0"),
        ({"seed": -1}, "seed = -1"),
        ({"ridge": 0.0}, "ridge = 0 is too small"),
        ({"regularization": -1.0}, "regularization = -1"),
        ({"activation": (1.0, 2.0)}, r"shape \(2,\)"),
    ],
)
def test_bad_settings_are_refused(change, message):
    with pytest.raises(InputError, match=message):
        plan(Settings(**SMALL | change))
