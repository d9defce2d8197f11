"""Kitaev's toric code on a periodic rectangle, a spin on each edge."""

from dataclasses import dataclass
from functools import cached_property

from problems.errors import whole_number
from problems.ground_states.configurations import bits_of
from problems.ground_states.spin_model import Sites, SpinModel

__all__ = ["ToricCode"]


@dataclass(frozen=True)
class ToricCode(SpinModel):
    """H = - sum over stars XXXX - sum over plaquettes ZZZZ.

    Vertex (x, y) has the edge h(x, y) = columns x + y to (x + 1, y), and v(x, y) = rows columns + columns x + y to
    (x, y + 1); x is taken modulo rows, y modulo columns.

    Attributes
    ----------
    rows, columns
        Of the torus, at least 2 each: at length 1 an edge would meet itself.

    Raises
    ------
    InputError
        If a length is no whole number of at least 2.

    Examples
    --------
    >>> code = ToricCode(3, 3)
    >>> code.sites, code.ground_energy(), code.degeneracy, code.plateau()
    (18, -18.0, 4, 0.5)
    """

    rows: int
    columns: int
    strength = 1.0

    def __post_init__(self) -> None:
        for name in ("rows", "columns"):
            object.__setattr__(self, name, whole_number(name, getattr(self, name), 2))

    @property
    def sites(self) -> int:
        """The number of spins, one an edge: 2 rows columns."""
        return 2 * self.rows * self.columns

    @cached_property
    def stars(self) -> tuple[Sites, ...]:
        """The sites of each vertex (x, y), row by row: h(x, y), h(x - 1, y), v(x, y), v(x, y - 1)."""
        return tuple((self._h(x, y), self._h(x - 1, y), self._v(x, y), self._v(x, y - 1)) for x, y in self._vertices())

    @cached_property
    def plaquettes(self) -> tuple[Sites, ...]:
        """The sites of each face, row by row: h(x, y), h(x, y + 1), v(x, y), v(x + 1, y)."""
        return tuple((self._h(x, y), self._h(x, y + 1), self._v(x, y), self._v(x + 1, y)) for x, y in self._vertices())

    @property
    def products(self) -> tuple[Sites, ...]:  # type: ignore[override]
        """The plaquettes."""
        return self.plaquettes

    @property
    def flips(self) -> tuple[Sites, ...]:  # type: ignore[override]
        """The stars."""
        return self.stars

    @cached_property
    def degeneracy(self) -> int:
        """2^(N - rank of the stabilizers): 4 on a torus. Iterative eigensolvers may miss copies."""
        rank = sum(_rank([bits_of(sites) for sites in group]) for group in (self.stars, self.plaquettes))
        return 1 << (self.sites - rank)

    def ground_energy(self) -> float:
        """Return -2 rows columns: all stabilizers are +1 at once."""
        return -float(len(self.stars) + len(self.plaquettes))

    def gap(self) -> float:
        """Return 4: the product of all stars is 1, so that two of them break at once, and so for plaquettes."""
        return 4.0

    def _vertices(self) -> list[tuple[int, int]]:
        return [(x, y) for x in range(self.rows) for y in range(self.columns)]

    def _h(self, x: int, y: int) -> int:
        return self.columns * (x % self.rows) + y % self.columns

    def _v(self, x: int, y: int) -> int:
        return self.rows * self.columns + self._h(x, y)


def _rank(vectors: list[int]) -> int:
    """Return the rank of vectors over the field of two elements, each a number whose bits are its entries."""
    basis: list[int] = []
    for vector in vectors:
        for known in basis:
            vector = min(vector, vector ^ known)
        if vector:
            basis.append(vector)
    return len(basis)
