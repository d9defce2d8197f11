"""The history system as a block: against NumPy to rounding, its gates, its layout, its widths, and what is refused."""

import pickle

import numpy as np
import pytest

from problems.errors import InputError, OutOfReach
from problems.sparse_training import PolynomialUpdate, carleman_state
from quantum.resources import gate_counts
from quantum.sparse_training import CarlemanEncoding, SlotLayout
from quantum.sparse_training.carleman_walk import CarlemanWalk
from tests.quantum.blocks.agreement import act, assert_close
from tests.quantum.sparse_training.examples import carleman, drawn, history_matrix, page

CASES = {
    "page": (page(), 4, 2),
    "one weight, three powers": (drawn(1, 3), 2, 3),
    "three weights": (drawn(3), 2, 2),
    "linear": (drawn(2), 4, 1),
    "one step": (drawn(2), 1, 2),
    "three steps": (drawn(2), 3, 2),
    "six steps": (drawn(1), 6, 2),
    "contracting": (PolynomialUpdate([[0.0], [[-0.5]]]), 2, 2),
}


@pytest.fixture(scope="module", params=list(CASES))
def case(request):
    update, steps, order = CASES[request.param]
    return update, steps, order, CarlemanEncoding(update, steps, order)


def system_places(encoding):
    """Where the weighted monomials of all slots stand among the system's basis states."""
    slots = np.arange(encoding.slots)[:, None] * 2**encoding.layout.qubits
    return (slots + encoding.layout.places).ravel()


def block_of(encoding):
    """The columns of the circuit with all ancillas 0, back on all ancillas 0."""
    size = 2**encoding.system_qubits
    columns = np.eye(2**encoding.num_qubits)[:, :size]
    return act(encoding.definition, columns)[:size]


def test_the_block_is_the_system_over_alpha(case):
    update, steps, order, encoding = case
    block = block_of(encoding)
    assert_close(block, encoding.matrix())
    # On Kronecker powers, from the definition; the isometry takes their symmetric part to monomials.
    step = carleman(update, order)
    alpha = 1 + max(1, np.linalg.norm(step, 2))
    isometry = np.kron(np.eye(encoding.slots), encoding.layout.kronecker.toarray())
    expected = isometry.T @ history_matrix(update, steps, order) @ isometry
    places = system_places(encoding)
    assert_close(encoding.alpha * block[np.ix_(places, places)], expected)
    assert encoding.alpha <= alpha * (1 + 1e-12)
    # Nothing leaks between the monomials and what is padded.
    rest = np.setdiff1d(np.arange(len(block)), places)
    assert_close(block[np.ix_(rest, places)], 0)


def test_the_fast_products_are_those_of_the_matrix(case):
    encoding = case[-1]
    matrix, vector = encoding.matrix(), np.random.default_rng(0).normal(size=2**encoding.system_qubits)
    assert_close(encoding.apply(vector), matrix @ vector)
    assert_close(encoding.apply(vector, adjoint=True), matrix.T @ vector)
    assert_close(encoding.apply(encoding.solve(vector)), vector, 1e-11)
    places = system_places(encoding)
    least = np.linalg.svd(matrix[np.ix_(places, places)], compute_uv=False)[-1]
    assert encoding.condition == pytest.approx(1 / least, rel=1e-9)


@pytest.mark.parametrize("name", ["page", "three steps"])
def test_a_level_is_a_block_of_its_own(name):
    update, steps, order = CASES[name]
    encoding = CarlemanEncoding(update, steps, order, level=0.2)
    block, plain = block_of(encoding), encoding.at_level(None).matrix()
    zero = np.zeros_like(plain)
    assert_close(block, np.block([[plain, zero], [zero, 0.2 * np.eye(len(plain))]]))
    assert encoding.at_level(0.2) == encoding != encoding.at_level(None)


@pytest.mark.parametrize("name", ["linear", "contracting"])
def test_the_walk_is_hermitian_and_its_control_switches_it(name):
    walk = CarlemanWalk(CarlemanEncoding(*CASES[name][:3]))
    matrix = np.asarray(walk)
    assert_close(matrix, matrix.conj().T)
    assert_close(matrix @ matrix, np.eye(len(matrix)))
    size = 2 * walk.size
    assert_close(matrix[:size, :size], walk.block())
    controlled = act(walk.controlled_core().definition, np.eye(2 * len(matrix)))
    assert_close(controlled, np.block([[np.eye(len(matrix)), 0 * matrix], [0 * matrix, matrix]]))


def test_a_query_of_two_weights_takes_ten_qubits_less_one_and_150_cnots():
    encoding = CarlemanEncoding(page(), 4, 2)
    assert encoding.num_qubits == 9
    assert gate_counts(encoding.definition).two_qubit <= 150
    assert encoding.two_qubit_gates == gate_counts(encoding.definition, optimization_level=0).two_qubit


@pytest.mark.parametrize("slots", [2, 4, 8, 16, 32])
def test_without_an_increment_the_condition_is_that_of_a_path(slots):
    """F = 0 except a start: kappa_eff = 1/sin(pi/(4S + 2))."""
    still = PolynomialUpdate([[0.0, 0.0]])
    encoding = CarlemanEncoding(still, slots // 2, 2)
    assert encoding.slots == slots
    assert encoding.alpha == pytest.approx(2)
    assert encoding.condition == pytest.approx(1 / np.sin(np.pi / (4 * slots + 2)), rel=1e-12)


@pytest.mark.parametrize(("n", "order", "qubits"), [(1, 1, 1), (1, 3, 2), (2, 2, 3), (3, 2, 4), (4, 2, 5), (5, 1, 4)])
def test_a_slot_has_weights_first_then_the_constant_alone_in_its_block(n, order, qubits):
    layout = SlotLayout(n, order)
    size = 2 ** int(np.ceil(np.log2(n)))
    assert layout.qubits == qubits
    assert layout.places[0] == layout.constant == size
    assert layout.places[1 : n + 1].tolist() == list(range(n))
    assert np.all(layout.places[n + 1 :] >= 2 * size)
    assert len(set(layout.places.tolist())) == layout.size
    assert layout.places.max() < 2**qubits


def test_weighted_monomials_are_kronecker_powers_in_other_clothes():
    layout, u = SlotLayout(3, 3), np.array([0.3, -0.2, 0.5])
    weighted = layout.weights * carleman_state(u, 3, "monomial")
    assert_close(layout.kronecker @ weighted, carleman_state(u, 3))
    isometry = layout.kronecker.toarray()
    assert_close(isometry.T @ isometry, np.eye(layout.size))
    assert layout.embedded(weighted)[layout.places].tolist() == weighted.tolist()


def test_encodings_pickle_and_compare():
    encoding = CarlemanEncoding(page(), 3, 2, 0.5)
    copy = pickle.loads(pickle.dumps(encoding))
    assert copy == encoding != CarlemanEncoding(page(2.0), 3, 2, 0.5)
    assert encoding.update is not page()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: CarlemanEncoding(page(), 0, 2), "steps T = 0 is too small"),
        (lambda: CarlemanEncoding(page(), 2, 0), "order N = 0 is too small"),
        (lambda: CarlemanEncoding(page(), 2.5, 1), "steps T = 2.5 is no whole number"),
        (lambda: CarlemanEncoding([[1.0]], 2, 1), "list is no polynomial update"),
        (lambda: CarlemanEncoding(page(), 2, 1, level=2.0), "level = 2.0 is no block"),
        (lambda: SlotLayout(0, 1), "dimension n = 0 is too small"),
    ],
)
def test_bad_systems_are_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()


def test_a_slot_wider_than_memory_is_refused_before_it_is_built():
    many = PolynomialUpdate([np.zeros(1000)])
    with pytest.raises(OutOfReach, match=r"A contraction of 28 qubits, one slot of n = 1000 .* needs .* keep fewer"):
        CarlemanEncoding(many, 4, 3)
