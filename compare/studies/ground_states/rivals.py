"""Ground energies that errors are held against, and rivals with their parameters counted."""

import numpy as np
from numpy.typing import NDArray

from compare.engine import Inputs, Seeds
from compare.statistics import RecordedEstimate, clock, mean_seconds, over_rounds
from compare.statistics.clocks import PROCESSOR, ROUNDS
from compare.studies.ground_states.lattices import is_ising, made
from compare.studies.ground_states.records import Ground, Known, Lattice, Rival, Timed, Timing
from compare.studies.ground_states.study import SMALL
from problems.errors import InputError
from problems.ground_states import IsingModel

__all__ = ["know", "rival", "time_rival"]

BOND = 64
"""Bond dimension of the state whose energy stands for the ground energy of large lattices."""


def know(task: Lattice, seeds: Seeds, inputs: Inputs) -> Known:
    """Find what errors are held against.

    Raises
    ------
    InputError
        If quimb is missing where exact diagonalization is out of reach.
    """
    from classical.ground_states import Jastrow, matrix_product

    model = made(task)
    near = gap = bond = None
    precision = 0.0
    if not is_ising(task.model) or model.sites <= SMALL:
        energy, gap = model.ground_energy(), model.gap()
    else:
        half, found = (matrix_product(model, size, seeds("first", by=("lattice",))) for size in (BOND // 2, BOND))
        energy, bond = found.energy, BOND
        precision = (half.energy - found.energy) / abs(found.energy)
    if isinstance(model, IsingModel) and model.sites <= SMALL:
        near = (Jastrow.nearest_neighbor(model).optimize().energy - energy) / abs(energy)
    plateau = 1 - model.strength * len(model.flips) / abs(energy)
    products = len(model.products)
    return Known(model.sites, products, energy, bond, precision, model.degeneracy, gap, plateau, near)


def time_rival(task: Timing, seeds: Seeds, inputs: Inputs) -> Timed:
    """Time a Jastrow state's optimization from nothing, after one that compiles what is compiled."""
    from classical.ground_states import Jastrow

    model = made(task)
    assert isinstance(model, IsingModel)  # no other model has rivals
    make = Jastrow.nearest_neighbor if task.size == 1 else Jastrow.symmetric

    def once() -> NDArray[np.float64]:
        start = clock()
        make(model).optimize()
        return clock() - start

    once()
    rounds = np.array([[mean_seconds(once)[PROCESSOR]] for _ in range(ROUNDS)])
    return Timed(RecordedEstimate.of(over_rounds(rounds)))


def rival(task: Rival, seeds: Seeds, inputs: Inputs) -> Ground:
    """Find a rival's least energy, with its number of parameters.

    Raises
    ------
    InputError
        If there is no such rival, or quimb is missing.
    """
    model = made(task)
    assert isinstance(model, IsingModel)  # no other model has rivals
    if task.rival == "jastrow":
        from classical.ground_states import Jastrow

        found = (Jastrow.nearest_neighbor if task.size == 1 else Jastrow.symmetric)(model).optimize()
        return Ground((len(found.parameters),), (model.relative_error(found.energy),))
    if task.rival == "mps":
        from classical.ground_states import matrix_product

        state = matrix_product(model, task.size, seeds("first", by=("lattice",)))
        return Ground((state.entries,), (model.relative_error(state.energy),))
    drawn = seeds("angles", by=("lattice", "rival", "size", "seed"))
    if task.rival == "hva":
        from quantum.ground_states import HamiltonianAnsatz

        return Ground((2 * task.size,), (HamiltonianAnsatz(model, task.size).optimize(drawn).error,))
    if task.rival == "adapt":
        from quantum.ground_states import adapt

        fits = adapt(model, task.size, drawn).fits
        return Ground(tuple(len(one.angles) for one in fits), tuple(one.error for one in fits))
    raise InputError(f"There is no rival {task.rival!r}; give jastrow, mps, hva or adapt.")
