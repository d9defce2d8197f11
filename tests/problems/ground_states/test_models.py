"""Ising models and toric codes: bonds, matrices, energies, gaps and plateaus against what is written down or exact."""

import pickle

import numpy as np
import pytest

from problems.errors import InputError, OutOfReach
from problems.ground_states import CRITICAL_FIELD, IsingModel, ToricCode, all_spins, spins_of

PAULI = {"I": np.eye(2), "X": np.array([[0.0, 1], [1, 0]]), "Z": np.diag([1.0, -1])}

SMALL = [
    IsingModel(1, 2, 0.7),
    IsingModel(2, 3, CRITICAL_FIELD),
    IsingModel(2, 2, 1.0, periodic=True),
    IsingModel(1, 5, 2.0, periodic=True),
    IsingModel(3, 3, 0.9, periodic=True),
    IsingModel(2, 3, 0.0),
    ToricCode(2, 2),
]


def product(letter, sites, n):
    """Return a product of one Pauli matrix on some sites; site k is bit k, the last factor is site 0."""
    made = np.eye(1)
    for site in reversed(range(n)):
        made = np.kron(made, PAULI[letter if site in sites else "I"])
    return made


def written_out(model):
    """Return the Hamiltonian by Kronecker products, from its own bonds, stars and plaquettes."""
    n = model.sites
    if isinstance(model, ToricCode):
        return -sum(product("X", one, n) for one in model.stars) - sum(product("Z", one, n) for one in model.plaquettes)
    fields = sum(product("X", [site], n) for site in range(n))
    return -sum(product("Z", bond, n) for bond in model.bonds) - model.field * fields


@pytest.mark.parametrize("model", SMALL, ids=repr)
def test_matrix_operator_energies_and_degeneracy_are_those_of_the_hamiltonian_written_out(model):
    expected = written_out(model)
    np.testing.assert_array_equal(model.matrix().toarray(), expected)
    np.testing.assert_array_equal(model.operator().to_matrix().real, expected)
    energies = np.linalg.eigvalsh(expected)
    assert model.ground_energy() == pytest.approx(energies[0], abs=1e-10)
    assert np.count_nonzero(energies < energies[0] + 1e-8) == model.degeneracy
    assert model.gap() == pytest.approx(energies[model.degeneracy] - energies[0], abs=1e-9)
    plus = np.full(1 << model.sites, 2.0 ** (-model.sites / 2))
    assert model.plateau() == pytest.approx((plus @ expected @ plus - energies[0]) / abs(energies[0]), abs=1e-12)
    np.testing.assert_allclose(model.product_energies(all_spins(model.sites)), model.diagonal())
    np.testing.assert_array_equal(model.diagonal(), np.diag(expected))


def test_energies_and_plateaus_of_the_page():
    two, three = (IsingModel(side, side, CRITICAL_FIELD) for side in (2, 3))
    assert two.ground_energy() == pytest.approx(-12.518878764, abs=1e-9)
    assert three.ground_energy() == pytest.approx(-28.455559568, abs=1e-9)
    assert three.plateau() == pytest.approx(0.037115, abs=1e-6)
    code = ToricCode(3, 3)
    assert (code.ground_energy(), code.degeneracy, code.plateau(), code.sites) == (-18.0, 4, 0.5, 18)


def test_the_fluctuations_of_the_exact_state():
    model = IsingModel(3, 3, CRITICAL_FIELD)
    _, states = np.linalg.eigh(model.matrix().toarray())
    pairs, fields = model.diagonal(), np.zeros((512, 512))
    for site in range(9):
        fields += product("X", [site], 9)
    state = states[:, 0]
    of_pairs = state @ (pairs**2 * state) - (state @ (pairs * state)) ** 2
    of_fields = np.linalg.norm(fields @ state) ** 2 - (state @ fields @ state) ** 2
    assert of_pairs == pytest.approx(14.4075, abs=1e-4)
    assert CRITICAL_FIELD**2 * of_fields == pytest.approx(of_pairs, rel=1e-9)


def test_lanczos_and_the_sparse_matrix_agree_where_the_matrix_is_too_large_for_all_eigenvalues():
    from scipy.sparse.linalg import eigsh

    model = IsingModel(3, 4, 1.7)
    lowest = np.sort(eigsh(model.matrix(), 3, which="SA", return_eigenvectors=False))
    assert (model.ground_energy(), model.gap()) == pytest.approx((lowest[0], lowest[1] - lowest[0]), abs=1e-9)


def test_bonds_stars_and_plaquettes_of_the_page():
    assert IsingModel(2, 2, 1.0).bonds == ((0, 1), (2, 3), (0, 2), (1, 3))
    for rows, columns, periodic, count in (
        (3, 3, False, 12), (3, 3, True, 18), (2, 2, True, 4), (2, 3, True, 9), (1, 4, True, 4), (1, 2, True, 1)
    ):  # fmt: skip
        bonds = IsingModel(rows, columns, 1.0, periodic).bonds
        assert len({frozenset(bond) for bond in bonds}) == len(bonds) == count
    code = ToricCode(2, 3)  # h(x, y) = 3 x + y, v(x, y) = 6 + 3 x + y
    assert set(code.stars[0]) == {0, 3, 6, 8}
    assert set(code.plaquettes[0]) == {0, 1, 6, 9}
    assert set(code.plaquettes[5]) == {5, 3, 11, 8}
    for star in code.stars:
        assert all(len(set(star) & set(face)) % 2 == 0 for face in code.plaquettes)


def test_configurations_have_bit_0_as_spin_up():
    np.testing.assert_array_equal(spins_of([0, 1, 6], 3), [[1, 1, 1], [-1, 1, 1], [1, -1, -1]])
    assert all_spins(4).shape == (16, 4)


def test_models_pickle_with_what_they_know():
    model = IsingModel(2, 3, 1.0)
    energy = model.ground_energy()
    again = pickle.loads(pickle.dumps(model))
    assert again == model
    assert again.ground_energy() == energy


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: IsingModel(3, 3, float("nan")), "field = nan is negative or not finite"),
        (lambda: IsingModel(3, 3, float("inf")), "field = inf is negative or not finite"),
        (lambda: IsingModel(3, 3, -1.0), "field = -1.0 is negative"),
        (lambda: IsingModel(3, 3, "high"), "field = 'high' is no number"),
        (lambda: IsingModel(0, 3, 1.0), "rows = 0 is too small"),
        (lambda: IsingModel(3, 2.5, 1.0), "columns = 2.5 is no whole number"),
        (lambda: IsingModel(1, 1, 1.0), "A lattice of 1 x 1 has no bond"),
        (lambda: IsingModel(3, 3, 1.0, periodic="no"), "periodic = 'no' is neither True nor False"),
        (lambda: ToricCode(1, 3), "rows = 1 is too small; give at least 2"),
    ],
)
def test_bad_models_are_refused_in_one_line(make, told):
    with pytest.raises(InputError, match=told) as refusal:
        make()
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("ask", [lambda m: m.ground_energy(), lambda m: m.matrix(), lambda m: m.diagonal()])
def test_lattices_that_do_not_fit_are_refused_before_anything_is_allocated(ask):
    with pytest.raises(OutOfReach, match=r"needs .* [TP]iB, but .* are available; take fewer sites") as refusal:
        ask(IsingModel(6, 7, 1.0))
    assert "\n" not in str(refusal.value)
