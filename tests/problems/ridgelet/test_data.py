import hashlib
import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine
from sklearn.feature_selection import SelectKBest, f_classif, f_regression
from sklearn.utils import Bunch

from problems.datasets import REGRESSION, TWO_CLASSES, Dataset, load_dataset, split
from problems.datasets.images import MNIST_FILE
from problems.errors import InputError
from problems.ridgelet.data import DATA, best_features, feature_scores, first_points, load_residues
from problems.seeds import named


def load_mnist():
    with np.load(MNIST_FILE, allow_pickle=False) as file:
        return Bunch(images=file["images"], target=file["digits"])


EMBEDDED = {
    "digits": (load_digits, 64, 1),
    "digits-classes": (load_digits, 64, 10),
    "breast-cancer": (load_breast_cancer, 30, 1),
    "wine": (load_wine, 13, 3),
    "iris": (load_iris, 4, 3),
    "diabetes": (load_diabetes, 10, 1),
    "mnist-8-9": (load_mnist, 784, 1),
}
GOLDEN = json.loads((Path(__file__).parents[2] / "goldens" / "residues.json").read_text())
"""Digests of points and targets, by the data set, the prime, the features and the seed."""

SYNTHETIC = ["sine", "ridge", "gaussian"]


def outputs(y):
    return 1 if y.ndim == 1 else y.shape[1]


def digest(data):
    state = hashlib.sha256()
    # Targets in ten decimals, zero without a sign: rounding differs from machine to machine.
    for part in (data.x_train, data.x_test, data.y_train.round(10) + 0.0, data.y_test.round(10) + 0.0):
        state.update(f"{part.dtype} {part.shape}".encode())
        state.update(np.ascontiguousarray(part).tobytes())
    return state.hexdigest()[:16]


@pytest.mark.parametrize("case", GOLDEN)
def test_points_and_targets_are_what_they_were(case):
    name, prime, features, seed = (part.split("=")[-1] for part in case.split("/"))
    seeds = named("split", dataset=name, fold=2) if seed == "named" else int(seed)
    count = None if features == "all" else int(features)
    assert digest(load_residues(name, int(prime), count, seeds)) == GOLDEN[case]


def test_every_data_set_is_tested():
    assert {*EMBEDDED, *SYNTHETIC, "random"} == set(DATA)


@pytest.mark.parametrize("prime", [2, 5, 17])
@pytest.mark.parametrize("name", EMBEDDED)
def test_a_quarter_of_an_embedded_data_set_is_held_out(name, prime):
    bunch, dimension, columns = EMBEDDED[name]
    samples = len(bunch().target)
    data = load_residues(name, prime)
    assert data.name == name
    assert data.prime == prime
    assert data.dimension == dimension
    assert data.x_train.shape == (len(data.y_train), dimension)
    assert data.x_test.shape == (len(data.y_test), dimension)
    assert len(data.y_train) + len(data.y_test) == samples
    assert len(data.y_test) == pytest.approx(samples / 4, abs=1)
    assert outputs(data.y_train) == outputs(data.y_test) == columns


@pytest.mark.parametrize(
    ("name", "prime"), [case for case in itertools.product(DATA, [2, 3, 17]) if case != ("sine", 2)]
)
def test_points_are_residues_and_targets_finite(name, prime):
    data = load_residues(name, prime)
    for x in (data.x_train, data.x_test):
        assert x.dtype == np.int64
        assert x.min() >= 0
        assert x.max() <= prime - 1
    assert data.x_train.max() == prime - 1
    assert np.all(np.isfinite(data.y_train))
    assert np.all(np.isfinite(data.y_test))


def test_raw_digits_are_the_grey_levels_themselves():
    data, bunch = load_residues("digits", 17), load_digits()
    y = np.where(bunch.target % 2 == 0, 1, -1)
    loaded = np.column_stack([np.vstack([data.x_train, data.x_test]), np.sign(np.r_[data.y_train, data.y_test])])
    embedded = np.column_stack([bunch.data, y])
    np.testing.assert_array_equal(
        loaded[np.lexsort(loaded.T)].astype(int), embedded[np.lexsort(embedded.T)].astype(int)
    )


def test_raw_mnist_images_are_the_grey_levels_themselves():
    data, bunch = load_residues("mnist-8-9", 257), load_mnist()
    loaded = np.column_stack([np.vstack([data.x_train, data.x_test]), np.sign(np.r_[data.y_train, data.y_test])])
    file = np.column_stack([bunch.images.reshape(1000, 784), np.where(bunch.target == 8, 1, -1)]).astype(int)
    np.testing.assert_array_equal(loaded[np.lexsort(loaded.T)].astype(int), file[np.lexsort(file.T)])
    assert data.x_train.max() == 255
    assert data.description == (
        "28x28 images of handwritten digits of MNIST, 8 (+1) against 9 (-1); every pixel, its 256 grey levels as they "
        "are."
    )


def test_random_signs_hold_nothing_to_learn():
    data = load_residues("random", 5, 4)
    assert data.x_train.shape == data.x_test.shape == (64, 4)
    assert len(np.unique(data.x_train, axis=0)) == 64
    assert np.unique(data.y_train).tolist() == np.unique(data.y_test).tolist() == [-1.0, 1.0]
    assert data.y_train.sum() == data.y_test.sum() == 0
    # Every linear correlation of a sign with a digit is noise: 1/sqrt(64) each.
    centered = data.x_train - data.x_train.mean(axis=0)
    correlation = centered.T @ data.y_train / (64 * centered.std(axis=0))
    assert np.max(np.abs(correlation)) < 3.5 / 8
    assert load_residues("random", 17, 64).x_train.shape == (64, 64)
    assert load_residues("random", 3).dimension == 8
    few = load_residues("random", 3, 1)
    assert sorted(few.x_train[:, 0]) == [0, 1, 2]
    assert abs(few.y_train.mean()) < 1e-12
    assert few.y_train.std() == pytest.approx(1)


@pytest.mark.parametrize("name", EMBEDDED)
def test_targets_are_centered(name):
    data = load_residues(name, 5)
    np.testing.assert_allclose(data.y_train.mean(axis=0), 0, atol=1e-12)
    if name in ("digits", "breast-cancer", "mnist-8-9"):
        assert sorted(set(np.sign(data.y_train))) == [-1.0, 1.0]
        assert np.ptp(data.y_train) == np.ptp(data.y_test) == 2.0
    if outputs(data.y_train) > 1:
        np.testing.assert_allclose(data.y_train.sum(axis=1), 0, atol=1e-12)
        assert all(len(np.unique(column.round(12))) == 2 for column in data.y_train.T)


def test_regression_targets_are_standardized_on_the_training_part():
    y = load_residues("diabetes", 5).y_train
    assert abs(y.mean()) < 1e-12
    assert abs(y.std() - 1) < 1e-12


@pytest.mark.parametrize("prime", [2, 5])
def test_quantile_levels_are_balanced_on_the_training_part_alone(prime):
    data = load_residues("breast-cancer", prime)

    def imbalance(x):
        counts = np.array([np.bincount(column, minlength=prime) for column in x.T])
        return np.mean(np.abs(counts / len(x) - 1 / prime))

    assert imbalance(data.x_train) < 0.01
    assert imbalance(data.x_test) > imbalance(data.x_train)


@pytest.mark.parametrize("features", [1, 2, 3, 4, 6, 16, 49, 64])
def test_images_are_pooled_to_the_cells_asked_for(features):
    data = load_residues("digits", 5, features)
    assert data.dimension == features
    low, high = data.x_train.min(axis=0), data.x_train.max(axis=0)
    assert np.all(low[low < high] == 0)
    assert np.all(high[low < high] == 4)
    assert np.mean(low < high) > 0.9


def test_pooled_images_are_means_of_quarters():
    images, target = load_digits(return_X_y=True)
    images = images.reshape(-1, 2, 4, 2, 4).mean(axis=(2, 4)).reshape(-1, 4)
    data = load_residues("digits", 17, 4)
    assert sorted(np.sign(np.r_[data.y_train, data.y_test])) == sorted(np.where(target % 2, -1.0, 1.0))
    levels = np.vstack([data.x_train, data.x_test])
    assert [len(np.unique(column)) for column in levels.T] == [17] * 4
    low, high = images.min(axis=0), images.max(axis=0)
    by_hand = np.minimum((images - low) / (high - low) * 17 // 1, 16)
    np.testing.assert_allclose(levels.mean(axis=0), by_hand.mean(axis=0), atol=0.5)


@pytest.mark.parametrize("name", ["breast-cancer", "wine", "iris", "diabetes"])
def test_a_table_keeps_the_features_asked_for(name):
    everything, two = load_residues(name, 5), load_residues(name, 5, 2)
    columns = [column.tolist() for column in everything.x_train.T]
    assert two.dimension == 2
    assert all(column.tolist() in columns for column in two.x_train.T)
    np.testing.assert_array_equal(two.y_train, everything.y_train)


@pytest.mark.parametrize("name", SYNTHETIC)
@pytest.mark.parametrize(("prime", "dimension"), [(3, 1), (5, 2), (3, 4)])
def test_a_synthetic_function_is_given_on_all_points(name, prime, dimension):
    data = load_residues(name, prime, dimension)
    assert len(np.unique(data.x_train, axis=0)) == len(data.x_train) == prime**dimension
    np.testing.assert_array_equal(data.x_train, data.x_test)
    np.testing.assert_array_equal(data.y_train, data.y_test)
    assert abs(data.y_train.mean()) < 1e-12
    assert abs(data.y_train.std() - 1) < 1e-12


def test_the_sine_is_a_sine_of_the_sum():
    data = load_residues("sine", 7, 2)
    expected = np.sqrt(2) * np.sin(2 * np.pi * data.x_train.sum(axis=1) / 7)
    np.testing.assert_allclose(data.y_train, expected, rtol=0, atol=1e-12)


def test_the_ridge_function_varies_along_one_direction_alone():
    data = load_residues("ridge", 5, 2)
    table = data.y_train.reshape(5, 5)
    along = [
        (step, other)
        for step in range(5)
        for other in range(5)
        if (step, other) != (0, 0)
        and np.allclose(table, np.roll(table, (step, other), axis=(0, 1)), rtol=0, atol=1e-12)
    ]
    assert len(along) == 4


@pytest.mark.parametrize("name", ["digits", "mnist-8-9", "wine", "diabetes", "ridge", "random"])
def test_the_seed_alone_decides(name):
    first, again, other = (load_residues(name, 5, 4, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.x_train, again.x_train)
    np.testing.assert_array_equal(first.y_train, again.y_train)
    assert not np.array_equal(first.y_train, other.y_train)


@pytest.mark.parametrize("name", ["digits", "breast-cancer", "iris", "mnist-8-9"])
def test_classes_are_equally_frequent_in_both_parts(name):
    data = load_residues(name, 5)
    np.testing.assert_allclose(data.y_train.mean(axis=0), data.y_test.mean(axis=0), atol=0.03)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("digts", 17), "There is no data set 'digts'. Did you mean 'digits' or 'diabetes'? There are: "),
        (("Wine", 5), "There is no data set 'Wine'. Did you mean 'wine' or 'sine'? There are: "),
        ((3, 5), "There is no data set 3. There are: breast-cancer, diabetes, digits"),
        (("digits", 16), "prime = 16 is not prime; the nearest primes are 13 and 17"),
        (
            ("digits", 17, 11),
            "features = 11: images of 8x8 pixels cannot be pooled to 11 equal cells; there are: 1, 2",
        ),
        (
            ("mnist-8-9", 17, 11 * 31),
            "features = 341: images of 28x28 pixels cannot be pooled to 341 equal cells; the nearest that go: 338, ",
        ),
        (("digits", 17, 65), "features = 65: images of 8x8 pixels cannot be pooled to 65 equal cells; there are: 1, 2"),
        (("wine", 5, 14), "features = 14: the data set 'wine' has 13; give at most that"),
        (("wine", 5, 0), "features = 0 is too small; give at least 1"),
        (("wine", 5, 2.5), "features = 2.5 is no whole number; give one of at least 1"),
        (("wine", 5, "all"), "features = 'all' is no whole number; give one of at least 1"),
        (("sine", 2, 3), "The data set 'sine' is constant at prime = 2; choose a larger prime"),
        (("sine", 17, 64), "The data set 'sine' on all of Z_17^64 needs 10^81 bytes, but "),
        (
            ("wine", 5, 3, 0, "hue"),
            "target = 'hue': the data set 'wine' has a target of its own, cultivar",
        ),
        (("sine", 5, 3, 0, "y"), "target = 'y': the function 'sine' is its own target; leave it out"),
        (("none.csv", 5), "There is no file 'none.csv'"),
        (("wine", 5, 3, -1), "seed = -1 cannot seed a random generator"),
    ],
)
def test_what_cannot_be_loaded_is_refused(arguments, message):
    with pytest.raises(InputError, match=re.escape(message)):
        load_residues(*arguments)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "my.csv"
    rng = np.random.default_rng(0)
    lines = [f"{a},{b},0,{a * b},{'yes' if a > b else 'no'}" for a, b in rng.normal(size=(40, 2))]
    path.write_text("\n".join(["a,b,nothing,product,answer", *lines]))
    return path


def test_a_file_goes_where_a_name_goes(table):
    data = load_residues(table, 5, 2)
    assert (data.name, data.dimension, data.kind) == ("my.csv", 2, TWO_CLASSES)
    assert data.description == (
        "Rows of my.csv (target: the last column 'answer'), yes (+1) against no (-1); 2 of 4 features, each cut into 5 "
        "quantile levels."
    )
    again = load_residues(load_dataset(str(table), "answer"), 5, 2)
    np.testing.assert_array_equal(data.x_train, again.x_train)
    np.testing.assert_array_equal(data.y_test, again.y_test)
    assert load_residues(table, 5, target="product").description.endswith(
        "each cut into 5 quantile levels, but 'answer' as coded. 'answer' is coded: no = 0, yes = 1. The same in every "
        "row: 'nothing'."
    )


def test_constant_features_are_the_last_to_be_chosen(table):
    assert [len(np.unique(column)) for column in load_residues(table, 3, 3).x_train.T] == [3, 3, 3]
    assert [len(np.unique(column)) for column in load_residues(table, 3).x_train.T] == [3, 3, 1, 3]


def test_a_target_that_is_constant_in_the_training_part_is_refused():
    rows = Dataset.from_samples(np.arange(8)[:, None], [0.5] * 7 + [1.5])
    said = set()
    for seed in range(20):
        try:
            said.add(load_residues(rows, 3, seed=seed).kind)
        except InputError as refused:
            said.add(str(refused))
    assert said == {
        REGRESSION,
        "The target 'target' of 'data' is constant in the training part, and there is nothing to learn; give more "
        "samples or another seed.",
    }


def test_first_points_keep_the_order_of_the_split():
    data = load_residues("iris", 3, 2)
    few = first_points(data, 3)
    assert len(np.unique(few.x_train, axis=0)) == 3
    np.testing.assert_array_equal(few.x_train[0], data.x_train[0])
    assert len(few.x_test) == len(data.x_test)


def test_only_splits_of_the_same_samples_overlap():
    overlaps = {name: load_residues(name, 5, 2).overlap for name in ("iris", "sine", "random")}
    assert overlaps == {"iris": 38 / 112, "sine": 0, "random": 0}
    assert [load_residues(name, 5, 2).held_out for name in overlaps] == [True, False, True]


@pytest.mark.parametrize("name", ["breast-cancer", "wine", "iris", "diabetes", "perfect", "tied"])
def test_scores_and_chosen_features_are_those_of_scikit_learn(name):
    """To the last digit: which feature is chosen may hang on it."""
    rng = np.random.default_rng(0)
    x = np.repeat(rng.normal(size=(40, 3)), 2, axis=1)
    own = {
        "perfect": Dataset.from_samples(np.c_[2 * x[:, 0], x], x[:, 0]),  # a feature is the target
        "tied": Dataset.from_samples(x, np.arange(40) % 3),  # of each feature there are two
    }
    train, _ = split(own[name] if name in own else load_dataset(name), 0)
    score = f_regression if train.kind == REGRESSION else f_classif
    x = train.x[:, np.arange(len(train.features))]  # in memory as the scores have them
    np.testing.assert_array_equal(feature_scores(train), score(x, train.y)[0])
    for count in range(1, len(train.features)):
        expected = SelectKBest(score, k=count).fit(x, train.y).get_support(indices=True)
        np.testing.assert_array_equal(best_features(train, count), expected)
