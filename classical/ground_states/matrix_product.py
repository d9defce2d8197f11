"""Matrix product states by quimb's DMRG, in snake order through the lattice: the extra ``[tensor]``."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from problems.errors import OutOfReach, whole_number
from problems.ground_states import IsingModel, SpinModel
from problems.seeds import Seed, integer_seed

__all__ = ["MatrixProduct", "matrix_product", "mps_entries", "snake"]

SWEEPS = 60
"""Sweeps of DMRG at most."""

PRECISION = 1e-10
"""Change of the energy in a sweep at which DMRG stops."""


@dataclass(frozen=True)
class MatrixProduct:
    """The outcome of DMRG.

    Attributes
    ----------
    energy
        Of the state, an upper bound of the ground energy.
    bond
        The largest bond dimension.
    entries
        Entries of all its tensors: its number of parameters.
    """

    energy: float
    bond: int
    entries: int


def mps_entries(sites: int, bond: int) -> int:
    """Return the entries of an open matrix product state of spins with a bond dimension of at most `bond`.

    Examples
    --------
    >>> [mps_entries(9, bond) for bond in (2, 4, 8)]
    [64, 200, 552]
    """
    ends = [min(bond, 2 ** min(place, sites - place)) for place in range(sites + 1)]
    return sum(2 * left * right for left, right in pairwise(ends))


def snake(model: SpinModel) -> list[int]:
    """Return the sites in the order of the chain: of an Ising lattice every other row backwards, else as they are."""
    if not isinstance(model, IsingModel):
        return list(range(model.sites))
    grid = np.arange(model.sites).reshape(model.rows, model.columns)
    grid[1::2] = grid[1::2, ::-1].copy()
    order: list[int] = grid.ravel().tolist()
    return order


def matrix_product(model: SpinModel, bond: int, seed: Seed = 0) -> MatrixProduct:
    """Return the matrix product state of a bond dimension that two-site DMRG finds.

    Parameters
    ----------
    model
        The model.
    bond
        The largest bond dimension chi, at least 1.
    seed
        What the first state is drawn with.

    Raises
    ------
    InputError
        If the bond dimension is no whole number of at least 1.
    OutOfReach
        If quimb is not installed.
    """
    bond = whole_number("bond dimension", bond, 1)
    tensors = _quimb()
    place = {site: number for number, site in enumerate(snake(model))}
    builder = tensors.operator()
    for sites in model.products:
        builder += (-1.0, *(("z", place[site]) for site in sites))
    for sites in model.flips:
        builder += (-model.strength, *(("x", place[site]) for site in sites))
    first = tensors.network.MPS_rand_state(model.sites, min(bond, 2), seed=integer_seed(seed), dtype="float64")
    search = tensors.network.DMRG2(builder.build_mpo(), bond_dims=bond, cutoffs=0.0, p0=first)
    search.solve(tol=PRECISION, max_sweeps=SWEEPS, verbosity=0)
    state = search.state
    return MatrixProduct(float(np.real(search.energy)), int(state.max_bond()), int(sum(one.size for one in state)))


class _Tensors:
    """Quimb's modules of networks and operators."""

    def __init__(self, network: Any, operator: Any) -> None:
        self.network, self.operator = network, operator


def _quimb() -> _Tensors:
    try:
        import quimb.tensor as network
        from quimb.operator import SparseOperatorBuilder
    except ImportError as error:
        raise OutOfReach(
            f"Matrix product states need quimb, which cannot be imported ({error}); install it by pip install "
            "'quantum-tickets[tensor]'."
        ) from None
    return _Tensors(network, SparseOperatorBuilder)
