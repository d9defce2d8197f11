import re

import numpy as np
import pytest
from sklearn.model_selection import train_test_split

from problems.datasets import DATASETS, Dataset, load_dataset, split
from problems.errors import InputError
from problems.seeds import integer_seed


def rows(data):
    return np.column_stack([data.x, data.y])


@pytest.mark.parametrize("name", DATASETS)
def test_both_parts_are_the_whole_with_the_same_shares_of_classes(name):
    data = load_dataset(name)
    train, test = split(data, 1)
    assert len(test) == pytest.approx(len(data) / 4, abs=1)
    joined, whole = np.vstack([rows(train), rows(test)]), rows(data)
    np.testing.assert_array_equal(joined[np.lexsort(joined.T)], whole[np.lexsort(whole.T)])
    if data.classes:
        np.testing.assert_allclose(np.bincount(train.y) / len(train), np.bincount(test.y) / len(test), atol=0.03)


def test_digits_of_parity_are_split_digit_by_digit():
    data = load_dataset("digits")
    train, test = split(data, 3)
    np.testing.assert_allclose(np.bincount(train.strata) / np.bincount(data.strata), 0.75, atol=0.01)
    assert len(test.strata) == len(test)


@pytest.mark.parametrize("held_out", [0.25, 0.5, 1 / 3])
@pytest.mark.parametrize("classes", [0, 2, 3, 7])
def test_parts_are_those_of_scikit_learn(classes, held_out):
    """Sample by sample, whatever ties of remainders there are; labels may be numbers or words."""
    rng = np.random.default_rng(classes)
    for count in (31, 60, 101):
        y = np.arange(count) % classes if classes else rng.normal(size=count)
        data = Dataset.from_samples(np.arange(count)[:, None], rng.permutation(y))
        for seed in range(5):
            asked = {"test_size": held_out, "random_state": integer_seed(seed), "stratify": data.y if classes else None}
            expected = train_test_split(np.arange(count), **asked)
            for part, places in zip(split(data, seed, held_out), expected, strict=True):
                np.testing.assert_array_equal(part.x[:, 0], places)


def test_the_seed_and_the_share_decide():
    data = load_dataset("wine")
    (one, _), (again, _), (other, _), (_, half) = split(data, 1), split(data, 1), split(data, 2), split(data, 1, 0.5)
    np.testing.assert_array_equal(one.x, again.x)
    assert not np.array_equal(one.x, other.x)
    assert len(half) == 89


@pytest.mark.parametrize(
    ("y", "held_out", "message"),
    [
        ([0, 0, 1, 1], 0.0, "held_out = 0.0 is no share; give a number between 0 and 1"),
        (
            [0, 0, 1, 1],
            0.25,
            "The data set 'data' has 4 samples, too few to hold 0.25 of them out with 2 classes",
        ),
        ([0, 0, 1, 1], 0.5, None),
        ([0.5, 1.5], 0.5, None),
    ],
)
def test_too_few_samples_are_refused(y, held_out, message):
    data = Dataset.from_samples(np.arange(len(y))[:, None], y)
    if message is None:
        assert [len(part) for part in split(data, 0, held_out)] == [len(y) // 2] * 2
    else:
        with pytest.raises(InputError, match=re.escape(message)):
            split(data, 0, held_out)
