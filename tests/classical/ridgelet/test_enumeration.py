import re
import time
import tracemalloc
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from classical.ridgelet import EnumerationSampler
from classical.ridgelet.enumeration import enumerate_probabilities, enumerated_bytes
from problems.errors import InputError
from problems.ridgelet import Nodes, RidgeletProblem
from tests import reference

SIZES = [(2, 1), (2, 5), (3, 3), (5, 2), (7, 1), (7, 2), (11, 2), (13, 2)]


def make(prime, dimension, n=12, outputs=1, activation="relu"):
    x, y = reference.random_samples(np.random.default_rng(0), prime, dimension, n, outputs)
    return RidgeletProblem.from_samples(x, y, prime, 0.05, activation), x, y


@pytest.mark.parametrize(("prime", "dimension"), SIZES)
@pytest.mark.parametrize("activation", reference.ACTIVATIONS)
@pytest.mark.parametrize("outputs", [1, 2])
def test_probabilities_agree_with_the_reference(prime, dimension, activation, outputs):
    if (prime, activation) == (2, "sine"):
        activation = "step"
    problem, x, y = make(prime, dimension, outputs=outputs, activation=activation)
    expected = reference.optimized_distribution(x, y, prime, 0.05, activation)
    probabilities = enumerate_probabilities(problem)
    assert probabilities.shape == (problem.node_count,)
    np.testing.assert_allclose(probabilities * problem.node_count, expected * problem.node_count, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("prime", "dimension"), [(2, 15), (3, 9), (5, 6), (17, 3), (257, 1)])
def test_probabilities_sum_to_one_and_agree_with_those_of_single_nodes(prime, dimension):
    problem, _, _ = make(prime, dimension, n=40, outputs=2)
    probabilities = enumerate_probabilities(problem)
    assert abs(probabilities.sum() - 1) < 1e-12
    assert probabilities.min() >= 0
    numbers = np.random.default_rng(0).integers(0, problem.node_count, 2000)
    density = problem.density(Nodes.from_index(numbers, prime, dimension))
    np.testing.assert_allclose(probabilities[numbers] * problem.node_count, density, rtol=0, atol=1e-10)


def test_the_sampler_draws_from_its_table_in_the_order_of_the_numbers():
    problem, _, _ = make(3, 2)
    sampler = EnumerationSampler(problem)
    np.testing.assert_array_equal(sampler.probabilities, enumerate_probabilities(problem))
    sampler.probabilities = np.zeros(27)
    sampler.probabilities[14] = 1.0
    nodes = sampler.sample(5, seed=0)
    assert nodes.a.tolist() == [[1, 1]] * 5
    assert nodes.b.tolist() == [2] * 5


@pytest.mark.parametrize(
    ("prime", "dimension", "needed"),
    [(17, 64, "10^81 bytes"), (257, 784, "10^1893 bytes"), (2, 62, None), (17, 4000, None)],
)
def test_what_can_never_fit_is_refused_at_once(prime, dimension, needed):
    problem = RidgeletProblem.from_samples(np.eye(3, dimension, dtype=int), [1.0, -1.0, 2.0], prime)
    start = time.perf_counter()
    message = rf"Enumerating {prime}\^{dimension + 1} nodes needs .* are available; take fewer features"
    with pytest.raises(InputError, match=message) as refusal:
        EnumerationSampler(problem)
    assert time.perf_counter() - start < 0.5
    assert needed is None or f"needs {needed}, but" in str(refusal.value)


def test_memory_is_compared_with_what_is_available(monkeypatch):
    problem, _, _ = make(5, 3)
    needed = enumerated_bytes(problem)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=needed))
    enumerate_probabilities(problem)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=needed - 1))
    message = f"Enumerating 5^4 nodes needs {needed / 1024:.3g} KiB, but {(needed - 1) / 1024:.3g} KiB are available"
    with pytest.raises(InputError, match=re.escape(message)):
        EnumerationSampler(problem)


@pytest.mark.parametrize(("prime", "dimension"), [(2, 16), (3, 10), (5, 6), (17, 3)])
@pytest.mark.parametrize("outputs", [1, 3])
def test_the_predicted_memory_is_the_peak(prime, dimension, outputs):
    problem, _, _ = make(prime, dimension, n=40, outputs=outputs)
    _ = problem.amplitudes
    tracemalloc.start()
    enumerate_probabilities(problem)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= enumerated_bytes(problem) <= 2 * peak
