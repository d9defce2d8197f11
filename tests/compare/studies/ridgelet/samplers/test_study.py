import dataclasses
import json
import shutil

import numpy as np
import pytest

from classical.ridgelet import EnumerationSampler
from compare.records import RunFolder
from compare.statistics import BATCHES
from compare.studies import OLD_STUDIES as STUDIES
from compare.studies.ridgelet.methods import SAMPLERS
from compare.studies.ridgelet.samplers import page, study
from compare.studies.ridgelet.samplers.study import Settings, load_results, plan, run
from problems.errors import InputError
from problems.ridgelet import Nodes
from problems.ridgelet.data import load_residues
from tests.compare import TINY, TINY_DIMENSIONS, recording_track, tiny_run


@pytest.fixture
def copy(tmp_path):
    """A copy of the tiny run that may be changed."""
    shutil.copytree(tiny_run().folder, tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture
def parts():
    return {part.key: part for part in plan(Settings(**TINY)).parts}


def record(key):
    return json.loads((tiny_run().folder / f"{key}.json").read_text())


def nodes_of(folder, key):
    with np.load(folder / f"{key}.npz") as file:
        return Nodes(file["a"].astype(int), file["b"].astype(int))


# The plan


def test_the_study_is_known_by_the_kind_of_its_records():
    assert STUDIES["ridgelet"] is page.STUDY
    assert RunFolder.open(tiny_run().folder).run["kind"] == "ridgelet"


def test_the_default_plan_is_the_one_described():
    small, raw, chain = plan(Settings()).parts
    assert (small.problem.prime, small.problem.dimension, small.samples, small.quoted) == (5, 4, 20_000, 40)
    assert small.sizes == (5, 10, 20, 40, 80, 160, 320)
    assert (raw.problem.prime, raw.problem.dimension, raw.samples, raw.quoted) == (17, 64, 20_000, 800)
    assert raw.sizes == (50, 100, 200, 400, 800)
    assert (chain.problem.prime, chain.problem.dimension, len(chain.problem.points)) == (3, 16, 16)
    assert (chain.samples, chain.sizes, chain.repeats) == (2000, (), 0)
    assert small.repeats == raw.repeats == 10


def test_every_planned_method_is_a_sampler_with_a_label_and_a_style():
    from compare.studies.ridgelet.samplers.plots import STYLES

    named = {name for part in plan(Settings(**TINY)).parts for name in part.methods} | set(study.TIMED_UP_TO)
    assert named <= set(SAMPLERS)
    assert named <= set(study.LABELS)
    assert named <= set(STYLES)
    assert len(set(study.LABELS.values())) == len(study.LABELS)
    assert len(set(STYLES.values())) == len({style[1:] for style in STYLES.values()}) == len(STYLES)


def test_the_control_and_the_optimized_nodes_meet_in_every_part(parts):
    for part in parts.values():
        assert {"dequantized", "uniform"} <= set(part.methods)


@pytest.mark.parametrize(
    ("nodes", "small", "raw"),
    [(1, (1, 2, 4, 8), (1, 2, 5, 10, 20)), (4, (1, 2, 4, 8, 16, 32), (5, 10, 20, 40, 80))],
)
def test_sizes_follow_the_quoted_number_of_nodes(nodes, small, raw):
    parts = plan(Settings(**TINY | {"nodes": nodes})).parts
    assert [part.sizes for part in parts] == [small, raw, ()]
    assert [part.quoted for part in parts] == [nodes, 20 * nodes, 0]


def test_repeats_go_as_far_as_the_samples_do(parts):
    assert parts["small"].repeats == 10
    assert parts["raw"].repeats == 700 // 80
    fewest = plan(Settings(**TINY | {"samples": 160})).parts
    assert [part.repeats for part in fewest] == [5, 2, 0]


def test_each_problem_is_made_of_its_own_training_data(parts):
    for key, prime, features in (("small", 5, 4), ("raw", 17, 9)):
        data = load_residues("breast-cancer", prime, features, 0)
        np.testing.assert_array_equal(parts[key].data.x_train, data.x_train)
        np.testing.assert_array_equal(np.unique(data.x_train, axis=0), parts[key].problem.points)


def test_the_chain_takes_the_first_distinct_points_with_all_their_samples():
    settings = Settings(**TINY | {"chain_features": 2, "chain_points": 3})
    chain = plan(settings).parts[2]
    whole = load_residues("breast-cancer", 3, 2, 0)
    first = list(dict.fromkeys(tuple(point) for point in whole.x_train.tolist()))[:3]
    kept = [tuple(point) in first for point in whole.x_train.tolist()]
    assert {tuple(point) for point in chain.problem.points.tolist()} == set(first)
    np.testing.assert_array_equal(chain.data.x_train, whole.x_train[kept])
    np.testing.assert_array_equal(chain.data.y_train, whole.y_train[kept])
    np.testing.assert_array_equal(chain.data.x_test, whole.x_test)


def test_the_chain_takes_at_most_sixteen_features_by_itself():
    assert plan(Settings(**TINY)).parts[2].problem.dimension == 16
    assert plan(Settings(**TINY | {"dataset": "diabetes"})).parts[2].problem.dimension == 10


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"nodes": 0}, "nodes = 0 is too small"),
        ({"nodes": 2.5}, "nodes = 2.5 is no whole number"),
        ({"samples": 159}, "samples = 159 is too few for the part 'raw'.* at least 160"),
        ({"chain_samples": 49}, "samples = 49 is too few for the part 'chain'.* at least 50"),
        ({"chain_points": 0}, "chain_points = 0"),
        ({"seed": -1}, "seed = -1"),
        ({"seed": 0.5}, "seed = 0.5"),
        ({"ridge": -1e-9}, "ridge = -1e-09 is negative"),
        ({"ridge": np.inf}, "ridge = inf"),
        ({"regularization": np.nan}, "regularization = nan"),
        ({"prime": 6}, "prime = 6 is not prime; the nearest primes are 5 and 7"),
        ({"features": 31}, "the data set 'breast-cancer' has 30"),
        ({"features": 16}, "Enumerating 5\\^17 nodes needs"),
        ({"raw_features": 31}, "the data set 'breast-cancer' has 30"),
        ({"chain_prime": 37}, "prime = 37 is above 31"),
        ({"dataset": "breast"}, "no data set 'breast'"),
        ({"activation": [1.0, 2.0]}, r"shape \(2,\)"),
    ],
)
def test_bad_settings_are_refused(change, message):
    with pytest.raises(InputError, match=message):
        plan(Settings(**TINY | change))


# What is measured


def test_every_method_of_every_part_has_its_record(parts):
    results = tiny_run().results
    assert list(results.parts) == ["small", "raw", "chain"]
    for key, part in parts.items():
        assert tuple(results.parts[key]["methods"]) == part.methods
        for name in part.methods:
            assert len(nodes_of(tiny_run().folder, f"{key}-{name}")) == part.samples
    assert set(results.dimension) == set(TINY_DIMENSIONS)


def test_the_recorded_nodes_belong_to_their_problem(parts):
    for key, part in parts.items():
        for name in part.methods:
            part.problem.check_nodes(nodes_of(tiny_run().folder, f"{key}-{name}"))


def test_the_exact_distribution_is_recorded_where_it_is_known(parts):
    arrays = tiny_run().results.arrays
    np.testing.assert_allclose(
        arrays["small-problem"]["probabilities"], EnumerationSampler(parts["small"].problem).probabilities
    )
    assert "probabilities" not in arrays["raw-problem"]
    for key, part in parts.items():
        np.testing.assert_array_equal(arrays[f"{key}-problem"]["points"], part.problem.points)
        np.testing.assert_allclose(arrays[f"{key}-problem"]["amplitudes"], part.problem.amplitudes)


def test_a_part_is_tested_against_what_is_known_of_it():
    results = tiny_run().results
    for name, found in results.parts["small"]["methods"].items():
        assert {"goodness_of_fit", "total_variation", "fidelity", "risk", "time"} <= set(found), name
        assert "two_sample" not in found
    for key in ("raw", "chain"):
        for name, found in results.parts[key]["methods"].items():
            assert ("two_sample" in found) == (name != "dequantized")
            assert found["goodness_of_fit"]["detail"].startswith("ranks among")
            assert ("risk" in found) == (key == "raw")


def test_samplers_draw_from_streams_of_their_own(parts):
    drawn = {
        (key, name): nodes_of(tiny_run().folder, f"{key}-{name}").a.tobytes()
        for key, part in parts.items()
        for name in part.methods
    }
    assert len(set(drawn.values())) == len(drawn)


def test_a_part_that_can_be_enumerated_is_not_called_one_that_cannot():
    """Few features make any part small; its title must not deny it."""
    from compare.distributions import is_enumerable

    settings = Settings(**TINY | {"raw_prime": 3, "raw_features": 2, "chain_features": 2})
    for part in plan(settings).parts:
        if is_enumerable(part.problem):
            assert "past enumeration" not in part.title
            assert "nothing can be enumerated" not in part.title


# Again, and further


def test_progress_is_announced_and_kept():
    shown = tiny_run().progress
    assert len(shown) == 4
    assert [steps for steps, _ in shown.values()] == [len(done) for _, done in shown.values()]
    small = next(iter(shown.values()))
    assert small[0] == 1 + 7 * (BATCHES + 1)


def test_progress_of_finished_steps_is_the_same(monkeypatch, copy):
    monkeypatch.setattr(study, "TIMED_UP_TO", TINY_DIMENSIONS)
    shown = {}
    run(plan(Settings(**TINY)), RunFolder.open(copy), recording_track(shown))
    assert {title: steps for title, (steps, _) in shown.items()} == {
        title: len(done) for title, (_, done) in shown.items()
    }


def test_results_read_again_are_those_of_the_run(copy):
    results, again = tiny_run().results, load_results(RunFolder.open(copy))
    assert again.parts == results.parts
    assert again.dimension == results.dimension
    assert again.run == results.run
    assert set(again.arrays) == set(results.arrays)
    for key, arrays in results.arrays.items():
        for name, array in arrays.items():
            np.testing.assert_array_equal(again.arrays[key][name], array)


def test_a_step_computed_later_draws_what_it_would_have_drawn(monkeypatch, copy):
    """Whatever else was skipped: every step has a stream of its own."""
    removed = ["small-dequantized", "small-circuit_mps", "chain-circuit_mps", "chain-uniform"]
    before = {key: (copy / f"{key}.npz").read_bytes() for key in removed}
    results = {key: record(key)["result"] for key in removed}
    for key in removed:
        (copy / f"{key}.json").unlink()
        (copy / f"{key}.npz").unlink()
    monkeypatch.setattr(study, "TIMED_UP_TO", TINY_DIMENSIONS)
    run(plan(Settings(**TINY)), RunFolder(copy, "ridgelet", dataclasses.asdict(Settings(**TINY))))
    for key in removed:
        assert (copy / f"{key}.npz").read_bytes() == before[key]
        again = json.loads((copy / f"{key}.json").read_text())["result"]
        for name in set(again) - {"time"}:
            assert again[name] == results[key][name], (key, name)


def test_an_unfinished_run_has_no_results(copy):
    (copy / "chain-uniform.json").unlink()
    with pytest.raises(InputError, match="the step 'chain-uniform' has no record"):
        load_results(RunFolder.open(copy))


@pytest.mark.parametrize(("dataset", "held_out"), [("breast-cancer", True), ("sine", False)])
def test_a_record_says_whether_anything_is_held_out(dataset, held_out):
    part = plan(Settings(**TINY | {"dataset": dataset, "features": 2, "raw_features": 2, "chain_features": 2})).parts[0]
    assert study._describe(part).result["held_out"] == held_out


def test_another_seed_changes_the_split_and_the_nodes():
    first, second = (plan(Settings(**TINY | {"seed": seed})).parts[0] for seed in (0, 1))
    assert np.any(first.data.x_train[:10] != second.data.x_train[:10])


def test_times_over_the_dimension_are_ordered_and_positive():
    for name, found in tiny_run().results.dimension.items():
        assert [row["dimension"] for row in found["rows"]] == [d for d in (2, 3, 4, 6) if d <= TINY_DIMENSIONS[name]]
        for row in found["rows"]:
            assert 0 < row["sample_low"] <= row["sample_best"] <= row["sample_high"]
            assert row["points"] == min(16, 3 ** row["dimension"])
