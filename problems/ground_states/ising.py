"""The transverse-field Ising model on a rectangle, with open or periodic borders."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from problems.errors import InputError, non_negative, whole_number, yes_or_no
from problems.ground_states.lattice import bonds_of
from problems.ground_states.lowest import lowest_of_sector
from problems.ground_states.spin_model import Sites, SpinModel

__all__ = ["CRITICAL_FIELD", "IsingModel"]

CRITICAL_FIELD = 3.04438
"""The field at which the infinite square lattice orders."""


@dataclass(frozen=True)
class IsingModel(SpinModel):
    """H = - sum over bonds Z_i Z_j - field * sum X_i.

    Attributes
    ----------
    rows, columns
        Of the lattice; site r * columns + c stands in row r and column c.
    field
        kappa >= 0.
    periodic
        Whether opposite borders are neighbors; a bond that occurs twice, at length 2, counts once.

    Raises
    ------
    InputError
        If a length is no whole number of at least 1, there are fewer than 2 sites, or the field is negative or not
        finite.

    Examples
    --------
    >>> model = IsingModel(3, 3, CRITICAL_FIELD)
    >>> len(model.bonds), round(model.ground_energy(), 9), round(model.plateau(), 6)
    (12, -28.455559568, 0.037115)
    """

    rows: int
    columns: int
    field: float
    periodic: bool = False

    def __post_init__(self) -> None:
        for name in ("rows", "columns"):
            object.__setattr__(self, name, whole_number(name, getattr(self, name), 1))
        object.__setattr__(self, "field", non_negative("field", self.field))
        yes_or_no("periodic", self.periodic)
        if self.sites < 2:
            raise InputError("A lattice of 1 x 1 has no bond; give at least 2 sites.")

    @property
    def sites(self) -> int:
        """The number of spins N."""
        return self.rows * self.columns

    @cached_property
    def bonds(self) -> tuple[tuple[int, int], ...]:
        """Pairs of neighbors: horizontal ones row by row, then vertical ones row by row."""
        return bonds_of(self.rows, self.columns, self.periodic)

    @property
    def products(self) -> tuple[Sites, ...]:  # type: ignore[override]
        """The bonds."""
        return self.bonds

    @property
    def flips(self) -> tuple[Sites, ...]:  # type: ignore[override]
        """Each site alone."""
        return tuple((site,) for site in range(self.sites))

    @property
    def strength(self) -> float:  # type: ignore[override]
        """The field."""
        return self.field

    def _facts(self) -> Mapping[str, object]:
        told = {"lattice": f"{self.rows} x {self.columns}", "borders": "joined" if self.periodic else "open"}
        return {**told, "spins": self.sites, "bonds": len(self.bonds), "field": float(self.field)}

    @property
    def degeneracy(self) -> int:
        """1, by Perron and Frobenius; without a field 2, all spins up and all down."""
        return 1 if self.field else 2

    @cached_property
    def _even(self) -> np.ndarray:
        return lowest_of_sector(self, 1, 2)

    def ground_energy(self) -> float:
        """Return E0 by exact diagonalization in the half of the space that is even under flipping all spins.

        Raises
        ------
        OutOfReach
            If its vectors do not fit in memory.
        """
        return float(self._even[0])

    def gap(self) -> float:
        """Return E1 - E0, of both sectors of the global flip; without a field the next energy above both ground states.

        Raises
        ------
        OutOfReach
            If its vectors do not fit in memory.
        """
        if not self.field:
            energies = np.unique(self.diagonal(self.sites - 1))
            return float(energies[1] - energies[0]) if len(energies) > 1 else math.inf
        odd = lowest_of_sector(self, -1, 1)
        return float(min(odd[0], *self._even[1:]) - self._even[0])
