"""The study's tasks, measurements and refusals."""

import json
import random
import shutil

import numpy as np
import pytest

import compare
from classical.ridgelet import EnumerationSampler
from compare.distributions import is_enumerable
from compare.engine.fields import make
from compare.engine.running import plan
from compare.studies import STUDIES
from compare.studies.ridgelet.methods import SAMPLERS
from compare.studies.ridgelet.samplers import study
from compare.studies.ridgelet.samplers.measures import load
from compare.studies.ridgelet.samplers.rows import parts
from compare.studies.ridgelet.samplers.study import (
    DIMENSION,
    DRAW,
    PROBLEM,
    RISK,
    STUDY,
    TEST,
    TIME,
    Settings,
    parts_of,
    tasks,
)
from problems.errors import InputError
from problems.ridgelet import Nodes
from problems.ridgelet.data import load_residues
from tests.compare import TINY, tiny_run

PLACE = "tests.compare.studies.ridgelet.toy:SmallWeightsSampler"

METHODS = {
    "small": ["enumeration", "dequantized", "rejection", "circuit_statevector", "circuit_mps", "leverage", "uniform"],
    "raw": ["dequantized", "leverage", "uniform"],
    "chain": ["dequantized", "circuit_mps", "uniform"],
}


def problems(**changes):
    """The data and the problem of each part."""
    asked = make(Settings, TINY | changes)
    return {one.task.part: load(one.task, {}) for one in tasks(asked) if one.kind == PROBLEM}


def asked(**changes):
    return {part["part"]: part for part in parts_of(make(Settings, TINY | changes))}


# What is asked


def test_the_study_is_known_by_its_command():
    assert STUDIES["compare"] is STUDY
    assert tiny_run().origin()["kind"] == "compare"


def test_the_default_study_is_the_one_described():
    small, raw, chain = parts_of(Settings())
    assert (small["prime"], small["features"], small["samples"], small["quoted"]) == (5, 4, 20_000, 40)
    assert small["sizes"] == [(5, 10, 20, 40, 80, 160, 320)]
    assert (raw["prime"], raw["features"], raw["samples"], raw["quoted"]) == (17, None, 20_000, 800)
    assert raw["sizes"] == [(50, 100, 200, 400, 800)]
    assert (chain["prime"], chain["features"], chain["points"], chain["samples"]) == (3, None, 16, 2000)
    assert (chain["sizes"], chain["quoted"]) == ([()], 0)
    assert {part["part"]: list(part["method"]) for part in (small, raw, chain)} == METHODS


def test_every_method_that_is_timed_is_a_sampler():
    assert set(study.TIMED_UP_TO) | set(study.STANDARD) <= set(SAMPLERS)
    timed = {(one.task.method, one.task.dimension) for one in tasks(Settings()) if one.kind == DIMENSION}
    assert {name: max(d for method, d in timed if method == name) for name, _ in timed} == {
        name: most for name, most in study.TIMED_UP_TO.items() if most
    }


@pytest.mark.parametrize(
    ("nodes", "small", "raw"),
    [(1, (1, 2, 4, 8), (1, 2, 5, 10, 20)), (4, (1, 2, 4, 8, 16, 32), (5, 10, 20, 40, 80))],
)
def test_sizes_follow_the_quoted_number_of_nodes(nodes, small, raw):
    found = asked(nodes=nodes)
    assert [part["sizes"] for part in found.values()] == [[small], [raw], [()]]
    assert [part["quoted"] for part in found.values()] == [nodes, 20 * nodes, 0]


def test_repeats_go_as_far_as_the_samples_do():
    found = {part.problem["part"]: part for part in parts(tiny_run())}
    assert {len(row["empirical"]) for row in found["small"].risks.values()} == {10}
    assert {len(row["empirical"]) for row in found["raw"].risks.values()} == {700 // 80}


def test_each_problem_is_made_of_its_own_training_data():
    found = problems()
    for key, prime, features in (("small", 5, 4), ("raw", 17, 9)):
        data = load_residues("breast-cancer", prime, features, 0)
        np.testing.assert_array_equal(found[key][0].x_train, data.x_train)
        np.testing.assert_array_equal(np.unique(data.x_train, axis=0), found[key][1].points)


def test_the_chain_takes_the_first_distinct_points_with_all_their_samples():
    data, problem = problems(chain_features=2, chain_points=3)["chain"]
    whole = load_residues("breast-cancer", 3, 2, 0)
    first = list(dict.fromkeys(tuple(point) for point in whole.x_train.tolist()))[:3]
    kept = [tuple(point) in first for point in whole.x_train.tolist()]
    assert {tuple(point) for point in problem.points.tolist()} == set(first)
    np.testing.assert_array_equal(data.x_train, whole.x_train[kept])
    np.testing.assert_array_equal(data.y_train, whole.y_train[kept])
    np.testing.assert_array_equal(data.x_test, whole.x_test)


def test_the_chain_takes_at_most_sixteen_features_by_itself():
    assert problems()["chain"][1].dimension == 16
    assert problems(dataset="diabetes")["chain"][1].dimension == 10


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"nodes": 0}, "nodes = 0 is too small"),
        ({"nodes": 2.5}, "nodes = 2.5 is not a whole number"),
        ({"samples": 159}, "samples = 159 is too few for the part 'raw'.* at least 160"),
        ({"chain_samples": 49}, "samples = 49 is too few for the part 'chain'.* at least 50"),
        ({"chain_points": 0}, "chain_points = 0"),
        ({"seed": -1}, "seed = -1"),
        ({"seed": 0.5}, "seed = 0.5"),
        ({"ridge": -1e-9}, "ridge = -1e-09 is too small"),
        ({"ridge": np.inf}, "ridge = inf"),
        ({"regularization": np.nan}, "regularization = nan"),
        ({"prime": 6}, "prime = 6 is not prime; the nearest primes are 5 and 7"),
        ({"features": 31}, "the data set 'breast-cancer' has 30"),
        ({"features": 16}, "Enumerating 5\\^17 nodes needs"),
        ({"raw_features": 31}, "the data set 'breast-cancer' has 30"),
        ({"chain_prime": 37}, "prime = 37 is above 31"),
        ({"dataset": "breast"}, "no data set 'breast'"),
        ({"activation": [1.0, 2.0]}, r"shape \(2,\)"),
        ({"methods": "unifrom"}, "There is no method 'unifrom'. Did you mean 'uniform'"),
        ({"methods": "candidates"}, "There is no method 'candidates'"),
        ({"methods": ["uniform", "uniform"]}, "there 2 times"),
        ({"target": "mean radius"}, "targets of their own"),
    ],
)
def test_bad_settings_are_refused_before_a_folder_is_made(change, message, tmp_path):
    with pytest.raises(InputError, match=message):
        compare.run("compare", out=tmp_path / "new", progress=False, **TINY | change)
    assert not (tmp_path / "new").exists()


# What is measured


def test_every_method_of_every_part_has_its_records():
    runs = tiny_run()
    assert runs.missing == 0
    for kind in (DRAW, TEST, TIME):
        found = {part: rows.column("method") for (part,), rows in runs[kind].group("part").items()}
        assert found == METHODS
    assert set(runs[RISK].column("part")) == {"small", "raw"}


def test_the_recorded_nodes_belong_to_their_problem():
    known = problems()
    for row in tiny_run()[DRAW]:
        assert len(row["a"]) == row["samples"] == TINY["chain_samples" if row["part"] == "chain" else "samples"]
        known[row["part"]][1].check_nodes(Nodes(row["a"].astype(int), row["b"].astype(int)))


def test_the_exact_distribution_is_recorded_where_it_is_known():
    known, rows = problems(), {row["part"]: row for row in tiny_run()[PROBLEM]}
    exact = EnumerationSampler(known["small"][1]).probabilities
    np.testing.assert_allclose(rows["small"]["probabilities"], exact)
    assert rows["raw"]["probabilities"] is None
    for part, row in rows.items():
        np.testing.assert_array_equal(row["x"], known[part][1].points)
        np.testing.assert_allclose(row["amplitudes"], known[part][1].amplitudes)


def test_a_part_is_tested_against_what_is_known_of_it():
    for row in tiny_run()[TEST]:
        small = row["part"] == "small"
        assert (row["total_variation"] is not None) == small
        assert (row["two_sample"] is not None) == (not small and row["method"] != "dequantized")
        assert row["goodness_of_fit"].detail.startswith("ranks among") == (not small)


def test_samplers_draw_from_streams_of_their_own():
    drawn = [row["a"].tobytes() for row in tiny_run()[DRAW]]
    assert len(set(drawn)) == len(drawn)


def test_a_part_that_can_be_enumerated_is_not_called_one_that_cannot(tmp_path):
    """Few features make any part small; its title must not deny it."""
    few = TINY | {"raw_prime": 3, "raw_features": 2, "chain_features": 2, "methods": "dequantized", "dimensions": 2}
    for part in parts(compare.run("compare", out=tmp_path, progress=False, **few)):
        assert part.problem["probabilities"] is not None
        assert "past enumeration" not in part.title
    assert all(is_enumerable(problem) for _, problem in problems(**few).values())


@pytest.mark.parametrize(("dataset", "held_out"), [("breast-cancer", True), ("sine", False)])
def test_data_say_whether_anything_is_held_out(dataset, held_out):
    few = {"dataset": dataset, "features": 2, "raw_features": 2, "chain_features": 2}
    assert problems(**few)["small"][0].held_out == held_out


def test_another_seed_changes_the_split():
    first, second = (problems(seed=seed)["small"][0] for seed in (0, 1))
    assert np.any(first.x_train[:10] != second.x_train[:10])


def test_times_over_the_dimension_are_ordered_and_positive():
    for row in tiny_run()[DIMENSION]:
        assert 0 < row["per_sample"].low <= row["per_sample"].best <= row["per_sample"].high
        assert row["prepare"] > 0
        assert row["distinct"] == min(16, 3 ** row["dimension"])


# Again, and further


def test_a_method_more_runs_its_own_tasks_alone_and_moves_no_number(tmp_path):
    shutil.copytree(tiny_run().folder, tmp_path / "run")
    before = (tmp_path / "run" / "records.jsonl").read_bytes()
    methods = [PLACE, *study.STANDARD[::-1]]
    runs = compare.run("compare", out=tmp_path / "run", progress=False, **TINY | {"methods": methods})
    after = (tmp_path / "run" / "records.jsonl").read_bytes()
    assert after.startswith(before)
    new = [json.loads(line) for line in after[len(before) :].splitlines()]
    assert {line["settings"]["method"] for line in new} == {PLACE}
    assert runs.missing == 0
    labels = {str(row[0]) for section in runs.made().sections for table in section.tables for row in table.rows}
    assert "SmallWeightsSampler" in labels


def test_other_methods_change_no_number(tmp_path):
    few = compare.run("compare", out=tmp_path, progress=False, **TINY | {"methods": "circuit_mps", "dimensions": 2})
    known = {(row["part"], row["method"]): row for row in tiny_run()[TEST]}
    assert [(row["part"], row["method"]) for row in few[TEST]] == [("small", "circuit_mps"), ("chain", "circuit_mps")]
    for row in few[TEST]:
        assert {**row} == {**known[row["part"], row["method"]]}
    # Without the others there is little to say, and a report all the same.
    assert few.made().verdict


# The user's own file


@pytest.fixture
def table(tmp_path):
    rng = random.Random(1)
    lines = ["a,b,species"]
    for _ in range(80):
        a, b = rng.random(), rng.random()
        lines.append(f"{a:.3f},{b:.3f},{'cat' if a + b > 1 else 'dog'}")
    (tmp_path / "my.csv").write_text("\n".join(lines) + "\n")
    return tmp_path / "my.csv"


OWN = {"samples": 300, "nodes": 2, "chain_samples": 100, "chain_points": 4, "methods": "dequantized,uniform"}


def test_a_file_stands_where_a_data_set_does(table, tmp_path, capsys):
    ask = {**OWN, "features": 2, "dimensions": 2, "out": tmp_path / "out", "progress": False}
    runs = compare.run("compare", dataset=str(table), target="species", **ask)
    assert runs.missing == 0
    assert {row["dataset"][:5] for row in runs[PROBLEM]} == {"file:"}
    assert "Rows of my.csv" in runs[PROBLEM][0]["description"]
    table.unlink()
    assert plan(STUDY, [runs.settings]).tasks
    more = compare.run("compare", dataset=runs.settings.dataset, **ask | {"methods": "leverage,uniform"})
    assert more.missing == 0
    compare.run("compare", dataset=runs.settings.dataset, **ask | {"out": tmp_path / "new"})
    assert "for the table of a file: name the file again" in capsys.readouterr().err


def test_a_file_that_does_not_fit_is_refused_before_a_folder_is_made(table, tmp_path):
    with pytest.raises(InputError, match=r"features = 4: the data set 'my\.csv' has 2"):
        compare.run("compare", dataset=str(table), out=tmp_path / "out", progress=False, **OWN)
    assert not (tmp_path / "out").exists()
