"""`tickets data` of two NPY files."""

import json
import shlex

import numpy as np
import pytest

from compare.own_rows import LARGEST
from compare.studies import STUDIES
from problems.ridgelet.transform import MAX_COMPILED_PRIME


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    x = rng.integers(0, 6, (40, 3), dtype=np.uint8)
    x[0] = 0, 5, 2
    np.save("x.npy", x)
    np.save("y.npy", rng.integers(0, 2, 40))
    return tmp_path


def test_what_files_hold_and_which_commands_take_them(files, tickets):
    code, said, errors = tickets("data", "x.npy", "--target", "y.npy")
    assert (code, errors) == (0, "")
    lines = said.splitlines()
    assert lines[0] == (
        "x.npy: 40 rows of 3 features (uint8, 120 bytes); whole numbers from 0 to 5. y.npy: two classes."
    )
    assert lines[1] == "P = 7: residues as they are; a node's table takes 392 bytes."
    fitting = {line.split()[0]: line for line in lines if " fits: " in line}
    assert set(fitting) == {"compare", "risk", "sample"}
    for line in fitting.values():
        words = shlex.split(line.partition("fits: tickets ")[2])
        assert tickets(*words, "--dry-run", "--out", files / "out")[0] == 0


def test_the_same_as_an_object_with_primes_of_ones_own(files, tickets):
    code, said, _ = tickets("data", "x.npy", "--target", "y.npy", "--prime", "3,17", "--json")
    found = json.loads(said)
    assert code == 0
    assert [(one["prime"], one["levels"]) for one in found["primes"]] == [
        (3, "3 quantile levels"),
        (17, "residues as they are"),
    ]
    assert (found["rows"], found["features"], found["least"], found["largest"]) == (40, 3, 0, 5)
    assert [one["study"] for one in found["studies"]] == list(STUDIES)


def test_no_prime_is_advised_that_is_not_compiled():
    assert LARGEST == MAX_COMPILED_PRIME


def test_bad_input_is_one_line_each(files, tickets):
    broken = np.ones((40, 3))
    broken[7, 1] = np.inf
    np.save("broken.npy", broken)
    np.save("short.npy", np.ones(3))
    for words, said in (
        (["x.npy"], "target = None: points in an NPY file have their targets in another one"),
        (["x.npy", "--target", "label"], "have their targets in another one"),
        (["x.npy", "--target", "short.npy"], "x.npy has shape (40, 3) but short.npy has (3,)"),
        (["x.npy", "--target", "y.npy", "--features", "2"], "all are taken"),
        (["x.npy", "--target", "y.npy", "--missing", "drop"], "missing: of points in an NPY file nothing may be"),
        (["x.npy", "--target", "y.npy", "--without", "a"], "without: of points in an NPY file nothing may be"),
        (["x.npy", "--target", "y.npy", "--prime", "6"], "6 is not prime"),
        (["broken.npy", "--target", "y.npy"], "broken.npy[7, 1] = inf is not finite"),
        (["none.npy", "--target", "y.npy"], "There is no file"),
    ):
        code, _, errors = tickets("data", *words)
        assert (code, errors.count("\n")) == (2, 1), errors
        assert said in errors
