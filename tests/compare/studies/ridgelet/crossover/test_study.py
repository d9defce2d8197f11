"""The crossover's requests, timings, counts and refusals."""

import numpy as np
import pytest

from compare.engine import Seeds
from compare.engine.fields import make
from compare.studies import STUDIES
from compare.studies.ridgelet.crossover import measures
from compare.studies.ridgelet.crossover.measures import check_statevector, count_circuits, describe, prepare
from compare.studies.ridgelet.crossover.study import (
    COUNT,
    CURVE,
    DEVICE,
    RIVALS,
    STUDY,
    Count,
    Curve,
    Device,
    Settings,
    tasks,
)
from compare.studies.ridgelet.drawn import distinct_points, drawn_problem
from compare.studies.ridgelet.methods import DIRECT, SAMPLERS
from problems.errors import InputError
from quantum.resources import clifford_t_counts, target_counts
from quantum.ridgelet import measured_transform, ridgelet_circuit, ridgelet_loader
from tests.compare.studies.ridgelet.crossover import SMALL, small_run


def asked(kind, **changes):
    return [one.task for one in tasks(make(Settings, SMALL | changes)) if one.kind is kind]


def test_it_is_a_study_and_every_method_is_timed_along_every_axis():
    assert STUDIES["crossover"] is STUDY
    runs = small_run()
    curves = {(row["varied"], row["method"]): row for row in runs[CURVE]}
    assert set(curves) == {
        (varied, method) for varied in ("dimension", "points", "prime") for method in (*SMALL["methods"], *RIVALS)
    }
    # P = 3 has no such encoding, and says so instead of being left out.
    assert "has no transform" in curves["prime", "circuit_mps_crt"]["stopped"]
    for one in curves["dimension", "dequantized"]["rows"]:
        assert one.per_sample.low > 0
        assert one.total.samples <= SMALL["draws"]
    assert [one.size for one in curves["dimension", "uniform"]["rows"]] == [1, 2, 3, 4]
    assert [one.size for one in curves["points", "uniform"]["rows"]] == [4]  # 3^2 has no 16 points


def test_circuits_are_those_that_the_samplers_run():
    (row,) = small_run()[COUNT].where(dimension=2, points=3)
    problems = [drawn_problem(3, 2, 3, draw, SMALL["seed"]) for draw in range(SMALL["draws"])]
    assert len({problem.points.tobytes() for problem in problems}) == len(problems)
    for problem, loader, whole in zip(problems, row["loaders"], row["whole_on_device"], strict=True):
        assert loader.t == clifford_t_counts(ridgelet_loader(problem, "rader"), row["rotation_error"]).t
        found = target_counts(ridgelet_circuit(problem, "rader", "sparse"), "fake_fez")
        assert (whole.duration, whole.fidelity) == (found.duration, found.fidelity)
    transform = clifford_t_counts(measured_transform(3, 2, encoding="rader"), row["rotation_error"])
    assert (row["transform"].t, row["transform"].t_depth) == (transform.t, transform.t_depth)
    rotations = row["transform"].rotations + row["loaders"][0].rotations
    assert rotations * row["rotation_error"] == pytest.approx(0.01)


def test_a_circuit_too_wide_for_the_device_is_counted_in_t_gates_alone():
    found = count_circuits(Count(3, 4, 3, 2, "rader", "fake_manila", 0.01, 0))
    assert found.transform_on_device is None
    assert found.transform.t > 0
    (shot,) = found.shots("log", 3)
    assert (shot.t, shot.duration, shot.steps) == (found.transform.t, None, 2)
    assert [one.t for one in found.shots("sparse", 3)] == [found.transform.t + part.t for part in found.loaders]


def test_a_device_is_described_once_in_a_record():
    found = describe(Device("fake_fez"))
    assert 1e-8 < found.gate < 1e-6
    assert found.qubits == 154  # those connected by working gates
    assert found.calibrated.startswith("2025")
    assert [row["gate"] for row in small_run()[DEVICE]] == [found.gate]


def test_sizes_with_too_few_points_are_left_out():
    changes = {"points": 4, "dimensions": (1, 2, 3), "loaded_points": (2, 9, 20)}
    assert {(one.dimension, one.points) for one in asked(COUNT, **changes)} == {(2, 4), (3, 4), (2, 2), (2, 9)}
    sizes = {one.varied: one.sizes for one in asked(CURVE, **changes)}
    assert sizes["dimension"] == (2, 3, 4)
    assert sizes["points"] == (4,)
    assert distinct_points(2, 10**9, 7) == 7


def test_other_primes_time_the_rivals_alone():
    found = {}
    for one in asked(CURVE, primes=(3, 5), methods=tuple(SAMPLERS)):
        found.setdefault((one.varied, one.prime), []).append(one.method)
    assert set(found["dimension", 3]) == set(found["points", 3]) == set(found["prime", None]) == set(SAMPLERS)
    assert tuple(found["dimension", 5]) == RIVALS
    assert tuple(found["points", 5]) == RIVALS[:1]
    every = [one.task.method for one in tasks(Settings()) if one.kind is CURVE and one.task.varied == "prime"]
    assert set(every) == set(DIRECT)


def test_what_the_report_alone_reads_is_in_no_task():
    changed = {"reset": 0.0, "delay": 0.1, "cycle": 1e-3, "distance": 7, "t_rate": 1e3, "machines": 9}
    same = tasks(make(Settings, SMALL | changed | {"classical_speedup": 2.0}))
    assert [one.id for one in same] == [one.id for one in tasks(make(Settings, SMALL))]


def test_problems_are_random_but_the_same_again():
    problem = drawn_problem(3, 4, 10, 0, 5)
    drawn_problem.cache_clear()
    again = drawn_problem(3, 4, 10, 0, 5)
    np.testing.assert_array_equal(problem.points, again.points)
    assert len(problem.points) == 10
    assert not np.array_equal(problem.points, drawn_problem(3, 4, 10, 1, 5).points)
    assert not np.array_equal(problem.points, drawn_problem(3, 4, 10, 0, 6).points)


def test_streams_do_not_depend_on_the_other_sizes(monkeypatch):
    """Of one curve, as it is longer or shorter: each size has its own."""
    seen = {}
    monkeypatch.setattr(measures, "time_over_sizes", lambda *arguments: seen.update(stream=arguments[-1]))
    streams = []
    for sizes in ((2, 3), (3, 8)):
        task = Curve("uniform", "dimension", 3, None, 4, sizes, 10, 2, 1.0, 7)
        measures.time_curve(task, Seeds(task))
        streams.append(seen["stream"](3, 1, 0).entropy)
    assert streams[0] == streams[1]


REFUSED = [
    ({"primes": ()}, "There is no prime; give at least one"),
    ({"primes": (4,)}, "prime = 4 is not prime"),
    ({"points": 0}, "points = 0 is too small"),
    ({"points": 2.5}, "points = 2.5 is not a whole number"),
    ({"points": 100}, "Z_3^D has fewer than 100 points at every D of 1, 2"),
    ({"dimensions": (2,)}, "dimensions = 2 is no growth"),
    ({"dimensions": (0, 2)}, "dimensions = 0 is too small"),
    ({"loaded_points": (3,)}, "loaded_points = 3 is no growth"),
    ({"draws": 1}, "draws = 1 is too small"),
    ({"limit": 0}, "limit = 0.0 is too small; give a number above 0"),
    ({"methods": ("dequantised",)}, "no method 'dequantised'. Did you mean 'dequantized'"),
    ({"seed": -1}, "seed = -1 is too small"),
    ({"encoding": "radar"}, "no encoding 'radar'. Did you mean 'rader'"),
    ({"distance": 0}, "distance = 0 is too small"),
    ({"cycle": 0.0}, "cycle = 0.0 is too small"),
    ({"budget": 0}, "budget = 0.0 is too small; give at least 1e-08"),
    ({"budget": 1.0}, "budget = 1.0 is too large; give at most 0.3"),
    ({"budget": "nan"}, "budget = 'nan' is not a finite number"),
    ({"model": "gate_ns_e5"}, "no qubit model 'gate_ns_e5'. Did you mean 'gate_ns_e"),
    ({"most_qubits": 0}, "most_qubits = 0 is too small"),
    ({"most_qubits": 10**13}, "most_qubits = 10000000000000 is too large"),
    ({"estimated_points": (64, 0)}, "estimated_points = 0 is too small"),
    ({"physical": "maybe"}, "physical = 'maybe' is not true or false"),
]


@pytest.mark.parametrize(("bad", "said"), REFUSED)
def test_bad_settings_are_refused_in_one_line(bad, said):
    with pytest.raises(InputError) as refused:
        make(Settings, SMALL | bad)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"primes": (7,)}, "'rader' does not take P = 7, which binary, crt take"),
        ({"physical": True, "estimated_points": (4096,), "dimension": 20}, "has 4,096 amplitudes to load"),
        ({"device": "fake_fes"}, "no device 'fake_fes'. Did you mean 'fake_fez'"),
        ({"device": "fake_manila", "dimensions": (12, 16), "dimension": 12}, "fake_manila connects 5"),
    ],
)
def test_what_cannot_be_counted_is_refused_before_anything_is_made(tmp_path, bad, said):
    import compare

    with pytest.raises(InputError) as refused:
        compare.run("crossover", out=tmp_path / "run", progress=False, **SMALL | bad)
    assert said in str(refused.value)
    assert not (tmp_path / "run").exists()
    prepare(make(Settings, SMALL))


def test_state_vectors_of_many_qubits_are_left_out_and_it_is_said():
    """From P = 13 to 31 the crt encoding goes from 20 qubits to 28, and from a second to minutes."""
    assert measures.STATEVECTOR_QUBITS < 28
    with pytest.raises(InputError, match="28 qubits; state vectors are timed up to 24"):
        check_statevector("circuit_statevector_crt", drawn_problem(31, 3, 4, 0, 0))
    check_statevector("circuit_statevector", drawn_problem(31, 3, 4, 0, 0))
