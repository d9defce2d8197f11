"""Hidden nodes (a, b) of a network over Z_P."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import as_numbers
from problems.errors import InputError
from problems.showing import Shows

__all__ = ["Nodes", "check_are_nodes"]


@dataclass(frozen=True, eq=False, repr=False)
class Nodes(Shows):
    """A list of hidden nodes: the neuron x -> g(a.x - b mod P) for each row.

    Attributes
    ----------
    a
        Weights, shape (n, D), whole numbers 0..P-1.
    b
        Biases, shape (n,), whole numbers 0..P-1.
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]

    def __post_init__(self) -> None:
        # One number type, so that arithmetic on small integer types never wraps around.
        for name in ("a", "b"):
            object.__setattr__(self, name, _whole(name, getattr(self, name)))
        if self.a.ndim != 2 or self.b.shape != (len(self.a),):
            raise InputError(
                f"Nodes need a of shape (n, D) and b of shape (n,); got {self.a.shape} and {self.b.shape}."
            )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Nodes):
            return NotImplemented
        return np.array_equal(self.a, other.a) and np.array_equal(self.b, other.b)

    def _facts(self) -> Mapping[str, object]:
        return {"nodes": len(self), "D": self.dimension}

    def __len__(self) -> int:
        return len(self.b)

    def __getitem__(self, rows: slice | NDArray) -> Self:
        return type(self)(self.a[rows], self.b[rows])

    @property
    def dimension(self) -> int:
        """The data dimension D."""
        return self.a.shape[1]

    @classmethod
    def concatenate(cls, parts: Iterable[Self]) -> Self:
        """Join lists of nodes of one dimension, in order."""
        parts = list(parts)
        return cls(np.concatenate([part.a for part in parts]), np.concatenate([part.b for part in parts]))

    def index(self, prime: int) -> NDArray[np.int64]:
        """Return the number of each node among all P^(D+1), a_1 counting most and b least: shape (n,).

        Raises
        ------
        InputError
            If there are 2^63 nodes or more.
        """
        _check_enumerable(prime, self.dimension)
        number = np.zeros(len(self), dtype=np.int64)
        for column in (*self.a.T, self.b):
            number = number * prime + column
        return number

    @classmethod
    def from_index(cls, number: NDArray[np.int64], prime: int, dimension: int) -> Self:
        """Return the nodes with these numbers; the inverse of `index`."""
        _check_enumerable(prime, dimension)
        digits = np.empty((len(number), dimension + 1), dtype=np.int64)
        for j in range(dimension, -1, -1):
            number, digits[:, j] = np.divmod(number, prime)
        return cls(digits[:, :-1].copy(), digits[:, -1].copy())

    def save(self, path: Path) -> None:
        """Write the nodes to an npz file (no pickle), compressed."""
        np.savez_compressed(path, a=self.a, b=self.b)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read nodes that `save` wrote."""
        with np.load(path, allow_pickle=False) as file:
            return cls(file["a"], file["b"])


def check_are_nodes(nodes: object) -> Nodes:
    """Return nodes, or refuse what is none.

    Raises
    ------
    InputError
        If it is no `Nodes`.
    """
    if not isinstance(nodes, Nodes):
        raise InputError(f"Nodes are needed, not {type(nodes).__name__}; make them with Nodes(a, b).")
    return nodes


def _check_enumerable(prime: int, dimension: int) -> None:
    if prime ** (dimension + 1) >= 2**63:
        raise InputError(
            f"{prime}^{dimension + 1} nodes cannot be numbered in 64 bits; enumerate only small dimensions."
        )


def _whole(name: str, values: ArrayLike) -> NDArray[np.int64]:
    array = as_numbers(f"nodes.{name}", values)
    whole = array.dtype.kind in "iu" or (
        array.dtype.kind == "f" and np.all((np.floor(array) == array) & (abs(array) < 2**53))
    )
    if not whole:
        raise InputError(f"nodes.{name} holds {array.dtype} entries that are no whole numbers; give digits 0..P-1.")
    return array.astype(np.int64, copy=False)
