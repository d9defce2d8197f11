import pytest

from compare.engine import Seeds
from compare.engine.fields import make
from compare.studies import STUDIES
from compare.studies.ridgelet.methods import SAMPLERS
from compare.studies.ridgelet.scale.measures import time_sampler
from compare.studies.ridgelet.scale.study import STUDY, TIME, Settings, Time, tasks
from problems.errors import InputError
from tests.compare.studies.ridgelet.scale import made_runs


def measure(method, dimension=8, prime=3, points=50, samples=1000, seed=0, repeat=0):
    task = Time(method, dimension, prime, points, samples, seed, repeat)
    return time_sampler(task, Seeds(task))


@pytest.mark.parametrize("method", ["dequantized", "rejection", "enumeration", "leverage", "uniform", "marginals"])
def test_every_classical_sampler_is_timed_and_seen_to_draw_what_it_should(method):
    result = measure(method, dimension=3, prime=5, points=20, samples=400, seed=2)
    assert result.distinct == 20
    assert 0 < result.per_sample.low <= result.per_sample.best <= result.per_sample.high
    assert result.seconds == pytest.approx(result.per_sample.best + result.prepare / 400)
    # The mean of P^(D+1) p* is 1 for uniform nodes and well above it for p*.
    if method == "uniform":
        assert result.density.low < 1 < result.density.high
    elif method != "leverage":
        assert result.density.low > 1.5


def test_all_samplers_of_p_star_have_the_same_density():
    found = [
        measure(method, dimension=3, prime=3, points=9, samples=2000, seed=4).density
        for method in ("dequantized", "rejection", "enumeration")
    ]
    assert max(one.low for one in found) < min(one.high for one in found)


def test_the_problem_is_that_of_the_repeat_and_the_same_for_all_methods():
    one, same, other = (measure("enumeration", 2, 3, 5, samples=50, repeat=repeat).density.best for repeat in (0, 0, 1))
    assert one == same
    assert one != other


def test_points_are_all_there_are_if_fewer():
    assert measure("uniform", dimension=2, prime=3, samples=10).distinct == 9
    assert measure("uniform", dimension=1, prime=2, points=2, samples=10).distinct == 2
    assert measure("uniform", dimension=2000, prime=2, samples=2).distinct == 50


def test_what_is_too_large_is_refused_before_it_is_made():
    with pytest.raises(InputError, match="Enumerating"):
        measure("enumeration", dimension=60)
    with pytest.raises(InputError, match="draw fewer samples"):
        measure("uniform", samples=10**12)


def test_the_grid_is_a_product_with_whole_repeats_first():
    found = [one.task for one in tasks(make(Settings, {"dimension": "4,8", "seed": [3, 5], "repeats": 2}))]
    assert [(task.repeat, task.dimension, task.seed) for task in found] == [
        (repeat, dimension, seed) for repeat in (0, 1) for dimension in (4, 8) for seed in (3, 5)
    ]
    assert found[0] == Time("dequantized", 4, 3, 50, 1000, 3, 0)
    assert TIME.timed
    assert STUDY.grids


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"method": "dequantised"}, "There is no method 'dequantised'. Did you mean 'dequantized'"),
        ({"prime": 6}, "prime = 6 is not prime"),
        ({"dimension": 0}, "dimension = 0 is too small"),
        ({"points": "5,0"}, "points = 0 is too small"),
        ({"samples": 0}, "samples = 0 is too small"),
        ({"seed": -1}, "seed = -1 is too small"),
        ({"repeats": 0}, "repeats = 0 is too small"),
    ],
)
def test_settings_out_of_range_are_refused(settings, said):
    with pytest.raises(InputError) as refused:
        make(Settings, settings)
    assert said in str(refused.value)


def test_every_sampler_can_be_asked_for():
    assert {one.task.method for one in tasks(make(Settings, {"method": ",".join(SAMPLERS)}))} == set(SAMPLERS)


def test_it_is_a_command_whose_larger_grid_runs_what_is_new(tmp_path):
    import shutil

    import compare

    assert STUDIES["scale"] is STUDY
    shutil.copytree(made_runs().folder, tmp_path / "run")
    before = (tmp_path / "run" / "records.jsonl").read_bytes()
    grid = {"method": ["uniform", "rejection"], "dimension": [2, 3], "points": 4, "samples": 20, "repeats": 3}
    compare.run("scale", out=tmp_path / "run", progress=False, **grid)
    after = (tmp_path / "run" / "records.jsonl").read_bytes()
    assert after.startswith(before)
    assert after.count(b"\n") == 12
