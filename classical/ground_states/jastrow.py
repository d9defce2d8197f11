"""Jastrow states: pairs of spins with couplings that are the same for pairs that the lattice's symmetries connect.

log psi(s) = sum over classes c of J_c sum over pairs (i, j) of the class s_i s_j.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Self

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError
from problems.ground_states import IsingModel, spins_of
from problems.ground_states.configurations import bits_of
from problems.ground_states.lattice import classes, symmetries
from problems.memory import require_memory
from problems.showing import Shows

__all__ = ["Jastrow", "OptimizedJastrow"]

Real = NDArray[np.float64]
Pair = tuple[int, int]


@dataclass(frozen=True, eq=False, repr=False)
class OptimizedJastrow(Shows):
    """A Jastrow state of least energy.

    Attributes
    ----------
    energy
        Exact.
    parameters
        The couplings J_c, one a class of pairs.
    """

    energy: float
    parameters: Real

    def _facts(self) -> Mapping[str, object]:
        return {"couplings": len(self.parameters), "energy": float(self.energy)}


class Jastrow:
    """A Jastrow state of an Ising model, by its classes of pairs.

    Parameters
    ----------
    model
        The model.
    pairs
        Classes of pairs of sites; each has one coupling.

    Raises
    ------
    InputError
        If the model is no Ising model, whose lattice says which pairs are alike.

    Examples
    --------
    >>> from problems.ground_states import CRITICAL_FIELD
    >>> model = IsingModel(3, 3, CRITICAL_FIELD)
    >>> found = Jastrow.nearest_neighbor(model).optimize()
    >>> len(found.parameters), round(model.relative_error(found.energy), 7)
    (2, 0.0009106)
    """

    def __init__(self, model: IsingModel, pairs: Iterable[Sequence[Pair]]) -> None:
        _check(model)
        self.model, self.pairs = model, [list(members) for members in pairs]

    @classmethod
    def nearest_neighbor(cls, model: IsingModel) -> Self:
        """Return the state with a coupling for each class of bonds.

        Raises
        ------
        InputError
            If the model is no Ising model.
        """
        _check(model)
        return cls(model, classes(model.bonds, symmetries(model.rows, model.columns, model.periodic)))

    @classmethod
    def symmetric(cls, model: IsingModel) -> Self:
        """Return the state with a coupling for each class of all pairs.

        Raises
        ------
        InputError
            If the model is no Ising model.
        """
        _check(model)
        pairs = combinations(range(model.sites), 2)
        return cls(model, classes(pairs, symmetries(model.rows, model.columns, model.periodic)))

    def energy(self, parameters: Real) -> float:
        """Return the exact energy of couplings, shape (classes,).

        Raises
        ------
        OutOfReach
            If 2^(N-1) configurations do not fit in memory.
        """
        return self._energy(np.asarray(parameters, dtype=float), *self._tables())[0]

    def optimize(self) -> OptimizedJastrow:
        """Return the couplings of least energy, by exact gradients (BFGS from 0).

        Raises
        ------
        OutOfReach
            If 2^(N-1) configurations do not fit in memory.
        """
        from scipy.optimize import minimize

        tables = self._tables()
        size = abs(self.model.ground_energy())
        found = minimize(
            lambda couplings: tuple(part / size for part in self._energy(couplings, *tables)),
            np.zeros(len(self.pairs)),
            jac=True,
            method="BFGS",
            options={"gtol": 1e-10},
        )
        return OptimizedJastrow(float(found.fun) * size, found.x)

    def _tables(self) -> tuple[Real, Real]:
        """Return sums of s_i s_j of each class, shape (classes, 2^(N-1)), and energies of products of Z.

        The states do not change when all spins are flipped, so that those with the last spin up suffice.
        """
        free = self.model.sites - 1
        require_memory(
            8 * (len(self.pairs) + self.model.sites + 8) << free,
            f"A Jastrow state of {self.model.sites} spins",
            "take fewer sites",
        )
        states = np.arange(1 << free)
        sums = np.zeros((len(self.pairs), len(states)))
        for place, members in enumerate(self.pairs):
            for pair in members:
                sums[place] += spins_of(np.bitwise_count(states & bits_of(pair)) & 1, 1)[:, 0]
        return sums, self.model.diagonal(free)

    def _energy(self, couplings: Real, sums: Real, diagonal: Real) -> tuple[float, Real]:
        """Return the energy and its gradient, 2 cov(sums, E_loc)."""
        logs = couplings @ sums
        psi = np.exp(logs - logs.max())
        psi /= np.linalg.norm(psi)
        applied, free = diagonal * psi, self.model.sites - 1
        numbers, last = np.arange(len(psi)), len(psi) - 1
        for (site,) in self.model.flips:
            # Where the last site is flipped, so are all others: the half that is kept has it up.
            applied -= self.model.strength * psi[numbers ^ (1 << site if site < free else last)]
        energy = float(psi @ applied)
        return energy, 2.0 * (sums @ (psi * applied) - energy * (sums @ psi**2))


def _check(model: object) -> None:
    if not isinstance(model, IsingModel):
        raise InputError(f"{model!r} has no classes of pairs of sites; a Jastrow state is of an IsingModel.")
