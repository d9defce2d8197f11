"""Ground states of spins on a lattice: the transverse-field Ising model and the toric code, with exact energies.

Source: Barton et al., Connectivity determines the capability of sparse neural network quantum states,
arXiv:2505.22734. Site k is qubit k and bit k of a basis state's number; bit 0 is spin +1. A model is whatever has
`sites`, `products` (sites whose Z are multiplied), `flips` (sites whose X are multiplied) and `strength`:

    H = - sum over products of the product of Z - strength * sum over flips of the product of X.
"""

from problems.ground_states.configurations import all_spins, spins_of
from problems.ground_states.ising import CRITICAL_FIELD, IsingModel
from problems.ground_states.schedule import schedule
from problems.ground_states.spin_model import SpinModel
from problems.ground_states.toric import ToricCode

__all__ = ["CRITICAL_FIELD", "IsingModel", "SpinModel", "ToricCode", "all_spins", "schedule", "spins_of"]
