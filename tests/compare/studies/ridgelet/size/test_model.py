"""The cost model: coefficients come back from draws that follow it, and a prediction is redone by hand."""

import pytest

from compare.studies.ridgelet.size.model import Costs, fit_costs, predict
from compare.studies.ridgelet.size.study import Settings

TRUE = Costs((2e-3, 1e-11, 3e-9, 5e-10), 1.0, 0)


def draws(read=2):
    found = []
    for points, dimension in [(10**3, 784), (10**4, 784), (10**5, 784), (10**4, 64), (10**4, 3072)]:
        for passes in {0, read}:
            row = {"samples": 256, "points": points, "dimension": dimension, "read": passes * points * dimension}
            found.append(row | {"seconds": TRUE.seconds(256, points, dimension, row["read"])})
    return found


def test_the_coefficients_are_found_again():
    found = fit_costs(draws())
    assert found.coefficients == pytest.approx(TRUE.coefficients, rel=1e-6)
    assert (found.worst, found.draws) == (pytest.approx(1), 10)


def test_without_a_file_reading_has_no_price():
    found = fit_costs(draws(read=0))
    assert found.coefficients[:3] == pytest.approx(TRUE.coefficients[:3], rel=1e-6)
    assert found.coefficients[3] is None


def test_what_is_off_the_model_shows_in_its_worst_factor_and_no_coefficient_is_negative():
    rows = draws()
    rows[0]["seconds"] *= 2
    found = fit_costs(rows)
    assert 1.3 < found.worst < 2.1
    assert min(found.coefficients) >= 0


def test_few_sizes_are_no_model():
    assert fit_costs(draws()[:3]) is None
    assert fit_costs([draws()[0]] * 10) is None


def test_the_prediction_by_hand():
    settings = Settings(cores=4, disk=1e9, network=2e9, latency=0.01, computers=100)
    found = predict(TRUE, settings)
    work = 1000 * 1_300_000 / 400
    assert found.multiply == pytest.approx(work * 150_528 * 1e-11)
    assert found.scatter == pytest.approx(work * 3e-9)
    assert found.bytes_held == 1_300_000 * 150_528 / 100
    assert found.read == pytest.approx(2 * found.bytes_held / 1e9)  # the disk is slower than what was fitted
    assert found.reduce == pytest.approx(7 * 8 * 257**2 * 1000 / 2e9)
    assert found.wait == pytest.approx(2e-3 + 14 * 0.01)
    assert found.seconds == found.multiply + found.scatter + found.read + found.reduce + found.wait


def test_one_computer_reduces_nothing_and_wide_residues_take_two_bytes():
    found = predict(TRUE, Settings(computers=1, predicted_prime=521, disk=1e12))
    assert (found.reduce, found.wait) == (0, 2e-3)
    assert found.bytes_held == 2 * 1_300_000 * 150_528
    assert found.read == pytest.approx(2 * found.bytes_held * 5e-10 / 2)  # two cores take in less than the disk gives
