"""`tickets sample` of two NPY files: drawn where they lie, named by their content."""

import numpy as np
import pytest

import compare
from compare.engine import running
from compare.studies.ridgelet.drawing.study import PART
from problems.errors import InputError
from problems.names import is_rows_identity
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.large import identity, large_problem


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    monkeypatch.setattr(running, "importable", lambda kind: False)


@pytest.fixture
def files(tmp_path):
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 5, (200, 4)), rng.integers(0, 2, 200)
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "y.npy", y)
    return tmp_path / "x.npy", tmp_path / "y.npy", x, y


def run(out, x, y, **more):
    asked = {"dataset": str(x), "target": str(y), "prime": 5, "samples": 30, "memory": "100MiB"}
    return compare.run("sample", out=out, progress=False, **(asked | more))


def test_nodes_of_files_are_those_of_their_problem_and_are_not_drawn_again(files, tmp_path):
    points, labels, x, y = files
    runs = run(tmp_path / "out", points, labels)
    row = runs[PART][0]
    assert is_rows_identity(row["dataset"])
    assert row["points"] == len(np.unique(x, axis=0))
    signs = np.where(y == 1, 1.0, -1.0)
    problem = RidgeletProblem.from_samples(x, signs - signs.mean(), 5)
    with np.load(tmp_path / "out" / "nodes.npz") as found:
        density = problem.density(Nodes(found["a"], found["b"]))
        np.testing.assert_allclose(found["density"], density, rtol=1e-9)
    first = (tmp_path / "out" / "records.jsonl").read_bytes()
    run(tmp_path / "out", points, labels)
    assert (tmp_path / "out" / "records.jsonl").read_bytes() == first
    np.save(points, (x + 1) % 5)
    assert identity(points, labels) != row["dataset"]


def test_features_that_are_no_residues_are_quantized_and_targets_are_centered(files, tmp_path):
    points, labels, _, _ = files
    rng = np.random.default_rng(1)
    np.save(points, rng.normal(size=(200, 4)))
    for targets, outputs, said in (
        (rng.normal(size=200), 1, "a target, standardized"),
        (rng.integers(0, 4, 200), 4, "4 classes, one output each"),
        (rng.normal(size=(200, 3)), 3, "3 targets, centered"),
        (rng.integers(7, 9, 200), 1, "two classes"),
    ):
        np.save(labels, targets)
        problem, described = large_problem(points, labels, 3)
        assert problem.outputs == outputs
        assert described == f"x.npy: 200 rows of 4 features, 3 quantile levels, ranks within 0.00%; {said}."
        means = problem.counts @ problem.labels / 200
        np.testing.assert_allclose(means, 0, rtol=0, atol=1e-12)


def test_bad_input_is_one_line_each(files, tmp_path):
    points, labels, _, _ = files
    np.save(tmp_path / "short.npy", np.ones(7))
    np.save(tmp_path / "same.npy", np.ones(200))
    broken = np.zeros((200, 4))
    broken[41, 2] = np.nan
    np.save(tmp_path / "broken.npy", broken)
    for x, y, more, said in (
        (points, None, {"target": None}, "have their targets in another one"),
        (points, labels, {"features": 2}, "all features are taken"),
        (points, labels, {"missing": "drop"}, "NPY files may miss nothing"),
        (points, labels, {"memory": "1MiB"}, "memory = 1 MiB is too little"),
        (points, labels, {"memory": "much"}, "memory = 'much' is no amount of memory"),
        (points, tmp_path / "short.npy", {}, "but short.npy has"),
        (points, tmp_path / "same.npy", {}, "is 1 in every row"),
        (points, tmp_path / "none.npy", {}, "There is no file"),
        (tmp_path / "broken.npy", labels, {}, r"broken.npy\[41, 2\] = nan is not finite"),
        ("iris", None, {"target": None}, "is said of points in NPY files alone"),
    ):
        with pytest.raises(InputError, match=said) as caught:
            run(tmp_path / "out", x, y, **more)
        assert "\n" not in str(caught.value)
        assert not (tmp_path / "out").exists()
