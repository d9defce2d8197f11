"""Nodes in parts: what is asked for, what is drawn and never again, the file, the report of records alone."""

import random

import numpy as np
import pytest

import compare
from compare.engine import Runs, Seeds, running
from compare.studies.ridgelet.drawing import measures
from compare.studies.ridgelet.drawing.study import PART, STUDY, Part
from compare.studies.ridgelet.methods import SAMPLERS
from problems.errors import InputError
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.data import load_residues
from tests.compare.studies.lightness import report_lightly
from tests.compare.studies.ridgelet.toy import SmallWeightsSampler

ASKED = {"dataset": "iris", "prime": 3, "features": 2}


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    """Others would import everything anew for each run."""
    monkeypatch.setattr(running, "importable", lambda kind: False)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A run of three parts, which nobody may change."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "importable", lambda kind: False)
        return run(tmp_path_factory.mktemp("drawn"), samples=2500)


def run(out, **settings):
    return compare.run("sample", out=out, progress=False, **(ASKED | settings))


def nodes_of(folder):
    with np.load(folder / "nodes.npz", allow_pickle=False) as file:
        return dict(file)


def lines_of(folder):
    return (folder / "records.jsonl").read_bytes().splitlines()


@pytest.mark.parametrize("samples", [1, 37, 1000, 1001, 5000])
def test_all_nodes_are_drawn_in_parts_of_a_thousand(tmp_path, samples):
    runs = run(tmp_path, samples=samples, sampler="uniform")
    sizes = [(row["part"], row["nodes"]) for row in runs[PART]]
    assert sizes == [(part, min(1000, samples - 1000 * part)) for part in range(-(-samples // 1000))]
    found = nodes_of(tmp_path)
    assert {name: array.shape for name, array in found.items()} == {
        "a": (samples, 2),
        "b": (samples,),
        "density": (samples,),
    }


@pytest.mark.parametrize("sampler", ["dequantized", "enumeration", "circuit_statevector", "uniform"])
def test_nodes_come_with_their_densities(tmp_path, sampler):
    run(tmp_path, samples=37, sampler=sampler)
    found = nodes_of(tmp_path)
    data = load_residues("iris", 3, 2, 0)
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, 3)
    nodes = Nodes(found["a"], found["b"])
    problem.check_nodes(nodes)
    np.testing.assert_array_equal(found["density"], problem.density(nodes))
    assert found["a"].dtype == found["b"].dtype == np.int64


def test_more_samples_draw_the_new_parts_alone(tmp_path):
    run(tmp_path, samples=3000, sampler="uniform")
    before, first = lines_of(tmp_path), nodes_of(tmp_path)
    run(tmp_path, samples=5000, sampler="uniform")
    after = lines_of(tmp_path)
    assert (after[: len(before)], len(after) - len(before)) == (before, 2)
    more = nodes_of(tmp_path)
    for name, values in first.items():
        np.testing.assert_array_equal(more[name][:3000], values)
    # The file is of what was asked for last.
    run(tmp_path, samples=1000, sampler="uniform")
    assert lines_of(tmp_path) == after
    np.testing.assert_array_equal(nodes_of(tmp_path)["a"], first["a"][:1000])


def test_interrupted_it_keeps_what_was_drawn_and_continues_from_there(drawn, tmp_path, monkeypatch):
    measured, left = measures.draw, [1]

    def interrupted(*arguments):
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return measured(*arguments)

    monkeypatch.setattr(measures, "draw", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, samples=2500)
    kept = lines_of(tmp_path)
    assert len(kept) == 1
    assert not (tmp_path / "nodes.npz").exists()
    monkeypatch.setattr(measures, "draw", measured)
    run(tmp_path, samples=2500)
    assert lines_of(tmp_path)[:1] == kept
    assert len(lines_of(tmp_path)) == 3
    assert (tmp_path / "nodes.npz").read_bytes() == (drawn.folder / "nodes.npz").read_bytes()


def test_parts_differ_and_do_not_depend_on_how_many_there_are(drawn):
    a = nodes_of(drawn.folder)["a"]
    assert not np.array_equal(a[:500], a[1000:1500])
    assert not np.array_equal(a[:500], a[2000:])


def test_a_process_makes_the_sampler_once(monkeypatch):
    made = []

    class Counting(SmallWeightsSampler):
        def __init__(self, problem):
            made.append(problem)
            super().__init__(problem)

    monkeypatch.setattr("tests.compare.studies.ridgelet.toy.SmallWeightsSampler", Counting)
    for seed in (0, 0, 7):
        for number in range(3):
            place = "tests.compare.studies.ridgelet.toy:SmallWeightsSampler"
            task = Part("iris", 3, 2, place, 1e-3, "relu", seed, number, 10)
            measures.draw(task, Seeds(task), {})
    assert len(made) == 2


def test_a_sampler_may_be_named_by_its_place(tmp_path):
    runs = run(tmp_path, samples=20, sampler="tests.compare.studies.ridgelet.toy:SmallWeightsSampler")
    assert "20 nodes of SmallWeightsSampler (law: unknown) on iris" in runs.made().verdict[0]


def test_a_table_of_numbers_is_an_activation(tmp_path):
    run(tmp_path, samples=20, activation=[0, 1, -2])
    found = nodes_of(tmp_path)
    data = load_residues("iris", 3, 2, 0)
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, 3, activation=[0, 1, -2])
    np.testing.assert_array_equal(found["density"], problem.density(Nodes(found["a"], found["b"])))


# A file of the user's own


@pytest.fixture
def table(tmp_path):
    rng = random.Random(1)
    rows = [(rng.random(), rng.random()) for _ in range(60)]
    lines = [f"{a:.3f},{b:.3f},{'cat' if a + b > 1 else 'dog'}" for a, b in rows]
    path = tmp_path / "my.csv"
    path.write_text("\n".join(["a,b,species", *lines]) + "\n")
    return path


def test_a_file_stands_where_a_data_set_does(table, tmp_path):
    ask = {"dataset": str(table), "target": "species", "samples": 1200}
    runs = run(tmp_path / "out", **ask)
    assert "on my.csv with P = 3, D = 2" in runs.made().verdict[0]
    data = load_residues(table, 3, 2, 0, "species")
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, 3)
    found = nodes_of(tmp_path / "out")
    np.testing.assert_array_equal(found["density"], problem.density(Nodes(found["a"], found["b"])))
    before = lines_of(tmp_path / "out")
    run(tmp_path / "out", **ask)
    assert lines_of(tmp_path / "out") == before


def test_a_file_is_looked_at_before_a_folder_is_made(table, tmp_path):
    ask = {"dataset": str(table), "features": 3}
    with pytest.raises(InputError, match=r"features = 3: the data set 'my.csv' has 2"):
        run(tmp_path / "out", **ask)
    with pytest.raises(InputError, match="There is no target column 'z'"):
        run(tmp_path / "out", **(ask | {"target": "z"}))
    with pytest.raises(InputError, match=r"Enumerating 1009\^3 nodes"):
        run(tmp_path / "out", **(ask | {"features": 2, "prime": 1009, "sampler": "enumeration"}))
    assert not (tmp_path / "out").exists()


# Refusals


BAD = {
    "sampler = dequantised": ({"sampler": "dequantised"}, "no sampler 'dequantised'. Did you mean 'dequantized'"),
    "samples = 0": ({"samples": 0}, "samples = 0 is too small; give at least 1"),
    "features = 5": ({"features": 5}, "the data set 'iris' has 4"),
    "samples = 10^15": ({"samples": 10**15}, "samples"),
}


@pytest.mark.parametrize(("settings", "said"), BAD.values(), ids=BAD)
def test_what_cannot_be_drawn_is_refused_before_anything_is_written(drawn, tmp_path, settings, said):
    with pytest.raises(InputError) as refused:
        run(tmp_path / "out", **settings)
    assert said in str(refused.value)
    assert not (tmp_path / "out").exists()
    # And where other nodes were drawn before, nothing is added.
    before = sorted(drawn.folder.rglob("*"))
    with pytest.raises(InputError):
        run(drawn.folder, **settings)
    assert sorted(drawn.folder.rglob("*")) == before


# The report


def test_the_card_has_the_nodes_their_density_and_the_time(drawn, look):
    report = drawn.report()
    assert report.card.picture.name == "density"
    assert len(report.card.sentences) == 3
    said = "2,500 nodes of dequantized (law: p*) on iris with P = 3, D = 2, K = 5: nodes.npz"
    assert report.card.sentences[0].startswith(said)
    mean = np.mean(nodes_of(drawn.folder)["density"])
    assert f"is {mean:.3g} [" in report.card.sentences[1]
    (row,) = report.sections[0].tables[0].rows
    assert [row[1].value, row[2].value] == [2500, 3]
    assert row[4].value == pytest.approx(np.median(drawn[PART].column("per_sample")))
    look(drawn.folder / "report.html")


def test_the_report_is_of_records_alone(drawn, monkeypatch):
    report_lightly(drawn.folder)
    monkeypatch.setattr("problems.ridgelet.data.load_residues", None)
    monkeypatch.delitem(SAMPLERS._table, "dequantized")
    assert "dequantized" in Runs.read(STUDY, drawn.folder).made().verdict[0]


def test_what_very_many_nodes_take_is_said_before_they_are_drawn(monkeypatch):
    from compare.engine.fields import make

    monkeypatch.setattr(measures, "FORECAST", 5000)
    settings = make(STUDY.settings, ASKED | {"samples": 7000})
    said = r"7,000 nodes take about \S+ s of one core, 328 KiB of memory and 164 KiB of disk; each of 7 parts is kept"
    with pytest.warns(measures.LongRun, match=said):
        measures.prepare(settings)


def test_more_parts_than_tasks_may_be_are_refused_at_once():
    from compare.engine.fields import make

    with pytest.raises(InputError, match=r"samples = 1000000001 is too large; give at most 1e\+09"):
        make(STUDY.settings, ASKED | {"samples": 10**9 + 1})
