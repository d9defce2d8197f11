"""`tickets compare` and `tickets risk` of two NPY files: the numbers of the same samples in memory, chunk by chunk."""

import numpy as np
import pytest

import compare
from compare.risk import baseline_risks, risk_over_nodes
from compare.studies import rows
from compare.studies.ridgelet.risk import measures as risk_measures
from compare.studies.ridgelet.risk.folds import FileSplit, Split
from compare.studies.ridgelet.risk.study import CELL
from compare.studies.ridgelet.risk.study import PROBLEM as FOLD
from compare.studies.ridgelet.samplers.study import DRAW, FILES, RISK, STUDY, TEST
from problems.errors import InputError
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.chunks import points as points_module
from problems.ridgelet.data import Residues
from problems.ridgelet.held_out import HeldOutRows, hold_out
from problems.seeds import named


@pytest.fixture(autouse=True)
def in_this_process(here, monkeypatch):
    monkeypatch.setattr("problems.ridgelet.chunks.samples.CHUNK", 50)
    rows._check_content.cache_clear()


@pytest.fixture
def files(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.integers(0, 5, (240, 4))
    y = (x[:, 0] + x[:, 1] > 4).astype(int)
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "y.npy", y)
    return tmp_path / "x.npy", tmp_path / "y.npy"


def run(study, files, out, **more):
    asked = {"dataset": str(files[0]), "target": str(files[1]), "prime": 5, "memory": "200MiB"}
    return compare.run(study, out=out, progress=False, **(asked | more))


def in_memory(data):
    """The same two parts as arrays, and their problem."""
    x_train, x_test = (np.concatenate(list(data.blocks(rows))).astype(np.int64) for rows in (data.x_train, data.x_test))
    residues = Residues("x", data.description, 5, x_train, x_test, data.y_train, data.y_test, data.kind)
    return residues, RidgeletProblem.from_samples(x_train, data.y_train, 5, 1e-3, "relu")


FEW = {"methods": ("dequantized", "uniform", "enumeration", "rejection"), "nodes": 8, "samples": 60}


def test_compare_says_of_files_what_it_says_of_the_same_samples_in_memory(files, tmp_path):
    runs = run("compare", files, tmp_path / "out", **FEW)
    assert not runs.missing
    (described,) = runs[FILES]
    name = described["dataset"]
    data = hold_out(*files, 5, named("split", seed=0, dataset=name))
    residues, problem = in_memory(data)
    assert (described["distinct"], described["train"], described["test"]) == (len(problem.data), 180, 60)
    for key, found in described["baselines"].items():
        assert found == pytest.approx(baseline_risks(problem, residues)[key], abs=1e-12)
    draws = {row["method"]: row for row in runs[DRAW]}
    assert set(draws) == {"dequantized", "uniform"} == {row["method"] for row in runs[TEST]}
    for row in runs[RISK]:
        nodes = Nodes(*(draws[row["method"]][part].astype(np.int64) for part in ("a", "b")))
        expected = risk_over_nodes(problem, residues, nodes, row["sizes"], 3, row["ridge"])
        np.testing.assert_allclose(row["empirical"][:3], expected.empirical, rtol=1e-6)
        np.testing.assert_allclose(row["held_out"][:3], expected.held_out, rtol=1e-6)
    left = runs.made().sections[0].tables[1]
    assert left.title == "Left out at this size"
    assert [str(row[0]) for row in left.rows] == [STUDY.methods[name].label for name in ("enumeration", "rejection")]
    assert left.rows[0][1] == "tabulates 5^5 nodes, some 10^3"


def test_the_nodes_of_files_are_read_by_no_method_at_once(files, tmp_path, monkeypatch):
    """Whatever is run of files asks for chunks: no problem hands out all its points."""

    def refuse(self):
        raise AssertionError("all points at once")

    monkeypatch.setattr(points_module.ChunkedPoints, "dense", refuse)
    monkeypatch.setattr("compare.studies.ridgelet.samplers.measures.is_enumerable", lambda problem: False)
    monkeypatch.setattr("compare.distributions.goodness.is_enumerable", lambda problem: False)
    monkeypatch.setattr("compare.distributions.cross_entropy.is_enumerable", lambda problem: False)
    named_methods = ("dequantized", "subspace-2")
    runs = run("compare", files, tmp_path / "out", methods=named_methods, nodes=8, samples=60)
    assert {row["method"] for row in runs[TEST]} == set(named_methods)
    methods = ("candidates", "residual-2", "refined-2", "leverage")
    runs = run("risk", files, tmp_path / "risk", methods=methods, folds=2, nodes=4)
    assert len(runs[CELL]) == 2 * len(methods)


def test_risks_of_files_are_those_of_the_same_samples_in_memory(files, tmp_path, monkeypatch):
    asked = {"methods": ("dequantized", "uniform", "subspace-2", "rbf"), "folds": 2, "nodes": 8}
    runs = run("risk", files, tmp_path / "out", **asked)
    found = {(row["method"], row["fold"]): row for row in runs[CELL]}
    assert len(found) == 8
    split, splits = risk_measures.load_split, []

    def loaded(task, inputs):
        own = split(task, inputs)
        assert isinstance(own, FileSplit)
        assert isinstance(own.data, HeldOutRows)
        splits.append(Split(*in_memory(own.data)))
        return splits[-1]

    monkeypatch.setattr(risk_measures, "load_split", loaded)
    other = run("risk", files, tmp_path / "other", **asked)
    assert len(splits) == 11
    for row in other[CELL]:
        for which in ("fixed", "chosen"):
            np.testing.assert_allclose(found[row["method"], row["fold"]][which], row[which], rtol=1e-6)
        assert found[row["method"], row["fold"]]["penalties"] == row["penalties"]
    for one, two in zip(runs[FOLD], other[FOLD], strict=True):
        assert one["zero"] == pytest.approx(two["zero"])
        assert one["points"] == two["points"]


def test_what_needs_all_samples_is_left_out_of_the_risks_with_what_it_takes(files, tmp_path, monkeypatch):
    monkeypatch.setattr("compare.studies.ridgelet.risk.files.as_bytes", lambda name, value: 1000)
    runs = run("risk", files, tmp_path / "out", methods=("uniform", "rbf"), folds=2, nodes=4)
    said = runs.refused(CELL).unique("refused")
    assert said == ["needs all 180 samples at once, about 22.5 KiB, and 1000 bytes may be taken"]
    last = runs.made().sections[-2].tables[0]
    assert f"does not apply: {said[0]}" in [str(row[1]) for row in last.rows]


def test_the_same_again_and_files_that_changed(files, tmp_path, tickets):
    flags = ["--dataset", files[0], "--target", files[1], "--prime", "5", "--method", "uniform", "--folds", "2"]
    flags += ["--nodes", "4", "--memory", "100MiB"]
    out, other = tmp_path / "out", tmp_path / "other"
    assert tickets("risk", *flags, "--out", out)[0] == 0
    first, page = (out / "records.jsonl").read_bytes(), (out / "report.html").read_text()
    code, said, errors = tickets("again", out / "report.html", "--out", out)
    assert errors == ""
    assert (code, (out / "records.jsonl").read_bytes()) == (0, first)
    assert "rows:" not in said
    assert "rows:" not in page.split("Behind the numbers")[0].split("<body")[1]
    # In another folder the page alone knows what the files hold, but not where they are.
    code, _, errors = tickets("again", out / "report.html", "--out", other)
    assert code == 1
    assert "waits for NPY files: name them again, as with --dataset and --target" in errors
    assert errors.count("\n") == 1
    assert tickets("risk", *flags, "--out", other)[0] == 0
    # A file that changed is another data set by its name; by its content it is asked for, and refused.
    third = tmp_path / "third"
    tickets("again", out / "report.html", "--out", third)
    (third / "records.jsonl").write_bytes(first.splitlines(keepends=True)[0])
    np.save(files[0], np.load(files[0])[::-1])
    rows._check_content.cache_clear()
    code, _, errors = tickets("again", out / "report.html", "--out", third)
    assert code == 1
    assert "has changed since it was named" in errors
    assert errors.count("\n") == 1


def test_bad_flags_are_one_line_each(files, tmp_path):
    x, y = map(str, files)
    for study, more, said in (
        ("compare", {"methods": ("enumeration",)}, "none of these passes over points in NPY files"),
        ("compare", {"features": 3}, "features = 3: of points in an NPY file all features are taken"),
        ("compare", {"raw_prime": 5}, "raw_prime = 5: points in an NPY file have no such part"),
        ("compare", {"without": ("a", "b")}, "without = a,b: of points in an NPY file all columns are taken"),
        ("compare", {"memory": "1MiB"}, "memory = 1 MiB is too little: Reading 180 rows .* memory = 49MiB or more"),
        ("risk", {"memory": "1MiB"}, "memory = 1 MiB is too little"),
        ("risk", {"dataset": None, "datasets": (x, "a.csv")}, "would share one --target"),
        ("risk", {"dataset": None, "datasets": (x, y)}, "would share one --target"),
        ("risk", {"dataset": "iris", "target": None, "memory": None}, "prime = 5: it is said of points in NPY files"),
        ("risk", {"target": None}, "have their targets in another one"),
    ):
        asked = {"dataset": x, "target": y, "prime": 5, "memory": "200MiB"} | more
        asked = {name: value for name, value in asked.items() if value is not None or name == "target"}
        with pytest.raises(InputError, match=said) as caught:
            compare.run(study, out=tmp_path / "out", progress=False, **asked)
        assert "\n" not in str(caught.value)
        assert not (tmp_path / "out").exists()
