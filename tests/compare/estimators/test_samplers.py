"""The estimators' samplers: every name, and whatever else samples nodes of a problem."""

import subprocess
import sys
from functools import partial

import numpy as np
import pytest

from classical.ridgelet import DequantizedSampler, UniformSampler
from compare.estimators import TicketClassifier, TicketRegressor
from compare.studies.ridgelet.methods import FEW, METHODS, SAMPLERS
from problems.errors import InputError
from problems.ridgelet import SparseNetwork
from quantum.ridgelet import CircuitSampler
from tests.compare.estimators import both, made_data


@pytest.mark.parametrize("name", [name for name in SAMPLERS if name != "circuit-noisy"])
def test_every_name_samples_as_many_nodes_as_asked_for(name):
    x, y = made_data(TicketClassifier, n=12, features=1)
    prime = 7 if name.endswith("crt") else 3
    fitted = TicketClassifier(30, prime=prime, sampler=name, random_state=0).fit(x, y)
    assert len(fitted.nodes_) == 30
    assert fitted.score(x, y) > 0.8


@pytest.mark.parametrize("name", FEW)
def test_nodes_of_subspace_samplers_see_as_many_features_as_the_name_says_or_all_there_are(name):
    size = FEW[name].coordinates
    rng = np.random.default_rng(0)
    for features in (1, 2, 5):
        x, y = rng.normal(size=(60, features)), rng.normal(size=60)
        nodes = TicketRegressor(30, prime=5, sampler=name, random_state=0).fit(x, y).nodes_
        assert np.max(np.count_nonzero(nodes.a, axis=1)) == min(size, features)


def test_a_name_means_the_same_in_the_risk_study():
    shared = [name for name in FEW if not METHODS[name].extra]
    assert len(shared) >= 8
    x, y = made_data(TicketRegressor)
    for name in shared:
        fitted = TicketRegressor(20, prime=5, sampler=name, random_state=3).fit(x, y)
        seed = int(np.random.RandomState(3).randint(2**31 - 1))
        assert METHODS[name].make(fitted.problem_).sample(20, seed) == fitted.nodes_


@both
def test_the_network_is_that_of_the_protocol(estimator):
    """Quantized, sampled and fitted by hand."""
    x, y = made_data(estimator)
    fitted = estimator(50, prime=5, sampler="dequantized", regularization=0.2, ridge=0.03, random_state=7).fit(x, y)
    points = fitted.quantizer_.transform(x)
    problem = fitted.problem_
    assert (problem.prime, problem.regularization, problem.activation) == (5, 0.2, "relu")
    seed = int(np.random.RandomState(7).randint(2**31 - 1))
    nodes = DequantizedSampler(problem).sample(50, seed)
    assert nodes == fitted.nodes_
    targets = np.where(y, 1.0, -1.0) if estimator is TicketClassifier else y
    network = SparseNetwork.fit(problem, nodes, points, targets - targets.mean(), 0.03)
    outputs = fitted.decision_function(x) if estimator is TicketClassifier else fitted.predict(x)
    np.testing.assert_allclose(outputs, network.predict(points) + targets.mean(), atol=1e-10)


def test_a_sampler_may_be_a_class_a_function_or_a_circuit_on_a_backend():
    x, y = made_data(TicketClassifier, features=2)
    circuit = partial(CircuitSampler, backend="aer_statevector", encoding="rader")
    for sampler in (DequantizedSampler, lambda problem: UniformSampler(problem), circuit):
        fitted = TicketClassifier(60, prime=5, sampler=sampler, random_state=0).fit(x, y)
        assert fitted.score(x, y) > 0.85
        again = TicketClassifier(60, prime=5, sampler=sampler, random_state=0).fit(x, y)
        assert again.nodes_ == fitted.nodes_


@pytest.mark.parametrize(
    ("sampler", "message"),
    [
        ("dequantised", r"There is no sampler 'dequantised'\. Did you mean 'dequantized'\?"),
        ("refined-4", r"Did you mean 'refined-.' or 'refined-.'\?"),
        (3, r"There is no sampler 3\. There are: "),
        (["uniform"], r"There is no sampler \['uniform'\]\."),
        (lambda problem: 5, r"makes a int of the problem, which samples no nodes; give what"),
    ],
)
def test_what_is_no_sampler_is_refused(sampler, message):
    x, y = made_data(TicketRegressor)
    with pytest.raises(InputError, match=message):
        TicketRegressor(sampler=sampler).fit(x, y)


def test_the_sampler_of_another_problem_is_refused():
    x, y = made_data(TicketRegressor)
    problem = TicketRegressor().fit(x, y).problem_
    with pytest.raises(InputError, match=r"made for one problem already; give UniformSampler itself"):
        TicketRegressor(sampler=UniformSampler(problem)).fit(x, y)


def test_a_samplers_own_refusal_reaches_the_user():
    x, y = made_data(TicketRegressor, features=30)
    with pytest.raises(InputError, match=r"Enumerating 11\^31 nodes needs .* bytes"):
        TicketRegressor(sampler="enumeration").fit(x, y)


@pytest.mark.parametrize(("sampler", "prime", "size"), [("refined-2", 367, 2), ("subspace-3", 53, 3)])
def test_more_cells_than_a_subspace_is_drawn_on_in_time_are_refused(sampler, prime, size):
    x, y = made_data(TicketRegressor)
    with pytest.raises(InputError, match=rf"prime = {prime} is too large for nodes that see {size} features each: "):
        TicketRegressor(prime=prime, sampler=sampler).fit(x, y)
    fitted = TicketRegressor(5, prime=prime, sampler=f"subspace-{size - 1}", random_state=0).fit(x, y)
    assert len(fitted.nodes_) == 5


def test_classical_tickets_import_no_qiskit():
    script = """
import sys
from compare.estimators import TicketClassifier
TicketClassifier(5).fit([[0.0], [1.0]], [0, 1])
sys.exit("qiskit" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-W", "error", "-c", script], check=False).returncode == 0
