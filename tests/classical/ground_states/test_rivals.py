"""Jastrow states and matrix product states, with the numbers of the page; quimb and NetKet missing."""

import sys

import numpy as np
import pytest

from classical.ground_states import Jastrow, matrix_product, mps_entries, netket_state
from classical.ground_states.matrix_product import snake
from problems.errors import InputError, OutOfReach
from problems.ground_states import CRITICAL_FIELD, IsingModel, ToricCode, all_spins
from tests.compiling import import_quimb

THREE = IsingModel(3, 3, CRITICAL_FIELD)


def test_jastrow_states_have_the_energies_of_the_page():
    near, every = Jastrow.nearest_neighbor(THREE).optimize(), Jastrow.symmetric(THREE).optimize()
    assert (len(near.parameters), len(every.parameters)) == (2, 8)
    assert THREE.relative_error(near.energy) == pytest.approx(9.10628e-4, abs=1e-9)
    assert THREE.relative_error(every.energy) == pytest.approx(6.55e-6, abs=1e-8)


def test_the_energy_is_that_of_the_state_written_out_and_least():
    model = IsingModel(2, 3, 1.3)
    state = Jastrow.symmetric(model)
    couplings = np.linspace(-0.1, 0.2, len(state.pairs))
    spins = all_spins(6)
    logs = sum(
        coupling * spins[:, i] * spins[:, j]
        for coupling, members in zip(couplings, state.pairs, strict=True)
        for i, j in members
    )
    psi = np.exp(logs)
    assert state.energy(couplings) == pytest.approx(psi @ model.matrix() @ psi / (psi @ psi), abs=1e-12)
    found = state.optimize()
    assert state.energy(found.parameters) == pytest.approx(found.energy, abs=1e-12)
    for change in np.eye(len(couplings)):
        assert state.energy(found.parameters + 1e-3 * change) > found.energy


def test_translations_of_a_periodic_lattice_leave_one_class_of_bonds():
    assert len(Jastrow.nearest_neighbor(IsingModel(3, 3, 1.0, periodic=True)).pairs) == 1
    assert len(Jastrow.nearest_neighbor(IsingModel(2, 3, 1.0, periodic=True)).pairs) == 2
    assert len(Jastrow.nearest_neighbor(IsingModel(2, 3, 1.0)).pairs) == 3
    bonds = sorted(pair for members in Jastrow.nearest_neighbor(THREE).pairs for pair in members)
    assert bonds == sorted(THREE.bonds)


def test_matrix_product_states_have_the_energies_and_entries_of_the_page():
    import_quimb()
    assert snake(THREE) == [0, 1, 2, 5, 4, 3, 6, 7, 8]
    for bond, error, entries in ((2, 8.778e-3, 64), (4, 4.985e-4, 200), (8, 9.685e-7, 552)):
        found = matrix_product(THREE, bond)
        assert (found.entries, found.bond, mps_entries(9, bond)) == (entries, bond, entries)
        assert THREE.relative_error(found.energy) == pytest.approx(error, rel=1e-3)


def test_what_is_missing_is_told_with_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "quimb.tensor", None)
    monkeypatch.setitem(sys.modules, "netket", None)
    for ask, told in (
        (lambda: matrix_product(THREE, 2), r"pip install 'quantum-tickets\[tensor\]'"),
        (lambda: netket_state(THREE), r"pip install 'quantum-tickets\[nqs\]'"),
    ):
        with pytest.raises(OutOfReach, match=told) as refusal:
            ask()
        assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: Jastrow.nearest_neighbor(ToricCode(2, 2)), "no classes of pairs of sites"),
        (lambda: matrix_product(THREE, 0), "bond dimension = 0 is too small"),
        (lambda: netket_state(THREE, "resnet"), "There is no network 'resnet'. Did you mean 'rescnn'"),
        (lambda: netket_state(ToricCode(2, 2), "cnn"), "'cnn' convolves a lattice of sites"),
        (lambda: netket_state(THREE, "cnn", kernel=0), "kernel = 0 is too small"),
    ],
)
def test_bad_input_is_refused_in_one_line(ask, told):
    with pytest.raises(InputError, match=told) as refusal:
        ask()
    assert "\n" not in str(refusal.value)
