import os
import pickle

import numpy as np
import pytest

from problems.errors import InputError
from problems.rows import RowSource, as_rows


def saved(folder, name, array):
    path = folder / name
    np.save(path, array)
    return path


class Held:
    """Something that is no array, but has a shape and gives rows."""

    def __init__(self, rows, shape=None):
        self.rows, self.shape = rows, rows.shape if shape is None else shape

    def __getitem__(self, which):
        return self.rows[which]


ROWS = np.arange(60).reshape(20, 3)


def given(kind, folder):
    if kind == "path":
        return saved(folder, "x.npy", ROWS)
    if kind == "text":
        return str(saved(folder, "x.npy", ROWS))
    if kind == "open":
        return np.load(saved(folder, "x.npy", ROWS), mmap_mode="r")
    if kind == "a part of an open one":
        return np.load(saved(folder, "x.npy", np.vstack([ROWS, ROWS])), mmap_mode="r")[20:]
    if kind == "several":
        return [saved(folder, "one.npy", ROWS[:7]), np.load(saved(folder, "b.npy", ROWS[7:9]), mmap_mode="r"), ROWS[9:]]
    return {"array": ROWS, "held": Held(ROWS), "lists": ROWS.tolist()}[kind]


@pytest.mark.parametrize("kind", ["path", "text", "open", "a part of an open one", "several", "array", "held", "lists"])
def test_any_range_of_rows_is_read_as_it_is(kind, tmp_path):
    rows = as_rows("x", given(kind, tmp_path))
    assert isinstance(rows, RowSource)
    assert as_rows("x", rows) is rows
    assert (rows.shape, rows.dtype) == ((20, 3), ROWS.dtype)
    assert rows.shared == (kind in ("path", "text", "open"))
    for start, stop in ((0, 20), (3, 4), (5, 12), (19, 20), (6, 10)):
        np.testing.assert_array_equal(rows.read(start, stop), ROWS[start:stop])
    if rows.shared:
        np.testing.assert_array_equal(pickle.loads(pickle.dumps(rows)).read(2, 9), ROWS[2:9])


@pytest.mark.parametrize("dtype", [">i2", "<f4", "?", "u1"])
def test_types_stay(dtype, tmp_path):
    array = (ROWS % 2).astype(dtype)
    rows = as_rows("x", saved(tmp_path, "x.npy", array))
    assert rows.read(4, 8).dtype == rows.dtype == array.dtype
    np.testing.assert_array_equal(rows.read(4, 8), array[4:8])


def test_a_file_stored_by_columns_is_read_from_each_of_them(tmp_path):
    rows = as_rows("x", saved(tmp_path, "x.npy", np.asfortranarray(ROWS).astype(">f4")))
    for start, stop in ((0, 20), (3, 4), (5, 12), (7, 7)):
        np.testing.assert_array_equal(rows.read(start, stop), ROWS[start:stop])
    assert (rows.dtype, rows.shape, rows.shared) == (np.dtype(">f4"), (20, 3), True)
    os.truncate(tmp_path / "x.npy", 200)
    with pytest.raises(InputError, match="was cut since it was opened"):
        rows.read(0, 2)


def test_a_file_that_was_cut_or_has_changed_is_refused_in_one_line(tmp_path):
    path = saved(tmp_path, "x.npy", ROWS)
    rows = as_rows("x", path)
    os.truncate(path, path.stat().st_size - 8)
    with pytest.raises(InputError, match=r"x\.npy was cut since it was opened"):
        rows.read(0, 2)
    with pytest.raises(InputError, match=r"is cut: an array of shape \(20, 3\) needs"):
        as_rows("x", path)
    saved(tmp_path, "x.npy", ROWS)
    os.utime(path, ns=(1, 1))
    with pytest.raises(InputError, match="has changed since it was opened"):
        rows.read(0, 2)
    path.unlink()
    with pytest.raises(InputError, match="There is no file"):
        rows.read(0, 2)


def test_what_is_no_file_of_rows_is_refused(tmp_path):
    text = tmp_path / "text.npy"
    text.write_text("no array")
    for path, said in (
        (text, "is no NPY file"),
        (tmp_path / "none.npy", "There is no file"),
        (tmp_path, "is no regular file"),
        (saved(tmp_path, "c.npy", np.asfortranarray(ROWS.reshape(5, 4, 3))), "stored by columns"),
        (saved(tmp_path, "t.npy", np.array(["a", "b"])), "entries; save real numbers"),
        (saved(tmp_path, "o.npy", np.array([{}, 1], dtype=object)), "pickled objects, which are never read"),
    ):
        with pytest.raises(InputError, match=said) as caught:
            as_rows("x", path)
        assert "\n" not in str(caught.value)


def test_things_that_give_no_rows_are_refused():
    broken = as_rows("x", Held(ROWS, (30, 3)))
    with pytest.raises(InputError, match=r"gave shape \(0, 3\) for rows 20 to 29"):
        broken.read(20, 30)
    with pytest.raises(InputError, match="is not known; compute its chunk sizes"):
        as_rows("x", Held(ROWS, (float("nan"), 3)))
    with pytest.raises(InputError, match="whose rows are equally long"):
        as_rows("x", [ROWS, ROWS[:, :2]])
    with pytest.raises(InputError, match="real numbers"):
        as_rows("x", np.array(["a", "b"]))
