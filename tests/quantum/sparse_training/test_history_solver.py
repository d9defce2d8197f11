"""Solvers of the history: circuits against polynomials, polynomials against NumPy, u(T) by shots, costs, refusals."""

import time
from functools import partial

import numpy as np
import pytest
from scipy.stats import chisquare

from problems.errors import InputError, OutOfReach
from problems.seeds import integer_seed
from problems.sparse_training import PolynomialUpdate
from quantum.backends import device, resolve
from quantum.resources import gate_counts
from quantum.sparse_training import METHODS, HistorySolver
from tests.quantum.blocks.branches import good_branch
from tests.quantum.sparse_training.examples import drawn, history, page, squares

START = (0.3, -0.2)

CASES = {
    "kernel reflection": {"steps": 4, "order": 2, "method": "kernel-reflection"},
    "inversion": {"steps": 4, "order": 2, "method": "qsvt"},
    "reflection from a start": {"start": START, "steps": 2, "order": 2, "method": "kernel-reflection"},
    "inversion from a start": {"start": START, "steps": 2, "order": 2, "method": "qsvt", "scale": 0.7},
    "three steps": {"steps": 3, "order": 1, "method": "qsvt"},
    "a wrong guess": {"steps": 2, "order": 1, "method": "kernel-reflection", "guess": 7.0},
}


def fidelity(found, expected):
    return float(np.sum(found * expected) ** 2)


@pytest.fixture(scope="module", params=list(CASES))
def case(request):
    settings = CASES[request.param]
    return settings, HistorySolver(page(), **settings)


def test_the_circuit_is_the_fast_path_and_its_history_numpys(case):
    settings, solver = case
    began = time.process_time()
    branch = good_branch(solver.circuit, solver.solver.flags, solver.branch.size)
    assert time.process_time() - began < 10
    np.testing.assert_allclose(branch, solver.branch.ravel(), rtol=0, atol=1e-11)
    assert solver.qubits == solver.circuit.num_qubits <= 13
    gamma = settings.get("scale", 1.0)
    start = np.array(settings.get("start", (0.0, 0.0))) / gamma
    exact = history(page().rescaled(gamma), solver.steps, solver.order, start)
    assert solver.history().shape == exact.shape
    # The sign is right, too: no square root of a fidelity.
    assert np.sum(solver.history() * exact) > 0
    assert 1 - fidelity(solver.history(), exact) < 1e-4
    weights = gamma * exact[-1, 1:3] / exact[-1, 0]
    np.testing.assert_allclose(solver.solve(), weights, rtol=0, atol=0.01)


def test_phase_estimation_is_its_closed_form():
    tiny = PolynomialUpdate([[-0.1], [[-0.2]]])
    solver = HistorySolver(tiny, steps=1, order=1, method="hhl", epsilon=0.1)
    branch = good_branch(solver.circuit, solver.solver.flags, solver.branch.size)
    np.testing.assert_allclose(branch, solver.branch.ravel(), rtol=0, atol=1e-11)
    exact = history(tiny, 1, 1)
    assert np.sum(solver.history() * exact) > 0
    assert 1 - fidelity(solver.history(), exact) < 1e-2
    assert solver.cost.queries == 2 * solver.cost.degree


def test_the_example_of_the_study_has_its_numbers():
    """F_0 = (-.05, -.05), F_1 = -.1 diag(1, 2), F_2 = -.05 on squares, T = 4, N = 2, epsilon .01."""
    made = {method: HistorySolver(page(), steps=4, order=2, method=method) for method in METHODS}
    assert made["kernel-reflection"].cost.degree == 68
    assert made["qsvt"].cost.degree == 59
    assert made["qsvt"].qubits == 10
    assert made["kernel-reflection"].qubits == 11
    for solver in made.values():
        assert solver.cost.condition == pytest.approx(11.1359, abs=5e-5)
        assert solver.cost.norm == pytest.approx(5.78876, abs=5e-6)
        assert solver.cost.alpha == pytest.approx(2.0121517586)
        np.testing.assert_allclose(solver.solve(), [-0.1733793, -0.1487515], atol=5e-3)
        assert 1 - fidelity(solver.history(), history(page(), 4, 2)) < 1e-4
    exact = HistorySolver(page(), steps=4, order=2, epsilon=1e-9).solve()
    np.testing.assert_allclose(exact, [-0.1733793, -0.1487515], atol=2e-7)


def test_success_is_what_the_theory_says():
    inversion = HistorySolver(page(), steps=4, order=2, method="qsvt")
    polynomial = inversion.solver.polynomial
    expected = (0.999 * inversion.norm / polynomial.maximum) ** 2
    assert inversion.success == pytest.approx(expected, rel=0.02)
    reflection = HistorySolver(page(), steps=4, order=2)
    assert reflection.success >= 0.95
    off = HistorySolver(page(), steps=4, order=2, guess=1.3 * reflection.norm)
    assert off.success == pytest.approx(0.934 * reflection.success, abs=0.02)
    # A device estimates the norm first: some 12,000 queries, once, and success is as good.
    for seed in range(5):
        estimate = reflection.solver.estimate(32, seed)
        assert estimate.queries == reflection.cost.estimation_queries == 11776
        assert HistorySolver(page(), steps=4, order=2, guess=estimate.norm).success >= 0.95


def test_three_weights_take_twelve_qubits_and_seconds():
    solver = HistorySolver(squares(3), steps=4, order=2)
    assert solver.qubits == 12
    assert 1 - fidelity(solver.history(), history(squares(3), 4, 2)) < 1e-4
    assert solver.success >= 0.95
    began = time.process_time()
    branch = good_branch(solver.circuit, solver.solver.flags, solver.branch.size)
    assert time.process_time() - began < 10
    np.testing.assert_allclose(branch, solver.branch.ravel(), rtol=0, atol=1e-11)


@pytest.mark.parametrize("seed", range(6))
def test_hidden_updates_come_out_at_small_epsilon(seed):
    rng = np.random.default_rng(seed)
    n, degree, order = int(rng.integers(1, 4)), int(rng.integers(1, 4)), int(rng.integers(1, 4))
    update, steps = drawn(n, degree, 0.15, seed), int(rng.integers(1, 7))
    start = 0.3 * rng.normal(size=n) if seed % 2 else None
    solver = HistorySolver(update, start, steps, order, ["kernel-reflection", "qsvt"][seed % 2], 1e-8)
    exact = history(update, steps, order, start)
    np.testing.assert_allclose(solver.history(), exact, rtol=0, atol=1e-7)
    np.testing.assert_allclose(solver.solve(), exact[-1, 1 : n + 1] / exact[-1, 0], rtol=0, atol=1e-6)
    gamma = 0.5 + rng.random()
    scaled = HistorySolver(update, start, steps, order, "kernel-reflection", 1e-8, scale=gamma)
    np.testing.assert_allclose(scaled.solve(), solver.solve(), rtol=0, atol=1e-6)


def test_shots_give_the_weights_within_their_errors():
    """200 runs of 4,000 shots: z-scores have mean 0 within 5/sqrt(400) and spread 1 within 15%."""
    solver = HistorySolver(page(), steps=4, order=2)
    z = []
    for seed in range(200):
        found, errors = solver.sample(4000, seed)
        assert found.shape == errors.shape == (2,)
        z.append((found - solver.solve()) / errors)
    assert abs(np.mean(z)) < 5 / np.sqrt(400)
    assert np.std(z) == pytest.approx(1, abs=0.15)
    first = solver.sample(4000, 3)
    np.testing.assert_array_equal(first[0], solver.sample(4000, 3)[0])


def test_the_measured_circuit_gives_the_outcomes_of_the_fast_path():
    solver = HistorySolver(page(), steps=2, order=1, method="qsvt", epsilon=0.1)
    shots = 20_000
    bits = resolve("aer_statevector").prepare(solver.measured, solver.rank).run(shots, integer_seed(1))
    counts = solver.counts(bits)
    expected = shots * solver.outcomes
    rest = shots - counts.sum(), shots - expected.sum()
    assert chisquare([*counts.ravel(), rest[0]], [*expected.ravel(), rest[1]]).pvalue > 1e-4
    found = solver.measure("aer_statevector", shots, 1)
    np.testing.assert_array_equal(found.values, solver.read(*counts, shots).values)
    assert np.all(np.abs(found.values - solver.solve()) < 5 * found.errors)


def test_a_constant_that_is_too_small_is_refused_with_the_remedy():
    solver = HistorySolver(page(), steps=4, order=2, scale=0.2)
    with pytest.raises(
        InputError, match=r"scale = 0.2 is not above \|u\(T\)\| = 0.22\d+, .* give scale=0.45"
    ) as refusal:
        solver.sample(1000, 0)
    assert "\n" not in str(refusal.value)
    # The remedy works, and so does a constant measured by itself.
    assert np.all(np.isfinite(HistorySolver(page(), steps=4, order=2, scale=0.45).sample(10_000, 0)[0]))
    found, errors = solver.sample(40_000, 0, constant_shots=10_000)
    assert np.all(np.abs(found - solver.solve()) < 5 * errors)


def test_steps_that_are_no_power_of_two_are_padded_and_said():
    solver = HistorySolver(page(), steps=3, order=2)
    assert solver.slots == 8
    assert solver.notes == (
        "T = 3 is no power of two: the system is padded to 8 slots, those after T repeat u(3), and one further qubit "
        "compares the time with T.",
    )
    u = np.zeros(2)
    for _ in range(3):
        u = u + page()(u)
    np.testing.assert_allclose(solver.solve(), u, atol=5e-3)
    assert "T = 3, padded to 8 slots, N = 2" in repr(solver)
    assert HistorySolver(page(), steps=4).notes == ()


def test_costs_tell_methods_apart():
    update = squares(3)
    costs = {method: [HistorySolver(update, steps=t, method=method).cost for t in (4, 8)] for method in METHODS}
    for t in range(2):
        per_shot = {method: costs[method][t].queries_per_good_shot for method in METHODS}
        assert per_shot["kernel-reflection"] < per_shot["qsvt"] < per_shot["hhl"]
    for found in costs.values():
        for cost in found:
            amplified = (2 * cost.rounds + 1) * np.arcsin(np.sqrt(cost.good))
            assert cost.queries_per_good_shot == pytest.approx(
                (2 * cost.rounds + 1) * cost.queries / np.sin(amplified) ** 2
            )
            assert cost.good < cost.success
    # Estimating |x| is a price of reflection alone, and a one-time one.
    assert costs["qsvt"][0].estimation_queries == costs["hhl"][0].estimation_queries == 0
    reflection = HistorySolver(update, steps=4)
    assert reflection.cost.estimation_queries == reflection.solver.estimate(32, 0).queries


@pytest.mark.parametrize("method", list(METHODS))
def test_gates_are_those_of_the_pieces(method):
    update = PolynomialUpdate([[-0.1], [[-0.2]]])
    solver = HistorySolver(update, steps=1, order=1, method=method, epsilon=0.3)
    pieces = solver.solver.pieces()
    written = sum(piece.times * gate_counts(piece.circuit, 0).two_qubit for piece in pieces)
    assert written == gate_counts(solver.circuit, 0).two_qubit
    gates = solver.gates()
    assert gates.query.cx == gate_counts(pieces[1].circuit).two_qubit
    queries = sum(piece.times for piece in pieces if piece.name == "query")
    assert queries == solver.cost.degree
    assert 0 < gates.whole.cx <= written
    assert gates.query.t > 0
    if method != "hhl":  # whose walks back are written otherwise
        assert gates.whole.cx == gates.load.cx + queries * gates.query.cx + gates.phases.cx
        assert gates.whole.t == gates.load.t + queries * gates.query.t + gates.phases.t


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"method": "hll"}, "There is no method 'hll'. Did you mean 'hhl'"),
        ({"update": [[1.0]]}, "list is no polynomial update"),
        ({"start": [1.0]}, r"start has shape \(1,\)"),
        ({"steps": 0}, "steps T = 0 is too small"),
        ({"order": 1.5}, "order N = 1.5 is no whole number"),
        ({"epsilon": 0.0}, "epsilon = 0.0 is out of range"),
        ({"epsilon": 1.0, "method": "hhl"}, "epsilon = 1.0 is out of range"),
        ({"epsilon": 2.0, "method": "qsvt"}, "epsilon = 2.0 is out of range"),
        ({"scale": 0.0}, "scale = 0.0 scales every weight away"),
        ({"scale": -1.0}, "scale = -1.0 is negative"),
        ({"guess": 3.0, "method": "qsvt"}, "guess = 3.0 says nothing to method='qsvt'"),
        ({"guess": 0.3}, "guess = 0.3 is below 1"),
    ],
)
def test_bad_requests_are_refused_in_one_line(changes, message):
    with pytest.raises(InputError, match=message) as refusal:
        HistorySolver(**{"update": page(), "steps": 2, **changes})
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("size", "told"), [(1.5, r"1\.14e\+11"), (3.0, r"(\d\.?\d*e\+(1[6-9]|[2-9]\d)|inf)"), (1e200, "inf")]
)
def test_training_that_diverges_is_refused(size, told):
    """Above 1/eps = 4.5e15 the least singular value has no digits, and only that it is below rounding is said."""
    with pytest.raises(InputError, match=rf"kappa_eff = {told} .* grows too much in 16 steps; take fewer steps"):
        HistorySolver(drawn(2, 2, size), steps=16)


def test_systems_wider_than_memory_or_a_device_are_refused_before_they_are_built(monkeypatch):
    many = PolynomialUpdate([np.zeros(30)])
    with pytest.raises(OutOfReach, match=r"A history of 50 qubits, 1099511627776 slots of n = 30 .* take fewer steps"):
        HistorySolver(many, steps=2**39, order=2)
    solver = HistorySolver(page(), steps=4, order=2)
    with pytest.raises(InputError, match=r"The circuit has 11 qubits, and fake_manila\w* has 5; take fewer weights"):
        solver.measure("fake_manila", 100)
    monkeypatch.setattr("problems.memory.psutil.virtual_memory", lambda: type("", (), {"available": 10_000}))
    with pytest.raises(OutOfReach, match=r"A state vector of 11 qubits needs .* solve\(\) and sample\(\)"):
        solver.measure("aer_statevector", 100)


def test_a_circuit_that_drowns_in_noise_is_refused_and_not_simulated(monkeypatch):
    """On the first of twelve layouts: it drowns by far."""
    monkeypatch.setattr(device, "fit_circuit", partial(device.fit_circuit, tries=1))
    solver = HistorySolver(PolynomialUpdate([[-0.1], [[-0.2]]]), steps=1, order=1, epsilon=0.3)
    with pytest.raises(InputError, match=r"too deep for fake_fez.* drowns in the noise of 1000 shots"):
        solver.measure("fake_fez", 1000, 0)
