"""Problems, samplers, primitives and estimators go through pickles, to other processes too, and stay what they were."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from qiskit.primitives import BaseSamplerV2

from compare.estimators import TicketClassifier, TicketRegressor
from compare.primitive import DequantizedPrimitive
from compare.studies.ridgelet.methods import METHODS
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from quantum.ridgelet import ridgelet_circuit

PRIMES = (2, 3, 5, 7, 17, 1031)


def problem_of(prime):
    rng = np.random.default_rng(prime)
    dimension = 2 if prime < 5 else 1  # circuits of few qubits
    return RidgeletProblem.from_samples(rng.integers(0, prime, (6, dimension)), rng.choice([-1.0, 1.0], 6), prime)


def samplers_of(problem):
    """Return the samplers that apply, by name."""
    found = {}
    for name, method in METHODS.items():
        if method.peer:
            continue
        try:
            method.check_quick(problem, 4)
            found[name] = method.make(problem)
        except InputError:
            continue
    return found


def drawn(sampler):
    nodes = sampler.sample(5, seed=1)
    return nodes.a.tolist(), nodes.b.tolist()


@pytest.mark.parametrize("prime", PRIMES)
def test_a_problem_is_the_same_problem(prime):
    problem = problem_of(prime)
    again = pickle.loads(pickle.dumps(problem))
    assert again.digest == problem.digest


@pytest.mark.parametrize("prime", PRIMES)
def test_every_sampler_draws_the_same(prime):
    samplers = samplers_of(problem_of(prime))
    assert {"dequantized", "uniform"} <= samplers.keys()
    for name, sampler in samplers.items():
        again = pickle.loads(pickle.dumps(sampler))
        assert drawn(again) == drawn(sampler), name


def test_samplers_go_through_processes():
    samplers = [samplers_of(problem_of(prime))["dequantized"] for prime in (2, 5)]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(drawn, samplers)) == [drawn(sampler) for sampler in samplers]


@pytest.mark.parametrize("prime", [2, 5, 7])
def test_a_primitive_draws_the_same(prime):
    problem = problem_of(prime)
    circuit = ridgelet_circuit(problem, "binary")
    primitive = DequantizedPrimitive(problem, seed=3)
    again = pickle.loads(pickle.dumps(primitive))
    assert isinstance(again, BaseSamplerV2)
    counts = [one.run([circuit], shots=20).result()[0].data.node.get_counts() for one in (primitive, again)]
    assert counts[0] == counts[1]


@pytest.mark.parametrize("kind", [TicketClassifier, TicketRegressor])
@pytest.mark.parametrize("prime", [2, 5])
def test_a_fitted_estimator_predicts_the_same(kind, prime):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 3)), rng.integers(0, 2, 40)
    fitted = kind(prime=prime, n_nodes=5, random_state=0).fit(x, y)
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict(x), fitted.predict(x))
