"""A user's own update in a file, and files that are refused."""

import os
from pathlib import Path

import numpy as np
import pytest

from problems.errors import InputError
from problems.sparse_training import read_update
from tests.problems.sparse_training.references import PAIR


def write(path: Path, **arrays: object) -> Path:
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return path


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    arrays = {f"F_{k}": matrix for k, matrix in enumerate(PAIR.coefficients)}
    found = read_update(write(tmp_path / "mine.npz", **arrays, start=np.array([0.4, -0.3])))
    assert found.name == "mine.npz"
    assert found.source.startswith("file:")
    assert len(found.source) == 21
    for given, read in zip(PAIR.coefficients, found.update.coefficients, strict=True):
        np.testing.assert_array_equal(given, read)
    np.testing.assert_array_equal(found.start, [0.4, -0.3])
    other = read_update(write(tmp_path / "other.npz", **arrays))
    assert other.source != found.source
    np.testing.assert_array_equal(other.start, 0)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"F_0": np.zeros(2), "F_2": np.zeros((2, 4))}, "has no array 'F_1'"),
        ({"start": np.zeros(2)}, "has no array 'F_0'"),
        ({"F_0": np.zeros(2), "weights": np.zeros(2)}, "has an array 'weights'"),
        ({"F_0": np.zeros(2), "F_1": np.zeros((2, 3))}, "F_1 has shape"),
        ({"F_0": np.array([0, np.nan])}, "not finite"),
        ({"F_0": np.zeros(2), "start": np.zeros(3)}, "start has shape"),
        ({"F_0": np.array([None, 1], dtype=object)}, "pickled objects"),
    ],
)
def test_files_that_make_no_update_are_refused(tmp_path: Path, arrays: dict, message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        read_update(write(tmp_path / "bad.npz", **arrays))
    assert "bad.npz" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file"):
        read_update(tmp_path / "none.npz")
    (tmp_path / "text.npz").write_text("no archive")
    with pytest.raises(InputError, match="is no NPZ file"):
        read_update(tmp_path / "text.npz")
    os.mkfifo(tmp_path / "pipe.npz")
    for other in (tmp_path, tmp_path / "pipe.npz"):  # nobody writes into the pipe
        with pytest.raises(InputError, match="cannot be read"):
            read_update(other)
