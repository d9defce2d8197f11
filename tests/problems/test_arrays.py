"""Arrays as users give them: numbers kept as objects are numbers, what is masked or missing is never taken for one."""

import numpy as np
import pytest

from problems.arrays import BLOCK, as_numbers, turned
from problems.datasets import Dataset
from problems.errors import InputError
from problems.quantizers import QuantileQuantizer
from problems.ridgelet import Nodes, RidgeletProblem

X = np.array([[0, 1], [1, 2], [2, 0], [1, 1]])
Y = np.array([1.0, -1.0, 0.5, 0.25])
MASKED = np.ma.masked_array(X, mask=[[0, 0], [0, 1], [0, 0], [1, 0]])


class Frame:
    """Becomes an array as a data frame does: columns of several types, or of categories, become objects."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype or object)


class NAType:
    """Missing, as pandas writes it in columns of whole numbers."""


def test_arrays_are_taken_as_they_are():
    assert as_numbers("x", X) is X
    assert as_numbers("x", ["a", "b"]).dtype.kind == "U"
    assert as_numbers("x", np.ma.masked_array(X)).tolist() == X.tolist()


@pytest.mark.parametrize("values", [X.astype(object), Frame(X.tolist())])
def test_numbers_kept_as_objects_are_numbers(values):
    found = as_numbers("x", values)
    assert found.dtype == np.int64
    np.testing.assert_array_equal(found, X)
    problem = RidgeletProblem.from_samples(values, Frame(Y.tolist()), 3)
    assert problem.digest == RidgeletProblem.from_samples(X, Y, 3).digest
    np.testing.assert_array_equal(Dataset.from_samples(values, Frame(Y.tolist())).x, X)
    assert Nodes(values, Frame([0, 1, 2, 0])) == Nodes(X, [0, 1, 2, 0])
    np.testing.assert_array_equal(
        QuantileQuantizer(3).fit(values).transform(values), QuantileQuantizer(3).fit(X).transform(X)
    )


def test_what_is_missing_is_not_a_number():
    found = as_numbers("x", [[1, NAType()], [None, 2.5]])
    np.testing.assert_array_equal(found, [[1, np.nan], [np.nan, 2.5]])


@pytest.mark.parametrize(
    "take",
    [
        lambda x: RidgeletProblem.from_samples(x, Y, 3),
        lambda x: Dataset.from_samples(x, Y),
        lambda x: Nodes(x, [0, 1, 2, 0]),
        lambda x: QuantileQuantizer(3).fit(x),
        lambda x: RidgeletProblem.from_samples(X, x[:, 1], 3),
    ],
    ids=["points", "data set", "nodes", "quantizer", "targets"],
)
def test_masked_entries_are_refused_with_their_place(take):
    with pytest.raises(InputError, match=r"\[1(, 1)?\] is masked, and [12] entries are; impute them, or drop"):
        take(MASKED)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[1, 2], [3]], "x is no rectangular array; give rows of equal length"),
        (np.array([[1, "u"], [2, 3]], dtype=object), r"x\[0, 1\] = 'u' is no number; give numbers alone, or encode"),
        (np.array([], dtype=object), r"x is empty \(shape \(0,\)\); give at least one entry"),
        ({1, 2}, r"x = \{1, 2\} is no number"),
    ],
)
def test_what_is_no_array_of_numbers_is_refused(values, message):
    with pytest.raises(InputError, match=message):
        as_numbers("x", values)


@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (2 * BLOCK + 5, 3), (3, BLOCK + 1)])
def test_a_turned_table_is_the_transpose_in_one_piece(shape):
    table = np.arange(np.prod(shape), dtype=float).reshape(shape)
    np.testing.assert_array_equal(turned(table), table.T)
    assert turned(table).flags.c_contiguous
