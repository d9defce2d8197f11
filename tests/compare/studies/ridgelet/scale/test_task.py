import pytest

from compare.samplers import SAMPLERS
from compare.studies.ridgelet.scale.task import Settings, check, measure
from problems.errors import InputError


@pytest.mark.parametrize("method", ["dequantized", "rejection", "enumeration", "leverage", "uniform", "marginals"])
def test_every_classical_sampler_is_timed_and_seen_to_draw_what_it_should(method):
    result = measure(Settings(method, dimension=3, prime=5, points=20, samples=400, seed=2))
    assert result["points"] == 20
    per_sample = result["seconds_per_sample"]
    assert 0 < per_sample.low <= per_sample.best <= per_sample.high
    assert result["seconds"] == pytest.approx(per_sample.best + result["prepare_seconds"] / 400)
    # The mean of P^(D+1) p* is 1 for uniform nodes and well above it for p*.
    density = result["density"]
    if method == "uniform":
        assert density.low < 1 < density.high
    elif method != "leverage":
        assert density.low > 1.5


def test_all_samplers_of_p_star_have_the_same_density():
    found = [
        measure(Settings(method, dimension=3, prime=3, points=9, samples=2000, seed=4))["density"]
        for method in ("dequantized", "rejection", "enumeration")
    ]
    assert max(one.low for one in found) < min(one.high for one in found)


def test_the_problem_is_that_of_the_repeat_and_the_same_for_all_methods():
    one, same, other = (
        measure(Settings("enumeration", 2, 3, 5, samples=50, repeat=repeat))["density"].best for repeat in (0, 0, 1)
    )
    assert one == same
    assert one != other


def test_points_are_all_there_are_if_fewer():
    assert measure(Settings("uniform", dimension=2, prime=3, points=50, samples=10))["points"] == 9
    assert measure(Settings("uniform", dimension=1, prime=2, points=2, samples=10))["points"] == 2
    assert measure(Settings("uniform", dimension=2000, prime=2, points=50, samples=2))["points"] == 50


def test_what_is_too_large_is_refused_before_it_is_made():
    with pytest.raises(InputError, match="Enumerating"):
        measure(Settings("enumeration", dimension=60))
    with pytest.raises(InputError, match="draw fewer samples"):
        measure(Settings("uniform", samples=10**12))


@pytest.mark.parametrize(
    "settings",
    [
        Settings(method="none"),
        Settings(prime=6),
        Settings(dimension=0),
        Settings(points=0),
        Settings(samples=0),
        Settings(seed=-1),
        Settings(repeat=-1),
    ],
)
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(InputError):
        check(settings)


def test_every_sampler_can_be_asked_for():
    for method in SAMPLERS:
        check(Settings(method))
