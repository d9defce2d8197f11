"""The digest of a problem: the same for the same content, another for any other."""

import dataclasses

import numpy as np
import pytest
from scipy import sparse

from problems.ridgelet import RidgeletProblem
from problems.ridgelet import problem as problem_module
from problems.ridgelet.points import Points
from tests import reference

X, Y = reference.random_samples(np.random.default_rng(0), 3, 4, 30, 2)


def problem_of(x=X, y=Y, prime=3, regularization=0.05, activation="relu"):
    return RidgeletProblem.from_samples(x, y, prime, regularization, activation)


def test_a_digest_is_sha256_in_hex_and_stays_what_it_was():
    """Written out, so that no later version reads the records of this one as those of other problems."""
    problem = RidgeletProblem.from_samples([[0, 1], [2, 0], [0, 1]], [1, -1, 1], 3, 0.5, [0, 3, -3])
    assert problem.digest == "09fcaffcda48f68375b5622b61f914df22ba50aa542c6efc2c6c20e7276a4b1b"


@pytest.mark.parametrize("kind", [np.uint8, np.int64, float, sparse.csr_array, sparse.coo_matrix])
def test_the_storage_of_the_points_does_not_matter(kind):
    x = kind(X) if isinstance(kind, type) and kind.__module__.startswith("scipy") else X.astype(kind)
    assert problem_of(x).digest == problem_of().digest


@pytest.mark.parametrize("kind", ["<i8", ">i4", "u1"])
def test_nor_does_a_memory_mapped_file_of_any_byte_order(kind, tmp_path):
    x = np.memmap(tmp_path / "x", kind, "w+", shape=X.shape)
    x[:] = X
    assert problem_of(x).digest == problem_of().digest


def test_the_order_of_the_points_does_not_matter():
    problem = problem_of()
    order = np.random.default_rng(1).permutation(len(problem.data))
    other = dataclasses.replace(
        problem,
        data=Points(problem.data.array, problem.data.rows[order]),
        counts=problem.counts[order],
        labels=problem.labels[order],
    )
    assert other.digest == problem.digest
    # But which count and which labels belong to which point does.
    assert dataclasses.replace(problem, labels=problem.labels[order]).digest != problem.digest
    assert dataclasses.replace(problem, counts=np.roll(problem.counts, 1)).digest != problem.digest


def test_blocks_do_not_matter(monkeypatch):
    expected = problem_of().digest, problem_of(sparse.csr_array(X)).digest
    monkeypatch.setattr(problem_module, "row_blocks", lambda rows, columns: (slice(i, i + 1) for i in range(rows)))
    assert (problem_of().digest, problem_of(sparse.csr_array(X)).digest) == expected


def test_zero_is_zero_whatever_its_sign_and_an_activation_is_its_table():
    problem = problem_of([[0], [1]], [0.0, 1.0], 3)
    negative = dataclasses.replace(problem, labels=np.array([[-0.0], [1.0]]))
    assert np.signbit(problem.labels[0, 0]) != np.signbit(negative.labels[0, 0])
    assert negative.digest == problem.digest
    assert problem_of(activation=reference.ridgelet_table(3)).digest == problem_of().digest


def test_any_other_content_has_another_digest():
    x, labels = X.copy(), problem_of().labels.copy()
    x[3, 2] = (x[3, 2] + 1) % 3
    labels[5, 1] = np.nextafter(labels[5, 1], np.inf)
    others = [
        problem_of(),
        problem_of(x),
        problem_of(X[:, ::-1]),
        problem_of(np.pad(X, ((0, 0), (0, 1)))),
        dataclasses.replace(problem_of(), labels=labels),
        problem_of(y=Y[:, ::-1]),
        problem_of(y=Y[:, 0]),
        problem_of(prime=5),
        problem_of(regularization=np.nextafter(0.05, 1)),
        problem_of(activation="sine"),
        problem_of(np.repeat(X, 2, axis=0), np.repeat(Y, 2, axis=0)),
        problem_of(X[:-1], Y[:-1]),
    ]
    assert len({problem.digest for problem in others}) == len(others)
