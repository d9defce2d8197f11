"""Some rows of a source, against the same rows of the array."""

import pickle

import numpy as np
import pytest

from problems.errors import InputError
from problems.quantizers import QuantileQuantizer
from problems.ridgelet import RidgeletProblem
from problems.rows import RowSource, SomeRows, as_rows, row_number

ROWS = np.arange(600).reshape(200, 3)


@pytest.mark.parametrize("share", [0.02, 0.25, 0.75, 1.0])
def test_any_range_is_that_of_the_rows_that_are_kept(share, tmp_path):
    np.save(tmp_path / "x.npy", ROWS)
    source = as_rows("x", tmp_path / "x.npy")
    numbers = np.flatnonzero(np.random.default_rng(0).random(200) < share)
    rows = SomeRows(source, numbers)
    assert isinstance(rows, RowSource)
    assert (rows.shape, rows.dtype, rows.shared, rows.held) == ((len(numbers), 3), ROWS.dtype, True, len(numbers))
    for start, stop in ((0, len(numbers)), (0, 0), (1, 2), (2, len(numbers) - 1)):
        np.testing.assert_array_equal(rows.read(start, stop), ROWS[numbers][start:stop])
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(rows)).read(0, 3), ROWS[numbers[:3]])
    fewer = rows.kept(np.arange(1, len(numbers), 2))
    np.testing.assert_array_equal(fewer.read(0, fewer.shape[0]), ROWS[numbers[1::2]])
    # The numbers of all that are kept stay in memory too.
    assert fewer.held == len(numbers) + len(numbers[1::2])


def test_no_more_than_a_part_of_what_is_wanted_is_read_beside_it():
    class Counting:
        name, shape, dtype, shared, held = "x", (1000, 1), np.dtype(np.int64), False, 0
        most = 0

        def read(self, start, stop):
            self.most = max(self.most, stop - start)
            return np.arange(start, stop)[:, None]

    source = Counting()
    numbers = np.arange(0, 1000, 4)
    np.testing.assert_array_equal(SomeRows(source, numbers).read(0, 250)[:, 0], numbers)
    assert source.most <= 63


@pytest.mark.parametrize("numbers", [[1, 1], [2, 1], [-1, 3], [5, 200]])
def test_numbers_that_are_none_are_refused(numbers):
    with pytest.raises(InputError, match=r"ascending numbers 0\.\.199"):
        SomeRows(as_rows("x", ROWS), np.array(numbers))


def test_a_bad_entry_is_named_by_its_row_in_the_file(tmp_path):
    x = np.random.default_rng(0).normal(size=(40, 2))
    x[31, 1] = np.nan
    np.save(tmp_path / "x.npy", x)
    rows = SomeRows(as_rows("x", tmp_path / "x.npy"), np.arange(1, 40, 2))
    assert row_number(rows, 15) == 31
    with pytest.raises(InputError, match=r"x\.npy\[31, 1\] = nan"):
        QuantileQuantizer(3).fit_chunks(rows)
    with pytest.raises(InputError, match=r"x\.npy\[1, 0\] = "):
        RidgeletProblem.from_chunks(rows, np.ones(20), 3)
