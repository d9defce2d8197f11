"""The study's run: what is planned, timed and counted, what a resumed run does again, and what is refused."""

import json
import shutil
from dataclasses import asdict

import numpy as np
import pytest

from compare.records import RunFolder
from compare.samplers import SAMPLERS
from compare.studies.ridgelet.crossover import counting, page, study
from compare.studies.ridgelet.crossover.counting import count_circuits, drawn_problem
from compare.studies.ridgelet.crossover.study import RIVALS, Settings, load_results, plan
from problems.errors import InputError
from quantum.resources import clifford_t_counts, target_counts
from quantum.ridgelet import measured_transform, ridgelet_circuit, ridgelet_loader
from tests.compare.studies.ridgelet.crossover import SMALL, small_run


def test_every_method_is_timed_along_every_axis():
    results = small_run()[1]
    assert set(results.times) == {"dimension-3", "points-3", "prime"}
    for axis in results.times.values():
        assert set(axis["methods"]) == {*SMALL["methods"], *RIVALS}
    # P = 3 has no such encoding, and says so instead of being left out.
    assert "has no transform" in results.times["prime"]["methods"]["circuit_mps_crt"]["stopped"]
    for row in results.rows("dimension-3", "dequantized"):
        assert row["per_sample"]["low"] > 0
        assert row["total"]["samples"] <= SMALL["draws"]
    assert [row["size"] for row in results.rows("dimension-3", "uniform")] == [1, 2, 3, 4]
    assert [row["size"] for row in results.rows("points-3", "uniform")] == [4]  # 3^2 has no 16 points


def test_every_piece_of_progress_is_announced():
    for _, steps, done in small_run()[2]:
        assert len(done) == steps


def test_circuits_are_those_that_the_samplers_run():
    row = small_run()[1].circuits["circuit-P3-D2-K3"]
    problems = [drawn_problem(3, 2, 3, draw, SMALL["seed"]) for draw in range(SMALL["draws"])]
    assert len({problem.points.tobytes() for problem in problems}) == len(problems)
    for problem, loader, whole in zip(problems, row["loaders"], row["on_device"]["whole"], strict=True):
        assert loader["t"] == clifford_t_counts(ridgelet_loader(problem, "rader"), row["rotation_error"]).t
        found = target_counts(ridgelet_circuit(problem, "rader", "sparse"), "fake_fez")
        assert (whole["duration"], whole["fidelity"]) == (found.duration, found.fidelity)
    transform = clifford_t_counts(measured_transform(3, 2, encoding="rader"), row["rotation_error"])
    assert (row["transform"]["t"], row["transform"]["t_depth"]) == (transform.t, transform.t_depth)


def test_all_rotations_together_stay_within_the_stated_error():
    row = small_run()[1].circuits["circuit-P3-D2-K3"]
    rotations = row["transform"]["rotations"] + row["loaders"][0]["rotations"]
    assert rotations * row["rotation_error"] == pytest.approx(0.01)


def test_a_circuit_too_wide_for_the_device_is_counted_in_t_gates_alone():
    row = count_circuits(3, 4, 3, 2, "rader", "fake_manila", 0.01, 0)
    assert row["on_device"] is None
    assert row["transform"]["t"] > 0


def test_the_two_qubit_gate_is_the_devices():
    assert 1e-8 < counting.two_qubit_seconds("fake_fez") < 1e-6


def test_a_finished_run_is_read_without_timing_or_counting_anything(monkeypatch):
    path, results, _ = small_run()
    monkeypatch.setattr(study, "time_over_sizes", None)
    monkeypatch.setattr(study, "count_circuits", None)
    again = load_results(RunFolder.open(path))
    assert [axis["methods"] for axis in again.times.values()] == [axis["methods"] for axis in results.times.values()]
    assert again.circuits == results.circuits
    assert page.report(again).verdict == page.report(results).verdict


def test_a_run_that_lost_circuits_counts_the_same_again(tmp_path, monkeypatch):
    path, results, _ = small_run()
    shutil.copytree(path, tmp_path / "run")
    (tmp_path / "run" / "circuit-P3-D1-K3.json").unlink()
    monkeypatch.setattr(study, "time_over_sizes", None)
    settings = Settings(**SMALL)
    again = study.run(plan(settings), RunFolder(tmp_path / "run", "crossover", asdict(settings)))
    assert again.circuits == results.circuits


def test_sizes_with_too_few_points_are_left_out():
    planned = plan(Settings(**SMALL | {"points": 4, "dimensions": (1, 2, 3), "loaded_points": (2, 9, 20)}))
    assert set(planned.counted.values()) == {(3, 2, 4), (3, 3, 4), (3, 2, 2), (3, 2, 9)}
    sizes = {axis.key: axis.sizes for axis in planned.axes}
    assert sizes["dimension-3"] == (2, 3, 4)
    assert sizes["points-3"] == (4,)


def test_other_primes_time_the_rivals_alone():
    planned = plan(Settings(**SMALL | {"primes": (3, 5), "methods": ()}))
    methods = {axis.key: axis.methods for axis in planned.axes}
    assert methods["dimension-3"] == methods["points-3"] == methods["prime"] == tuple(SAMPLERS)
    assert methods["dimension-5"] == RIVALS
    assert methods["points-5"] == RIVALS[:1]


def test_problems_are_random_but_the_same_again():
    problem = drawn_problem(3, 4, 10, 0, 5)
    drawn_problem.cache_clear()
    again = drawn_problem(3, 4, 10, 0, 5)
    np.testing.assert_array_equal(problem.points, again.points)
    assert len(problem.points) == 10
    assert not np.array_equal(problem.points, drawn_problem(3, 4, 10, 1, 5).points)
    assert not np.array_equal(problem.points, drawn_problem(3, 4, 10, 0, 6).points)


def test_settings_of_another_version_are_refused(tmp_path):
    shutil.copytree(small_run()[0], tmp_path / "run")
    path = tmp_path / "run" / "run.json"
    known = json.loads(path.read_text())
    path.write_text(json.dumps(known | {"settings": known["settings"] | {"unheard": 1}}))
    with pytest.raises(InputError, match="none of this version's"):
        load_results(RunFolder.open(tmp_path / "run"))


BAD_SETTINGS = [
    ({"primes": ()}, "primes = nothing names none, or one twice"),
    ({"primes": (3, 3)}, "primes = 3, 3 names none, or one twice"),
    ({"primes": (4,)}, "prime = 4 is not prime"),
    ({"primes": (7,)}, "'rader' does not take P = 7, which binary, crt take"),
    ({"points": 0}, "points = 0 is too small"),
    ({"points": 2.5}, "points = 2.5 is no whole number"),
    ({"points": 100}, "Z_3^D has fewer than 100 points at every D of 1, 2"),
    ({"dimensions": (2,)}, "dimensions = 2 is no growth"),
    ({"dimensions": (0, 2)}, "dimensions = 0 is too small"),
    ({"loaded_points": ()}, "loaded_points = nothing is no growth"),
    ({"draws": 1}, "draws = 1 is too small"),
    ({"limit": 0}, "limit = 0 leaves no time"),
    ({"methods": ("dequantised",)}, "no sampler 'dequantised'. Did you mean 'dequantized'"),
    ({"seed": -1}, "seed = -1 is too small"),
    ({"encoding": "radar"}, "no encoding 'radar'. Did you mean 'rader'"),
    ({"device": "fake_fes"}, "no device 'fake_fes'. Did you mean 'fake_fez'"),
    ({"device": "fake_manila", "dimensions": (12, 16), "dimension": 12}, "fake_manila connects 5"),
    ({"distance": 0}, "distance = 0 is too small"),
    ({"cycle": 0.0}, "cycle = 0.0 is too small"),
]


@pytest.mark.parametrize(("bad", "said"), BAD_SETTINGS)
def test_bad_settings_are_refused_before_anything_is_timed(bad, said, monkeypatch):
    monkeypatch.setattr(study, "time_over_sizes", None)
    with pytest.raises(InputError) as refused:
        plan(Settings(**SMALL | bad))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_state_vectors_of_many_qubits_are_left_out_and_it_is_said():
    """From P = 13 to 31 the crt encoding goes from 20 qubits to 28, and from a second to minutes."""
    assert study.STATEVECTOR_QUBITS < 28
    with pytest.raises(InputError, match="28 qubits; state vectors are timed up to 24"):
        study._check_statevector("circuit_statevector_crt", study.drawn_problem(31, 3, 4, 0, 0))
    study._check_statevector("circuit_statevector", study.drawn_problem(31, 3, 4, 0, 0))
